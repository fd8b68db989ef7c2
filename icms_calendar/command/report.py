"""Checks, builds, changes, answers and windows to text, JSON, Markdown and CSV.

How findings look, and the exit code that follows from them, is decided in output.py.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from icms_calendar.catalogue import Rule, Severity
from icms_calendar.command.output import findings_in, json_text, say
from icms_calendar.feed.addresses import AddressChanges, feeds_in
from icms_calendar.findings import Finding, as_table, without_secrets
from icms_calendar.record.labels import CHANGE_WORDS, IMPACT_WORDS
from icms_calendar.record.words import duration, local_span, moment, span
from icms_calendar.record.zones import Zone, duration_text, utc_time, zone_named

if TYPE_CHECKING:
    from icms_calendar.command.places import Report
    from icms_calendar.feed.changes import Change, Changes
    from icms_calendar.record.recurrence import Occurrence
    from icms_calendar.schedule.inquiry import Answer
    from icms_calendar.site.publish import Published

ChangeFormat = Literal["text", "json", "markdown"]
AnswerFormat = Literal["text", "json"]
ListFormat = Literal["table", "json", "csv"]

_COLUMNS = ("ID", "START", "END", "STATUS", "IMPACT", "TITLE")
_LEAST_TITLE = 12  # columns; a terminal with less room breaks the lines


def report_in_words(report: Report) -> str:
    """Sum up the check of a place: which addresses a build would change, and on the last line the findings.

    That line is `calendar.yaml: 3 errors, 1 warning`, or the number of things that are right.
    """
    counts = [(sum(1 + each.more for each in report.findings if each.severity is one), one) for one in Severity]
    told = [_counted(number, severity) for number, severity in counts if number]
    if report.ignored:
        told.append(f"{report.ignored} ignored")
    holds = _counted(report.number, {"records": "window", "feed": "event", "site": "file"}[report.kind])
    if report.built_at is not None:
        told = [f"built {report.built_at:%Y-%m-%d %H:%M} UTC", holds, *(told or ["nothing wrong"])]
    told = told or [holds, "nothing wrong"]
    others = f". Not records, so not read: {_first(report.skipped)}" if report.skipped else ""
    addresses = "".join(f"{table['text']}\n" for table in _address_tables(report.addresses))
    return f"{addresses}{without_secrets(report.place)}: {', '.join(told)}{others}"


def site_in_words(folder: Path, windows: int, published: Published) -> str:
    """What a build did, for the person who ran it."""
    feeds = feeds_in((*published.written, *published.unchanged))
    counts = {what: len(getattr(published, what)) for what in ("written", "unchanged", "removed")}
    done = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return (
        f"{folder}: {_counted(windows, 'window')} in {_counted(len(feeds), 'feed')}. Files: {done}.\n"
        f"Open {folder / 'index.html'} to check it; upload {folder}/ to publish it.\n"
    )


def check_of_site_in_words(folder: Path, changed: Sequence[str], gone: Sequence[str]) -> str:
    """Whether a build would change anything, and which files."""
    files = [*(f"{path} would be written" for path in changed), *(f"{path} would be removed" for path in gone)]
    return f"{folder}: {_first(files) or 'nothing would change'}."


def _first(names: Sequence[str]) -> str:
    """The first five names, and how many there are beside them."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def changes_in(form: ChangeFormat, changes: Changes, *, most: int | None = None) -> str:
    """What changed for subscribers, fit to be pasted into a message; of `most` windows and addresses only, if given.

    The JSON is one list: the changes of windows, then those of addresses, then what would stop the build.
    """
    news = [*map(_change_table, changes.windows), *_address_tables(changes.addresses)]
    stops = [
        {"kind": "stops-build", **as_table(each), "text": f"The build would stop: {each}"} for each in changes.stops
    ]
    if form == "json":
        return json_text([*news, *stops])
    write = _in_markdown if form == "markdown" else "{}\n".format
    shown = [write(str(each["text"])) for each in news[:most]]
    text = "".join(shown) or "Nothing has changed.\n"
    if len(shown) < len(news):
        text += f"… and {len(news) - len(shown)} more.\n"
    return text + "".join(write(str(each["text"])) for each in stops)


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


def answer_in(form: AnswerFormat, answer: Answer, zone: str | None = None) -> str:
    """Whether something is up, in a format; times in the windows' zones, and in the reader's `zone`."""
    if form == "json":
        return json_text(_answer_table(answer, zone))
    return "\n".join([*_answer_in_words(answer, zone), ""])


def no_answer_in(form: AnswerFormat, findings: Sequence[Finding]) -> str:
    """That it is not known whether something is up, and why."""
    if form == "json":
        return json_text({"state": "unknown", "findings": [as_table(finding) for finding in findings]})
    return "Not known:\n" + findings_in("text", findings)


