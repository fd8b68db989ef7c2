"""Old addresses to current ones: the keys `renamed` and `retired`, and what can be wrong with them.

An address is the path of a feed without `.ics`: `icms`, `icms/sea-manifest`, `outages`, `all-reminders`.
feed/addresses.py decides what becomes of the addresses that were published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from icms_calendar.findings import Finding, Suggestions, found

if TYPE_CHECKING:
    from icms_calendar.record.fields import Service, System
    from icms_calendar.record.model import MaintenanceCalendar

ALL = "all"  # the feed of every window, and the ledger of the next build
REMINDERS = "-reminders"


def renamed_address(address: str, renamed: Mapping[str, str], known: dict[str, str] | None = None) -> str:
    """The current address of one that was renamed, however often.

    A system takes its services and reminders along; an address with its own line follows that line. `known` holds the
    answers to earlier questions.
    """
    known = {} if known is None else known
    seen: dict[str, None] = {}
    while address not in seen and address not in known:  # a circle is a finding, and ends here
        seen[address] = None
        address = _renamed_once(address, renamed)
    address = known.get(address, address)
    known.update(dict.fromkeys(seen, address))
    return address


def addresses_in_use(calendar: MaintenanceCalendar) -> set[str]:
    """The addresses that the records of a calendar define."""
    used = {ALL, *(feed.id for feed in calendar.feeds), *(id_ for id_, *_ in objects_of(calendar))}
    return used | {f"{address}{REMINDERS}" for address in used} if calendar.reminders else used


def objects_of(calendar: MaintenanceCalendar) -> Iterator[tuple[str, System, Service | None]]:
    """What windows can affect, by its address: each system, and then its services."""
    for system in calendar.systems_by_id.values():
        yield system.id, system, None
        for service in system.services:
            yield f"{system.id}/{service.id}", system, service


def address_findings(calendar: MaintenanceCalendar) -> Iterator[Finding]:
    """Findings for old addresses that are in use again, or that lead to nothing, as a circle does."""
    if not calendar.renamed and not calendar.retired:
        return
    used = addresses_in_use(calendar)
    known: dict[str, str] = {}
    suggested = Suggestions(lambda: used)
    for old in calendar.renamed:
        path = ("renamed", old)
        new = renamed_address(old, calendar.renamed, known)
        if old in used:
            yield found("old-address-in-use", path, key="renamed", old=old)
        elif new not in used and new not in calendar.retired:
            yield found("renamed-to-nothing", path, old=old, new=new, hint=suggested.of(new))
    for i, old in enumerate(calendar.retired):
        if old in used or old in calendar.languages:
            yield found("old-address-in-use", ("retired", i), key="retired", old=old)


def _renamed_once(address: str, renamed: Mapping[str, str]) -> str:
    if address in renamed:
        return renamed[address]
    if address.endswith(REMINDERS):
        base = address.removesuffix(REMINDERS)
        new = _renamed_once(base, renamed)
        return address if new == base else f"{new}{REMINDERS}"
    system, slash, service = address.partition("/")
    new = renamed.get(system, "")
    return f"{new}/{service}" if slash and new and "/" not in new else address
