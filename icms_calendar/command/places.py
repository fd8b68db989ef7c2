"""Records, feeds and sites, wherever they are: what a place is, how commands open it, and what is wrong with it.

How a place is read, and which rules hold for it, is decided in its own room; questions about time, in schedule/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from icms_calendar.catalogue import Rule, Severity
from icms_calendar.feed.addresses import AddressChanges
from icms_calendar.feed.ledger import LEDGER_PATH, file_of
from icms_calendar.fetch import fetch, fetch_input, is_address
from icms_calendar.findings import CalendarError, Finding, SourceError, expect, found, without_secrets
from icms_calendar.local import STANDARD_INPUT, STANDARD_INPUT_NAME, UnreachableError
from icms_calendar.record.zones import aware

if TYPE_CHECKING:
    from icms_calendar.feed.changes import Changes
    from icms_calendar.schedule.inquiry import Feed, Records

Kind = Literal["records", "feed", "site"]
OUTPUT = "public"  # the folder that `build` builds into
FEED_SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Place:
    """What a name leads to; `data` is what was read of it already, for it may not be readable again."""

    name: str
    kind: Kind
    data: bytes | None = None

    @property
    def file(self) -> str:
        """The name in findings."""
        return STANDARD_INPUT_NAME if self.name == STANDARD_INPUT else self.name

    def contents(self, now: datetime, of_site: str = LEDGER_PATH) -> tuple[str, bytes]:
        """The bytes of the place, or of that file of a site, and their name in findings. Raises SourceError."""
        if self.data is not None:
            return self.file, self.data
        name = file_of(self.name, of_site) if self.kind == "site" else self.name
        return name, fetch_input(name, now)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check: what the place is, how much it holds, and the findings.

    `number` counts the windows of records, the events of a feed or the files of a site; `built_at` is the time of a
    site's last build; `ignored` counts the findings that were left out; `skipped` names the files of other tools in a
    folder of records; `addresses` are the feeds and pages that a build would add, move or end.
    """

    place: str
    kind: Kind
    number: int = 0
    findings: tuple[Finding, ...] = ()
    built_at: datetime | None = None
    ignored: int = 0
    skipped: tuple[str, ...] = ()
    addresses: AddressChanges = field(default_factory=AddressChanges)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def without(self, rules: Collection[Rule]) -> Report:
        """Leave out the findings of some rules."""
        kept = tuple(finding for finding in self.findings if finding.rule not in rules)
        return replace(self, findings=kept, ignored=self.ignored + len(self.findings) - len(kept))


def place_of(name: str, now: datetime) -> Place:
    """Decide what a path, an address or `-` is: by its ending, else by its first octets.

    Raises SourceError (`unreadable`) for what cannot be read.
    """
    if is_address(name):
        return _at_address(name, now)
    if os.path.isdir(name):
        from icms_calendar.source.files import is_site

        return Place(name, "site" if is_site(Path(name)) else "records")
    data = fetch_input(name, now)
    if name.lower().endswith(FEED_SUFFIXES) or _is_feed(data):
        return Place(name, "feed", data)
    return Place(name, "records", None if Path(name).is_file() else data)


def opened(name: str, now: datetime, *, max_age: timedelta | None = None, zone: str | None = None) -> Records | Feed:
    """Open a place to be asked about time; `zone` is the reader's.

    Raises SourceError for what cannot be read, is damaged, or is older than `max_age`.
    """
    from icms_calendar.schedule.inquiry import Feed, Records, open_site
    from icms_calendar.source.files import open_source

    place = place_of(name, now)
    if place.kind == "site":
        return open_site(name, now, max_age, zone)
    if max_age is not None:
        question = {"asked": "when this was last built", "whom": "a site: its folder or address"}
        raise SourceError([replace(found("not-known", **question, question="--max-age"), file=place.file)])
    if place.kind == "records":
        return Records(open_source(name, place.data).answered())
    file, data = place.contents(now)
    return Feed(data, file, zone)


def difference(name: str, previous: str | None, now: datetime, *, first_build: bool = False) -> Changes:
    """What subscribers would see change from a previous feed or site to the records, the feed or the site at a place.

    Without `previous`, the site in `public` is meant, where there need not be one yet.
    """
    from icms_calendar.site.build import diff
    from icms_calendar.source.files import is_built, open_source

    place, before = place_of(name, now), previous or OUTPUT
    first_build = first_build or (previous is None and not is_built(Path(OUTPUT)))
    if place.kind != "records":
        return diff(place.contents(now)[1], before, now=now)
    records = open_source(name, place.data)
    changes = diff(records.calendar, before, now=now, first_build=first_build)
    return replace(changes, stops=records.placed(changes.stops))