def windows_in(
    form: ListFormat, occurrences: Sequence[Occurrence], zone: str | None = None, width: int | None = None
) -> str:
    """Occurrences as a table, as JSON or as CSV; local times in their zones, or in `zone`.

    Titles of the table are cut so that it fits into `width` columns, for a terminal.
    """
    if form == "json":
        return json_text([_occurrence_table(each, zone) for each in occurrences])
    if form == "csv":
        return _windows_in_csv(occurrences, zone)
    return _windows_in_columns(occurrences, zone, width)


def rules_in_words(rules: Iterable[Rule]) -> str:
    """All rules of the catalogue, one a line."""
    return "".join(f"{rule.code}  {rule.severity:7}  {rule.name}\n" for rule in sorted(rules, key=lambda r: r.code))


def rule_in_words(rule: Rule, width: int = 80) -> str:
    """A rule of the catalogue, as `explain` prints it."""
    replaced = f"Replaces: {', '.join(rule.retires)}" if rule.retires else ""
    meaning, why, source, replaced = (
        textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)
        for text in (rule.meaning, rule.why, f"Source: {rule.source}", replaced)
    )
    wrong, right = (textwrap.indent(text.rstrip("\n"), "    ") for text in (rule.wrong, rule.right))
    head = f"{rule.code} {rule.name} ({rule.severity})\n\n{meaning}\n\n{why}\n\n"
    return f"{head}Wrong:\n{wrong}\n\nRight:\n{right}\n\n{source}\n{replaced}".rstrip("\n") + "\n"


def _answer_in_words(answer: Answer, zone: str | None) -> Iterator[str]:
    length = "" if answer.length is None else f" for {duration(answer.length)}"
    at = _in_both_zones(answer.at, answer.timezone, zone)
    if answer.active:
        yield f"Under maintenance on {at}."
    elif answer.coming:
        yield f"Up on {at}, but not{length} from then on."
    else:
        yield f"Up on {at}, and{length} from then on." if length else f"Up on {at}."
    for occurrence in (*answer.active, *answer.coming):
        yield from _occurrence_in_words("", occurrence, zone)
    if not answer.is_up:
        yield from _end_in_words(answer, length, zone)
    if answer.next is None:
        edge = f" until {_in_both_zones(answer.known_until)}" if answer.known_until else ""
        yield f"No other window is known{edge}."
    elif answer.next not in answer.coming:
        yield from _occurrence_in_words("Next: ", answer.next, zone)


def _end_in_words(answer: Answer, length: str, zone: str | None) -> Iterator[str]:
    """How long it is down, if several windows make that, and from when on it is free for a length."""
    if answer.since and answer.until and len(answer.active) + len(answer.coming) > 1:
        since, until = (_in_both_zones(when, answer.timezone, zone) for when in (answer.since, answer.until))
        yield f"Without a break from {since} to {until}."
    if answer.free_from:
        yield f"Free{length} from {_in_both_zones(answer.free_from, answer.timezone, zone)}."
    elif answer.known_until:
        yield f"Not free{length} as far as is known, until {_in_both_zones(answer.known_until)}."


def _occurrence_in_words(head: str, occurrence: Occurrence, zone: str | None) -> Iterator[str]:
    window, own = occurrence.window, _clock(occurrence, None)
    yield f"{head}{_title(occurrence)}{' (tentative)' if window.status == 'tentative' else ''}"
    yield f"  {span(occurrence.start, occurrence.end, own, all_day=window.all_day)}"
    if zone is not None and zone != own.name:
        yield f"  {local_span(occurrence.start, occurrence.end, zone_named(zone))[0]} in {zone}"


def _clock(occurrence: Occurrence, zone: str | None) -> Zone:
    """The clock of a window, or the reader's."""
    return zone_named(zone or occurrence.window.timezone or "UTC")


def _title(occurrence: Occurrence) -> str:
    return " ".join((occurrence.window.title or occurrence.window.id).split())


def _in_both_zones(instant: datetime, timezone: str = "UTC", zone: str | None = None) -> str:
    """`Sunday 13 July 2025, 05:00 EAT`, and the same in the reader's zone."""
    text = moment(instant, zone_named(timezone))
    return text if zone in (None, timezone) else f"{text} ({moment(instant, zone_named(zone or 'UTC'))})"


def _answer_table(answer: Answer, zone: str | None) -> dict[str, object]:
    instants = ("since", "until", "free_from", "known_until")
    return {
        "state": "up" if answer.is_up else "maintenance",
        "at": utc_time(answer.at),
        "for": answer.length and duration_text(answer.length),
        **{name: (at := getattr(answer, name)) and utc_time(at) for name in instants},
        "active": [_occurrence_table(each, zone) for each in answer.active],
        "coming": [_occurrence_table(each, zone) for each in answer.coming],
        "next": answer.next and _occurrence_table(answer.next, zone),
        "findings": [as_table(finding) for finding in answer.findings],
    }


def _occurrence_table(occurrence: Occurrence, zone: str | None) -> dict[str, object]:
    window, clock = occurrence.window, _clock(occurrence, zone)
    return {
        "id": window.id,
        "title": window.title,
        "status": window.status,
        "impact": window.impact,
        "start": utc_time(occurrence.start),
        "end": utc_time(occurrence.end),
        "start_local": clock.wall(occurrence.start)[0].isoformat(),
        "end_local": clock.wall(occurrence.end)[0].isoformat(),
        "timezone": clock.name,
        "systems": list(window.system_ids),
        "uid": occurrence.uid,
    }


