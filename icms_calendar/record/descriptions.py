"""What each key of a record means, in words: for the JSON Schema (so editors show it) and the documentation.

Which keys there are, and what they may hold, is decided in model.py; a test demands a description of each.
"""

from __future__ import annotations

_TEXTS = {
    "title": "What people see in their calendar: one line of at most 200 characters. "
    "Default: `iCMS unavailable: planned maintenance`",
    "description": "Further details, after the sentences that the program writes itself",
    "reason": "Why the maintenance takes place",
    "fallback": "What people can do meanwhile",
    "notice": "The operator's own words",
    "source": "Where the maintenance was announced: an http(s) address",
}
_SPAN = {
    "start": "`2026-03-14 22:00` is the time on the zone's clock; `2026-03-14T22:00+03:00` is an instant. "
    "With `all_day`, a date",
    "end": "When it ends, written like `start`. With `all_day`, the last day",
    "duration": "Elapsed time instead of `end`: `6h`, `1h30m` or `PT6H`. If both are given, they must agree",
}
_ID = "A permanent identifier: `a-z 0-9 . _ -`, at most 100 characters"

DESCRIPTIONS: dict[str, dict[str, str]] = {
    "MaintenanceCalendar": {
        "name": "The name of the calendar, as subscribers see it",
        "domain": "The right side of every UID. Choose a name that is yours, and never change it",
        "timezone": "The zone of times without an offset: `Africa/Nairobi`, or a Windows name",
        "url": "The address where the site is served. Subscribe links need it",
        "publisher": "Who keeps this calendar",
        "official": "`true` if you operate the systems; otherwise page and feed say that the calendar is not the "
        "operator's own",
        "languages": "The languages of pages and descriptions: `en`, `sw`. Titles are in the first",
        "reminders": "How long before the start alarms ring, as `[P1D, PT1H]`; only in feeds named `…-reminders.ics`",
        "history": "How long ended windows stay in what `build` publishes",
        "horizon": "How far ahead repeating windows are expanded",
        "renamed": "Old address: new address, as `{customs: icms, customs/manifests: icms/sea-manifest}`. "
        "Feeds and pages at the old address stay in service with the contents of the new one",
        "retired": "Addresses that may end: an id of a system or feed, `system/service`, `all-reminders`, a language",
        "color": "The colour of the calendar: a CSS colour name",
        "systems": "The systems whose maintenance is announced. Without this list, they are created from the windows "
        "that name them",
        "feeds": "Your own feeds beside those for each system and service",
        "windows": "The maintenance windows",
    },
    "MaintenanceWindow": {
        "id": f"{_ID}. Keep it even if the window moves",
        "uid": "The UID of an event that people already have; default: `id@domain`",
        "system": "The id of the system that is maintained",
        "systems": "Several systems instead of one",
        **_SPAN,
        "all_day": "`true` for whole local days: `start` and `end` are dates, both included",
        "timezone": "The zone of this window's times, if not the calendar's",
        "status": "`tentative`, `confirmed`, `in-process`, `completed` or `cancelled`",
        "impact": "`no-impact`, `reduced-redundancy`, `degraded` or `outage`",
        "services": "The services affected: ids, or `{id: pilots, impact: degraded}`. Default: all of the system's. "
        "With several systems, `berths/pilots`",
        **_TEXTS,
        "reference": "The number or code of the announcement",
        "contact": "Whom to ask",
        "channels": "What still works, by channel: `unavailable`, `queued`, `rejected`, `degraded` or `unaffected`",
        "audience": "Who is affected, as a list: `[importers, clearing agents]`",
        "tags": "Words for filters; they become categories of the event",
        "url": "Where the event leads. Default: the calendar's `url` with `#` and the id",
        "announced": "Date, or date and time, of the announcement. It stamps the event, so that a first build gives "
        "the same bytes on any day",
        "emergency": "`true` for unplanned maintenance: the default title says so",
        "busy": "`true` marks subscribers as busy during the window; most people do not want this",
        "color": "The colour of the event: a CSS colour name",
        "replaces": "The id of the window that this one replaces",
        "repeat": "How the window repeats",
        "maintnote": "Values of an imported maintenance notification that differ from ours",
        "revision": "The history of an event that people already have",
    },
    "System": {
        "id": f"{_ID}. It is an address that people subscribe to",
        "name": "Its full name",
        "short": "Its name in titles",
        "operator": "Who runs it",
        "services": "The parts that people know by their own names",
    },
    "Service": {"id": f"{_ID}. It is an address that people subscribe to", "name": "Its name"},
    "Operator": {"name": "The operator's name", "url": "The operator's website"},
    "Publisher": {
        "name": "The publisher's name",
        "email": "The organizer's address in every event",
        "url": "The publisher's website",
    },
    "FeedSpec": {
        "id": f"{_ID}. The feed is `id.ics`, an address that people subscribe to",
        "name": "The name of the feed, as subscribers see it",
        "system": "Only windows of these systems",
        "service": "Only windows that affect these services",
        "impact": "Only windows of these impacts",
        "tag": "Only windows with one of these tags",
        "audience": "Only windows for one of these audiences",
        "status": "Only windows of these statuses",
    },
    "AffectedService": {"id": "The id of the service", "impact": "Its own impact; default: that of the window"},
    "Repeat": {
        "rule": "A rule of RFC 5545 on the zone's clock, with at most one occurrence a day: `FREQ=MONTHLY;BYDAY=2SU`",
        "until": "The last day on which it can take place",
        "count": "How often it takes place. Without `until` and `count` it repeats for ever",
        "except": "Days on which it does not take place",
        "changes": "Occurrences that differ from the rule",
    },
    "RepeatChange": {
        "on": "The day that the rule gives",
        **_SPAN,
        "status": "The status of this occurrence; `cancelled` calls it off",
        "impact": "The impact of this occurrence",
        **_TEXTS,
    },
    "GivenRevision": {"sequence": "The SEQUENCE that people have", "updated": "When the event last changed"},
    "Maintnote": {
        "provider": "X-MAINTNOTE-PROVIDER",
        "account": "X-MAINTNOTE-ACCOUNT",
        "id": "X-MAINTNOTE-MAINTENANCE-ID",
        "objects": "X-MAINTNOTE-OBJECT-ID and its impact",
    },
    "MaintnoteObject": {"id": "The object as the notification named it", "impact": "Its impact"},
}
