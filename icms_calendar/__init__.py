"""Maintenance windows as calendar events: the public names, each loaded when first used (PEP 562)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icms_calendar.catalogue import Severity
    from icms_calendar.command.places import Report, check, check_feed
    from icms_calendar.feed.changes import Change, Changes
    from icms_calendar.findings import CalendarError, Finding, LedgerError, PublishError, SourceError
    from icms_calendar.foreign.adopt import Source, import_ics
    from icms_calendar.notice.announce import announce
    from icms_calendar.notice.read import read_notice
    from icms_calendar.notice.reading import DraftWindow, Evidence, NoticeReading, Question
    from icms_calendar.record.fields import FeedSpec, Operator, Publisher, Service, System
    from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
    from icms_calendar.record.recurrence import Occurrence
    from icms_calendar.schedule.schedule import Schedule
    from icms_calendar.site.build import build_site, diff
    from icms_calendar.site.publish import Published

    __version__: str

_HOMES = {
    "catalogue": {"Severity"},
    "command.places": {"Report", "check", "check_feed"},
    "feed.changes": {"Change", "Changes"},
    "findings": {"CalendarError", "Finding", "LedgerError", "PublishError", "SourceError"},
    "foreign.adopt": {"Source", "import_ics"},
    "notice.announce": {"announce"},
    "notice.read": {"read_notice"},
    "notice.reading": {"DraftWindow", "Evidence", "NoticeReading", "Question"},
    "record.model": {"MaintenanceCalendar", "MaintenanceWindow"},
    "record.fields": {"FeedSpec", "Operator", "Publisher", "Service", "System"},
    "record.recurrence": {"Occurrence"},
    "schedule.schedule": {"Schedule"},
    "site.build": {"build_site", "diff"},
    "site.publish": {"Published"},
}

__all__ = [
    "CalendarError", "Change", "Changes", "DraftWindow", "Evidence", "FeedSpec", "Finding", "LedgerError",
    "MaintenanceCalendar", "MaintenanceWindow", "NoticeReading", "Occurrence", "Operator", "PublishError",
    "Published", "Publisher", "Question", "Report", "Schedule", "Service", "Severity", "Source", "SourceError",
    "System", "__version__", "announce", "build_site", "check", "check_feed", "diff", "import_ics", "read_notice",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("icms-calendar")
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
