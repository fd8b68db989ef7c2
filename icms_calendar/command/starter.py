"""The folder that `init` writes: it builds as it is, and its comments say what to change.

Its files are the templates starter-….yaml and .yml beside this one.
"""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import distribution
from pathlib import Path

from icms_calendar.findings import PublishError, fault, found
from icms_calendar.site.publish import write_file
from icms_calendar.source.schema import schema_text

_GITIGNORE = "# What `icms-calendar build` writes here; the workflow publishes its own build.\n/public/\n"


def write_starter(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Write the folder; its one window is on a Sunday about two weeks after `now`.

    Inside a git repository the workflow goes to the root of the repository, the only place where GitHub reads it.
    Raises PublishError, and writes nothing, if one of the files exists.
    """
    today = now.date()
    try:
        sunday = today + timedelta(days=14 + (6 - today.weekday()))
    except OverflowError:
        raise fault("instant-out-of-range", field="now", read=today.isoformat()) from None
    root = _repository_of(folder)
    contents = {
        folder / "calendar.yaml": _template("starter-calendar.yaml"),
        folder / "windows.yaml": _template("starter-windows.yaml").format(day=sunday, today=today),
        folder / ".schema.json": schema_text(),
        folder / ".gitignore": _GITIGNORE,
        folder / "requirements.txt": requirements(),
        root / ".github" / "workflows" / "calendar.yml": _workflow(Path(os.path.relpath(folder, root)).as_posix()),
    }
    if os.path.lexists(folder / ".gitignore"):  # most repositories have one; it is theirs
        del contents[folder / ".gitignore"]
    there = [Path(os.path.relpath(path, folder)).as_posix() for path in contents if os.path.lexists(path)]
    if there:
        raise PublishError([replace(found("folder-not-ours", files=", ".join(there), otherwise=""), file=str(folder))])
    for path, text in contents.items():
        write_file(path, text.encode())
    return tuple(contents)


def _repository_of(folder: Path) -> Path:
    """The root of the git repository that a folder is in, or the folder itself."""
    candidates = (folder, *folder.absolute().parents)
    return next((candidate for candidate in candidates if (candidate / ".git").exists()), folder)


def _template(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _workflow(source: str) -> str:
    text = _template("starter-workflow.yml")
    if source == ".":
        return text
    quoted = shlex.quote(source)
    return text.replace("build . ", f"build {quoted} ").replace("-r requirements.txt", f"-r {quoted}/requirements.txt")


def requirements() -> str:
    """The requirements.txt for CI: this version from the index, or the source it was installed from (PEP 610)."""
    installed = distribution("icms-calendar")
    text = installed.read_text("direct_url.json")
    if text is None:
        return f"# The version that wrote these files.\nicms-calendar=={installed.version}\n"
    origin = json.loads(text)
    url, vcs = origin["url"], origin.get("vcs_info")
    if vcs:
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    lines = [f"# icms-calendar {installed.version} was not installed from a package index, but from this source."]
    if url.startswith("file:"):
        lines += [
            "# Only this machine has it. For CI, write where the repository is, and a commit of it:",
            "# icms-calendar @ git+https://HOST/OWNER/icms_calendar@COMMIT",
        ]
    return "\n".join([*lines, f"icms-calendar @ {url}", ""])