def check(
    place: str | os.PathLike[str],
    *,
    now: datetime | None = None,
    previous: str | os.PathLike[str] | None = None,
    max_age: timedelta | None = None,
) -> Report:
    """Check records, a feed or a site: a file, a folder, an http(s) address, or `-`.

    `now` (aware; default: the clock) is the time of the check. `previous` is an earlier copy of a feed, or what was
    published of records: changes that break subscriptions are findings then. A site whose last build is older than
    `max_age` is a finding, and so is what cannot be read. Raises ValueError if `previous` or `max_age` is given for
    another kind of place.
    """
    expect(place, (str, os.PathLike), "place", "a path or an address; for the bytes of a feed, use check_feed")
    now = datetime.now(UTC) if now is None else aware(now, "now")
    name = os.fspath(place)
    try:
        there = place_of(name, now)
    except SourceError as error:
        return Report(name, "records", findings=error.findings)
    if previous is not None and there.kind == "site":
        raise ValueError(f"an earlier copy is for records or a feed; {without_secrets(name)} is a site")
    if max_age is not None and there.kind != "site":
        raise ValueError(f"an age limit is for a site; {without_secrets(name)} is not a site")
    earlier = None if previous is None else os.fspath(previous)
    try:
        if there.kind == "feed":
            return _of_feed(there, now, earlier)
        return _of_site(there, now, max_age) if there.kind == "site" else _of_records(there, now, earlier)
    except CalendarError as error:
        return Report(name, there.kind, findings=error.findings)


def check_feed(data: bytes, previous: bytes | None = None, *, name: str = "feed") -> Report:
    """Check the bytes of an .ics file, whoever wrote it.

    `previous` is an earlier copy of it; `name` is that of the feed in findings. Raises SourceError if the earlier copy
    is not iCalendar.
    """
    from icms_calendar.foreign.components import is_icalendar, what_it_is
    from icms_calendar.foreign.lint import lint

    expect(data, bytes, "data", "the bytes of an .ics file")
    if previous is not None and not is_icalendar(previous):
        raise SourceError([found("not-icalendar", reason=what_it_is(previous))])
    verdict = lint(data, previous)
    return Report(name, "feed", verdict.events, tuple(replace(finding, file=name) for finding in verdict.findings))


def _of_feed(place: Place, now: datetime, previous: str | None) -> Report:
    earlier = None if previous is None else place_of(previous, now).contents(now)[1]
    try:
        report = check_feed(place.contents(now)[1], earlier, name=place.file)
    except SourceError as error:  # of the earlier copy
        raise error.in_file(previous or place.file) from None
    served = _served(place.name) if is_address(place.name) else ()
    return replace(report, place=place.name, findings=(*report.findings, *served))


def _served(address: str) -> tuple[Finding, ...]:
    """How a feed is served; what does not answer any more was read a moment ago, and is not judged."""
    from icms_calendar.site.hosting import served_findings

    try:
        return served_findings(address)
    except UnreachableError as error:
        raise error.of_source(address) from None


def _of_site(place: Place, now: datetime, max_age: timedelta | None) -> Report:
    from icms_calendar.site.health import check_site

    status, findings = check_site(place.name, now, max_age)
    served = _served(file_of(place.name, LEDGER_PATH)) if is_address(place.name) else ()
    return Report(place.name, "site", len(status.digests), (*findings, *served), status.generated_at)


def _of_records(place: Place, now: datetime, previous: str | None) -> Report:
    from icms_calendar.site.build import diff
    from icms_calendar.source.files import check as check_source

    records = check_source(place.name, now, place.data)
    findings, addresses = records.findings, AddressChanges()
    if previous is not None:
        changes = diff(records.calendar, previous, now=now)
        # What stops the build because of a window is reported already, with its line.
        findings += (*changes.findings, *(finding for finding in changes.stops if not finding.path))
        addresses = changes.addresses
    number = len(records.calendar.windows)
    return Report(place.name, "records", number, findings, skipped=records.skipped, addresses=addresses)


def _at_address(name: str, now: datetime) -> Place:
    if re.split("[?#]", name, maxsplit=1)[0].lower().endswith((*FEED_SUFFIXES, ".json")):
        return Place(name, "feed", fetch_input(name, now))
    try:
        data = fetch(name, now)
    except UnreachableError as error:
        if not error.absent and "answered 403" not in error.reason:  # the folder of a site need not be listed
            raise error.of_source(name) from None
        data = b""
    return Place(name, "feed", data) if _is_feed(data) else Place(name, "site")


def _is_feed(data: bytes) -> bool:
    """Whether octets are iCalendar, or were meant to be."""
    return data[:64].removeprefix(_BYTE_ORDER_MARK).lstrip().upper().startswith(b"BEGIN:")
