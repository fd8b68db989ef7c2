"""The folder that `init` writes: it builds as it is, and says in its comments what to change."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from icms_calendar.findings import PublishError, fault, found
from icms_calendar.site.publish import write_file
from icms_calendar.source.schema import schema_text

_CALENDAR = """\
# yaml-language-server: $schema=.schema.json
name: Maintenance calendar
domain: calendar.example.org # the right side of every UID: choose it once, never change it
timezone: Africa/Nairobi # of times that are written without an offset
url: https://calendar.example.org/ # where the site is served
publisher: {name: Your organisation, email: calendar@example.org}
reminders: [P1D, PT1H] # only in the feeds whose names end in -reminders.ics
systems:
  - id: portal
    name: Customer portal
    services:
      - {id: login, name: Login}
      - {id: payments, name: Payments}
"""

_WINDOWS = """\
# yaml-language-server: $schema=.schema.json
windows:
  - id: portal-{day} # the window's identity for life, also when it moves
    system: portal
    start: {day} 02:00
    end: {day} 06:00
    status: tentative # tentative, confirmed, in-process, completed, cancelled
    impact: outage # no-impact, reduced-redundancy, degraded, outage
    services: [login, payments] # left out: all of the system's
    fallback: Call the service desk.
    announced: {today}
"""


def write_starter(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Write the folder, its window on a Sunday two weeks or so after `now`.

    Raises PublishError, and writes nothing, where one of its files is there already.
    """
    today = now.date()
    try:
        sunday = today + timedelta(days=14 + (6 - today.weekday()))
    except OverflowError:
        raise fault("instant-out-of-range", field="now", read=today.isoformat()) from None
    workflow = files("icms_calendar.command").joinpath("starter-workflow.yml").read_text(encoding="utf-8")
    contents = {
        "calendar.yaml": _CALENDAR,
        "windows.yaml": _WINDOWS.format(day=sunday, today=today),
        ".schema.json": schema_text(),
        ".github/workflows/calendar.yml": workflow,
    }
    there = [folder / name for name in contents if os.path.lexists(folder / name)]
    if there:
        raise PublishError(replace(found("exists-already"), file=str(path)) for path in there)
    for name, text in contents.items():
        write_file(folder / name, text.encode())
    return tuple(folder / name for name in contents)
