"""What commands say on standard error: findings, changes and internal errors, and the exit code that follows."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icms_calendar.command.options import default_format
from icms_calendar.command.output import say
from icms_calendar.command.report import ExitCode, Format, changes_in, exit_code, findings_in
from icms_calendar.findings import Finding

if TYPE_CHECKING:
    from icms_calendar.feed.changes import Changes


def tell(findings: Sequence[Finding], form: Format | None = None, *, strict: bool = True) -> ExitCode:
    """Print findings to standard error, and give the exit code that follows."""
    form = form or default_format()
    say(findings_in(form, findings), prose=form == "text")
    return exit_code(findings, strict=strict)


def tell_rewording(changes: Changes) -> None:
    """Say that events of version 0.1.0 get another wording, if they do."""
    if changes.is_reworded:
        say(
            "The previous feed was written by version 0.1.0. Its events get the wording of this version; "
            "subscribers do not see that as a change."
        )


def tell_changes(changes: Changes) -> None:
    """Print what changed for subscribers; in GitHub Actions, add it to the summary of the step."""
    tell_rewording(changes)
    say(changes_in("text", changes, most=20))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(changes_in("markdown", changes, most=200))
        except OSError as error:
            say(f"The summary of the step could not be written: {error}")


def tell_internal_error(error: Exception) -> ExitCode:
    """Report a bug in icms-calendar, with its place."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    say(
        f"icms-calendar: internal error: a bug in icms-calendar, not in your input: "
        f"{type(error).__name__}: {error} ({place})"
    )
    say("No file was left half written. Please report the command and the records that led to this.")
    return ExitCode.FAULT_OF_OURS
