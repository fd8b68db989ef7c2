"""Whether a site is alive, from its status.json: the age of its last build, and whether its files are intact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from icms_calendar.feed.addresses import SiteStatus, read_status
from icms_calendar.feed.ledger import file_of
from icms_calendar.fetch import fetch_input, is_address
from icms_calendar.findings import Finding, SourceError, found
from icms_calendar.record.words import duration
from icms_calendar.site.publish import listed_files
from icms_calendar.source.files import STATUS_PATH

CLOCK_TOLERANCE = timedelta(minutes=5)  # how much two clocks may differ


def check_site(site: str, now: datetime, max_age: timedelta | None = None) -> tuple[SiteStatus, tuple[Finding, ...]]:
    """What a site in a folder, or served at an http(s) URL, says of itself, and what is wrong with it.

    A build older than `max_age` is a finding; in a folder, so is a file that is missing or was changed.
    Raises SourceError if no status.json of icms-calendar can be read.
    """
    status = status_of(site, now)
    findings = list(age_findings(site, status, now, max_age))
    if not is_address(site):
        ours = listed_files(Path(site))
        damage = (_damage(site, path, status.digests[path]) for path in sorted(status.digests) if path in ours)
        findings += (finding for finding in damage if finding)
    return status, tuple(findings)


def status_of(site: str, now: datetime) -> SiteStatus:
    """The status.json of a site in a folder or at an http(s) URL. Raises SourceError if there is none."""
    place = file_of(site, STATUS_PATH)
    status = read_status(fetch_input(place, now))
    if status is None:
        reason = "it is not a status.json of icms-calendar"
        raise SourceError([replace(found("unreadable", reason=reason), file=place)])
    return status


def age_findings(site: str, status: SiteStatus, now: datetime, max_age: timedelta | None) -> Iterator[Finding]:
    """A finding if the last build of a site is older than `max_age`, or is in the future."""
    if status.generated_at - now.astimezone(UTC) > CLOCK_TOLERANCE:
        yield replace(found("built-in-future", built=f"{status.generated_at:%Y-%m-%d %H:%M} UTC"), file=site)
    age = max(now.astimezone(UTC) - status.generated_at, timedelta(0))
    if max_age is not None and age > max_age:
        unit = timedelta(minutes=1) if age >= timedelta(minutes=1) else timedelta(seconds=1)
        told = {"age": duration(age // unit * unit), "limit": duration(max_age)}
        yield replace(found("site-stale", **told), file=site)


def _damage(site: str, path: str, digest: str) -> Finding | None:
    place = Path(site) / path
    try:
        if sha256(place.read_bytes()).hexdigest() == digest:
            return None
        reason = "is not as it was built"
    except OSError as error:
        reason = f"cannot be read ({(error.strerror or str(error)).lower()})"
    return replace(found("site-damaged", reason=reason), file=str(place))