def _windows_in_csv(occurrences: Sequence[Occurrence], zone: str | None) -> str:
    """The tables of occurrences as rows, in the columns of a site; local times as spreadsheets read them."""
    from icms_calendar.site.data import CSV_COLUMNS, csv_text

    columns, rows = (*CSV_COLUMNS[:10], "uid"), []
    for occurrence in occurrences:
        table = _occurrence_table(occurrence, zone) | {"systems": ";".join(occurrence.window.system_ids)}
        local = {name: str(table[name]).replace("T", " ") for name in ("start_local", "end_local")}
        rows.append([str((table | local)[name]) for name in columns])
    return csv_text([columns, *rows])


def _windows_in_columns(occurrences: Sequence[Occurrence], zone: str | None, width: int | None) -> str:
    rows = [_COLUMNS, *(_columns_of(each, zone) for each in occurrences)]
    if len(rows) == 1:
        return "No windows.\n"
    *widths, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    room = max(width - sum(widths) - 2 * len(widths), _LEAST_TITLE) if width else None
    lines = []
    for *cells, title in rows:
        padded = [cell.ljust(columns) for cell, columns in zip(cells, widths, strict=True)]
        shown = title if room is None or len(title) <= room else f"{title[: room - 1]}…"
        lines.append("  ".join([*padded, shown]).rstrip() + "\n")
    return "".join(lines)


def _columns_of(occurrence: Occurrence, zone: str | None) -> tuple[str, ...]:
    window, clock = occurrence.window, _clock(occurrence, zone)
    (start, _), (end, letters) = clock.wall(occurrence.start), clock.wall(occurrence.end)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    impact = {"reduced-redundancy": "reduced"}.get(window.impact, window.impact)
    return window.id, f"{start:%Y-%m-%d %H:%M}", f"{until} {letters}", window.status, impact, _title(occurrence)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _change_in_words(change: Change) -> str:
    """What happened, and when it is now; with when it was, where that is another time."""
    zone = zone_named(change.timezone)
    spans = [span(state.start, state.end, zone) for state in (change.before, change.after) if state]
    head = CHANGE_WORDS[change.after.status if change.kind == "status" and change.after else change.kind]
    times = [f"from {spans[0]}", f"to {spans[1]}"] if len(spans) == 2 and spans[0] != spans[1] else [spans[-1]]
    return "\n  ".join([f"{head}: {' '.join(change.title.split())}", *times, *_other_differences(change)])


def _in_markdown(text: str) -> str:
    """A change as an item of a list: what happened in bold, and nothing of the title as Markdown."""
    first, *lines = text.split("\n")
    head, _, rest = first.partition(": ")
    escaped = re.sub(r"([\\`*_{}\[\]<>()#+!|~-])", r"\\\1", rest)
    return "  \n".join([f"- **{head}:** {escaped}", *lines]) + "\n"


def _address_tables(changes: AddressChanges) -> Iterator[dict[str, object]]:
    """Which feeds and pages appear, move and go."""
    moved = {old: new for old, new in changes.moved.items() if new in changes.added}
    words = {
        "address-added": ("New address: {}", [path for path in changes.added if path not in moved.values()]),
        "address-moved": ("Moved address: {} now serves {}", moved),
        "address-retired": ("Retired address: {}", changes.retired),
        "address-gone": ("Address that would be gone: {}", changes.gone),
    }
    for kind, (text, paths) in words.items():
        for path in paths:
            now = moved.get(path)
            yield {"kind": kind, "address": path, "now": now, "text": text.format(path, now)}


def _other_differences(change: Change) -> Iterator[str]:
    """What differs beside the time: impact, what is affected, and which texts."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    words = IMPACT_WORDS["en"]
    if before.impact != after.impact:
        yield f"impact: {words.get(before.impact, before.impact)}, now {words.get(after.impact, after.impact)}"
    differences = {
        "also affects": [each.name for each in change.also_affects],
        "no longer affects": [each.name for each in change.no_longer_affects],
        "no longer in": change.left,
        "changed:": change.reworded if change.kind == "reworded" else (),
    }
    yield from (f"{what} {', '.join(names)}" for what, names in differences.items() if names)


def _change_table(change: Change) -> dict[str, object]:
    states = {"before": change.before, "after": change.after}
    shown = {
        name: state
        and {
            "start": utc_time(state.start),
            "end": utc_time(state.end),
            "status": state.status,
            "impact": state.impact or None,
            "affected": [each.id for each in state.affected],
        }
        for name, state in states.items()
    }
    return {
        "kind": change.kind,
        "id": change.window_id,
        "uid": change.uid,
        "title": change.title,
        **shown,
        "reworded": list(change.reworded),
        "no_longer_in": list(change.left),
        "text": _change_in_words(change),
    }
