"""Benchmark of whole processes, ours beside scripts with other libraries: `python tests/bench/feed.py`.

Each program reads a file of records and writes a feed, from the start of Python to its end: the import of its
library counts. On every size they run in turn (A B C A B C …), after a warm-up round in which each feed is
checked for its number of events and its first and last DTSTART. Printed are medians, ratios, and peak memory.
Nothing is asserted about seconds: a missed target is told, and the exit code stays 0.

    --rounds N          rounds after the warm-up (default 5; with --quick 2)
    --sizes N,N,…       numbers of windows for every program (default 50,1000,10000; with --quick 50,1000)
    --large N           a further number of windows for ours alone (default 100000; with --quick 0: none)
    --quick             small sizes, few rounds: to see that it works
    --as LIBRARY RECORDS OUT   be the script that writes RECORDS to OUT with icalendar, ics or ical

The design's targets:

    50 windows, ours / a plain icalendar script         at most 1.8     aim 1.2
    10,000 windows, ours / a plain icalendar script     at most 1/12    aim 1/16
    wall-clock times / times with offsets               at most 1.3     aim 1.1
    100,000 windows, time per window / at 10,000        linear: 1
    100,000 windows, peak memory / size of the feed     at most 8       aim 5

The other scripts write the same properties in every event, with a description of the same paragraphs. They
check nothing; ours checks every record. What ics.py cannot write, it writes otherwise: its ORGANIZER is a mailto,
and its long lines are not folded.
"""

from __future__ import annotations

# Only what the other libraries import anyway: this file is their script, too, and what it imports they pay.
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
NOW = "2025-07-11"
PRODID = "-//icms_calendar//benchmark//EN"

OFFSETS, WALL_CLOCK = "ours, offsets", "ours, wall-clock"
OURS = (OFFSETS, WALL_CLOCK)
LIBRARIES = ("icalendar", "ics", "ical")

TARGET_SIZE = 10_000  # where the design compares with a plain icalendar script
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Target(NamedTuple):
    """A ratio that the design sets: how much it may be, how much it should be, and both in words."""

    limit: float
    aim: float
    words: str

    def beside(self, measured: float) -> str:
        verdict = "aim met" if measured <= self.aim else "met" if measured <= self.limit else "MISSED"
        return f"({self.words}) {verdict}"


AGAINST_ICALENDAR = {
    50: Target(1.8, 1.2, "<= 1.8, aim 1.2"),
    10_000: Target(1 / 12, 1 / 16, "<= 1/12, aim 1/16"),
}
AGAINST_OFFSETS = Target(1.3, 1.1, "<= 1.3, aim 1.1")
AGAINST_FEED_SIZE = Target(8, 5, "<= 8, aim 5")


# The records: no seed, no clock, the same every time.

NAIROBI = timezone(timedelta(hours=3))
FIRST_START = datetime(2025, 7, 13, 4, tzinfo=NAIROBI)
EVERY, LENGTH = timedelta(hours=7), timedelta(hours=6)
SERVICES = {
    "sea-manifest": "Sea manifests",
    "house-manifest": "House manifests",
    "declaration": "Customs declarations",
    "system-to-system": "System-to-system exchange",
    "tracking": "Cargo tracking",
}
AUDIENCES = (
    ["importers", "exporters", "clearing agents"],
    ["shipping lines", "clearing agents"],
    ["importers", "exporters", "clearing agents", "officers"],
)
REASONS = ("an upgrade of its database", "an installation of new servers", "works on its power supply")


def start_of(number: int) -> datetime:
    return FIRST_START + (number - 1) * EVERY


def window(number: int, write_time: Callable[[datetime], str]) -> dict[str, object]:
    """The record of the window with a number, from 1 on."""
    start = start_of(number)
    ids = list(SERVICES)
    first, second = number % len(ids), (number + 1 + number // len(ids) % (len(ids) - 1)) % len(ids)
    return {
        "id": f"w-{number:06}",
        "system": "icms",
        "start": write_time(start),
        "end": write_time(start + LENGTH),
        "impact": "degraded" if number % 4 == 0 else "outage",
        "services": [ids[first], ids[second]],
        "audience": AUDIENCES[number % len(AUDIENCES)],
        "source": f"https://example.org/notices/{number:06}",
        "announced": f"{datetime(2025, 7, 10, tzinfo=NAIROBI) - timedelta(days=number % 30):%Y-%m-%d}",
        "notice": f"All users are informed that the system is not available during {REASONS[number % 3]}.",
        "channels": {"online": "unavailable", "system-to-system": "queued"},
    }


def write_records(path: Path, size: int, write_time: Callable[[datetime], str]) -> None:
    """Window by window: see `run` on why this process must stay small."""
    calendar = {
        "name": "iCMS maintenance",
        "domain": "icms.example.org",
        "timezone": "Africa/Nairobi",
        "url": "https://example.org/icms/",
        "systems": [
            {
                "id": "icms",
                "name": "Integrated Customs Management System",
                "short": "iCMS",
                "services": [{"id": id_, "name": name} for id_, name in SERVICES.items()],
            }
        ],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(calendar)[:-1] + ', "windows": [\n')
        for number in range(1, size + 1):
            file.write((",\n" if number > 1 else "") + json.dumps(window(number, write_time)))
        file.write("\n]}\n")


def with_offset(time: datetime) -> str:
    return time.isoformat()


def wall_clock(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


# The scripts with other libraries. What they share, any of them would do before it turns to its library.


class Entry(NamedTuple):
    """What an event of a window says."""

    uid: str
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    description: str
    url: str
    categories: list[str]
    more: list[tuple[str, str]]
    objects: list[tuple[str, str]]  # each with its impact


class Source(NamedTuple):
    """The calendar of a file of records, and an entry for each of its windows."""

    name: str
    description: str
    url: str
    entries: Iterator[Entry]


def read_records(path: str) -> Source:
    calendar = json.loads(Path(path).read_text(encoding="utf-8"))
    systems = ", ".join(system["name"] for system in calendar["systems"])
    about = f"Maintenance windows of {systems}."
    return Source(calendar["name"], about, calendar["url"], entries_of(calendar))


def entries_of(calendar: dict[str, Any]) -> Iterator[Entry]:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(calendar["timezone"])
    systems = {system["id"]: system for system in calendar["systems"]}
    services = {(id_, s["id"]): s["name"] for id_, system in systems.items() for s in system["services"]}
    for record in calendar["windows"]:
        system = systems[record["system"]]
        start = datetime.fromisoformat(record["start"]).astimezone(UTC)
        end = datetime.fromisoformat(record["end"]).astimezone(UTC)
        announced = datetime.fromisoformat(record["announced"]).replace(tzinfo=zone)
        unavailable = "Unavailable" if record["impact"] == "outage" else "Degraded"
        names = ", ".join(services[system["id"], id_] for id_ in record["services"])
        channels = "; ".join(f"{name} {state}" for name, state in record["channels"].items())
        description = (
            f"{span(start, end, start.astimezone(zone), end.astimezone(zone))}\n\n"
            f"{unavailable}: {system['name']} ({system['short']}): {names}\n"
            f"Channels: {channels}\nWho is affected: {', '.join(record['audience'])}\n\n"
            f'Notice: "{record["notice"]}"\n\n'
            f"First announced: {day(announced)}\nOfficial notice: {record['source']}\n\n"
            f"Details and changes: {calendar['url']}#{record['id']}"
        )
        impact, color = record["impact"].upper(), "red" if record["impact"] == "outage" else "orange"
        yield Entry(
            uid=f"{record['id']}@{calendar['domain']}",
            stamp=announced.astimezone(UTC),
            start=start,
            end=end,
            summary=f"{system['short']} {unavailable.lower()}: planned maintenance",
            description=description,
            url=f"{calendar['url']}#{record['id']}",
            categories=["Maintenance", system["short"]],
            more=[
                ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"),
                ("CLASS", "PUBLIC"),
                ("COLOR", color),
                ("X-MAINTNOTE-PROVIDER", calendar["domain"]),
                ("X-MAINTNOTE-ACCOUNT", "public"),
                ("X-MAINTNOTE-MAINTENANCE-ID", record["id"]),
                ("X-MAINTNOTE-IMPACT", impact),
                ("X-MAINTNOTE-STATUS", "CONFIRMED"),
            ],
            objects=[(f"{system['id']}/{id_}", impact) for id_ in record["services"]],
        )


def span(start: datetime, end: datetime, from_wall: datetime, to_wall: datetime) -> str:
    to_day = "" if from_wall.date() == to_wall.date() else f"{day(to_wall)}, "
    hours = (end - start) // timedelta(hours=1)
    local = f"{day(from_wall)}, {from_wall:%H:%M} to {to_day}{to_wall:%H:%M %Z}"
    return f"{local} ({start:%H:%M} to {end:%H:%M} UTC), {hours} hours"


def day(of: datetime) -> str:
    return f"{of:%A} {of.day} {of:%B %Y}"


def with_icalendar(records: str, out: str) -> None:
    from icalendar import Calendar, Event, vCalAddress

    source = read_records(records)
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.add(name, source.name)
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        calendar.add(name, source.description)
    calendar.add("URL", source.url)
    for entry in source.entries:
        event = Event()
        event.add("UID", entry.uid)
        event.add("DTSTAMP", entry.stamp)
        event.add("CREATED", entry.stamp)
        event.add("LAST-MODIFIED", entry.stamp)
        event.add("SEQUENCE", 0)
        event.add("DTSTART", entry.start)
        event.add("DTEND", entry.end)
        event.add("SUMMARY", entry.summary)
        event.add("DESCRIPTION", entry.description)
        event.add("URL", entry.url)
        event.add("CATEGORIES", entry.categories)
        event.add("STATUS", "CONFIRMED")
        event.add("TRANSP", "TRANSPARENT")
        organizer = vCalAddress("invalid:nomail")
        organizer.params["CN"] = source.name
        event.add("ORGANIZER", organizer)
        for name, value in entry.more:
            event.add(name, value)
        for value, impact in entry.objects:
            event.add("X-MAINTNOTE-OBJECT-ID", value, parameters={"X-MAINTNOTE-OBJECT-IMPACT": impact})
        calendar.add_component(event)
    Path(out).write_bytes(calendar.to_ical())


def with_ics(records: str, out: str) -> None:
    from ics import Calendar, Event
    from ics.attendee import Organizer
    from ics.grammar.parse import ContentLine

    source = read_records(records)
    calendar = Calendar(creator=PRODID)
    calendar.method = "PUBLISH"
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.extra.append(ContentLine(name, value=source.name))
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        calendar.extra.append(ContentLine(name, value=source.description))
    calendar.extra.append(ContentLine("URL", value=source.url))
    for entry in source.entries:
        event = Event(
            name=entry.summary,
            begin=entry.start,
            end=entry.end,
            uid=entry.uid,
            description=entry.description,
            created=entry.stamp,  # which it writes as DTSTAMP
            last_modified=entry.stamp,
            url=entry.url,
            transparent=True,
            categories=entry.categories,
            status="CONFIRMED",
            organizer=Organizer("nomail@icms.example.org", common_name=source.name),
        )
        event.extra.append(ContentLine("CREATED", value=f"{entry.stamp:%Y%m%dT%H%M%SZ}"))
        event.extra.append(ContentLine("SEQUENCE", value="0"))
        for name, value in entry.more:
            event.extra.append(ContentLine(name, value=value))
        for value, impact in entry.objects:
            parameters = {"X-MAINTNOTE-OBJECT-IMPACT": [impact]}
            event.extra.append(ContentLine("X-MAINTNOTE-OBJECT-ID", parameters, value))
        calendar.events.add(event)
    Path(out).write_text(calendar.serialize(), encoding="utf-8", newline="")


def with_ical(records: str, out: str) -> None:
    from ical.calendar import Calendar
    from ical.calendar_stream import IcsCalendarStream
    from ical.event import Event, EventStatus
    from ical.types import CalAddress, ExtraProperty, Uri
    from ical.types.extra import ExtraPropertyParameter

    source = read_records(records)
    calendar = Calendar(
        prodid=PRODID,
        method="PUBLISH",
        name=[source.name],
        description=[source.description],
        url=Uri(source.url),
        extras=[
            ExtraProperty(name="x-wr-calname", value=source.name),
            ExtraProperty(name="x-wr-caldesc", value=source.description),
        ],
    )
    for entry in source.entries:
        extras = [ExtraProperty(name=name, value=value) for name, value in entry.more]
        for value, impact in entry.objects:
            parameter = ExtraPropertyParameter(name="X-MAINTNOTE-OBJECT-IMPACT", values=[impact])
            extras.append(ExtraProperty(name="X-MAINTNOTE-OBJECT-ID", value=value, params=[parameter]))
        calendar.events.append(
            Event(
                uid=entry.uid,
                dtstamp=entry.stamp,
                created=entry.stamp,
                last_modified=entry.stamp,
                sequence=0,
                dtstart=entry.start,
                dtend=entry.end,
                summary=entry.summary,
                description=entry.description,
                url=Uri(entry.url),
                categories=entry.categories,
                status=EventStatus.CONFIRMED,
                transparency="TRANSPARENT",
                organizer=CalAddress(uri=Uri("invalid:nomail"), common_name=source.name),  # type: ignore[call-arg]
                extras=extras,
            )
        )
    Path(out).write_text(IcsCalendarStream.calendar_to_ics(calendar), encoding="utf-8", newline="")


SCRIPTS: dict[str, Callable[[str, str], None]] = {
    "icalendar": with_icalendar,
    "ics": with_ics,
    "ical": with_ical,
}


# The benchmark.


class Run(NamedTuple):
    """What one process took: wall-clock seconds, and its peak memory in bytes."""

    seconds: float
    peak: int


class Result(NamedTuple):
    """What a program took on a size: the median of its rounds, the highest of its peaks, its feed's size."""

    seconds: float
    peak: int
    feed: int


def command(program: str, records: dict[str, Path], out: Path) -> list[str]:
    if program in OURS:
        arguments = ["icms_calendar", "feed", str(records[program]), "--now", NOW, "-o", str(out)]
    else:  # as a module: that way the bytecode of this file is kept, and it is not compiled in their time
        arguments = [Path(__file__).stem, "--as", program, str(records[OFFSETS]), str(out)]
    return [sys.executable, "-m", *arguments]


def run(arguments: Sequence[str]) -> Run:
    """Run a process to its end.

    Linux counts into ru_maxrss what the process was before its exec, which is what this one is. So this one
    stays smaller than those that it measures (it writes records and reads feeds piece by piece), and where it
    is not, `table` says so.
    """
    import subprocess
    import tempfile
    import time

    # Bytecode is kept between the runs, as it is where a program is installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as told:
        begin = time.perf_counter()
        process = subprocess.Popen(
            arguments, cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=told, stderr=told
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)  # it was waited for, here
        if process.returncode:
            told.seek(0)
            output = told.read().decode(errors="replace").strip()
            sys.exit(f"{' '.join(arguments)}\nexited with {process.returncode}:\n{output}")
    return Run(seconds, usage.ru_maxrss * MAXRSS_UNIT)


def own_peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT


def check_feed(program: str, feed: Path, size: int) -> None:
    """That nobody is compared on a wrong result."""
    events, starts, first, last = 0, 0, "~", ""
    with feed.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("BEGIN:VEVENT"):
                events += 1
            elif line.startswith("DTSTART"):
                start = line.strip().partition(":")[2]
                starts, first, last = starts + 1, min(first, start), max(last, start)
    expected = (size, size, utc_text(start_of(1)), utc_text(start_of(size)))
    if (events, starts, first, last) != expected:
        sys.exit(
            f"{program}: {size} windows became {events} events with {starts} starts from {first} to {last}; "
            f"there should be {size} from {expected[2]} to {expected[3]}"
        )


def utc_text(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def measure(size: int, programs: Sequence[str], rounds: int, folder: Path) -> dict[str, Result]:
    """Let programs run in turn on a number of windows."""
    import statistics

    records = {OFFSETS: folder / "offsets.json", WALL_CLOCK: folder / "wall-clock.json"}
    write_records(records[OFFSETS], size, with_offset)
    write_records(records[WALL_CLOCK], size, wall_clock)
    feeds = {program: folder / f"{number}.ics" for number, program in enumerate(programs)}
    for program in programs:  # the warm-up
        run(command(program, records, feeds[program]))
        check_feed(program, feeds[program], size)
    runs: dict[str, list[Run]] = {program: [] for program in programs}
    for _ in range(rounds):
        for program in programs:
            runs[program].append(run(command(program, records, feeds[program])))
    return {
        program: Result(
            statistics.median(one.seconds for one in runs[program]),
            max(one.peak for one in runs[program]),
            feeds[program].stat().st_size,
        )
        for program in programs
    }


def table(size: int, results: dict[str, Result]) -> str:
    """A row for every program: its median, ours / that, its peak, and a target where the design has one."""
    ours = results[OFFSETS]
    lines = [
        f"{size:,} windows, a feed of {ours.feed / 1e6:,.2f} MB",
        f"{'program':<16}{'median s':>10}{'ours/that':>11}{'peak MiB':>10}  target",
    ]
    for program, result in results.items():
        ratio = ours.seconds / result.seconds
        told, beside = f"{ratio:.2f}", ""
        if program == WALL_CLOCK:
            beside = f"{1 / ratio:.2f}x {AGAINST_OFFSETS.beside(1 / ratio)}"
        elif program in LIBRARIES:
            told = f"1/{1 / ratio:.1f}" if ratio < 1 else f"{ratio:.2f}"
            if program == "icalendar" and size in AGAINST_ICALENDAR:
                beside = AGAINST_ICALENDAR[size].beside(ratio)
        peak = f"{'' if result.peak > own_peak() else '<'}{result.peak / 2**20:.1f}"
        row = f"{labelled(program):<16}{result.seconds:>10.3f}{told:>11}{peak:>10}  {beside}"
        lines.append(row.rstrip())
    return "\n".join(lines)


def growth(results: dict[int, dict[str, Result]]) -> str:
    """What becomes of time and memory on the largest size, beside the next smaller one."""
    smallest, (middle, large) = min(results), sorted(results)[-2:]
    lines = [f"{'':<38}{'offsets':>8}{'wall-clock':>12}  target"]

    def row(name: str, told: Callable[[str], float], target: Callable[[float], str]) -> None:
        first, second = map(told, OURS)
        lines.append(f"{name:<38}{first:>8.2f}{second:>12.2f}  {target(max(first, second))}")

    def seconds(size: int, program: str) -> float:
        return results[size][program].seconds

    def rate(program: str, begin: int, end: int) -> float:
        return (seconds(end, program) - seconds(begin, program)) / (end - begin)

    def memory(program: str) -> float:
        return results[large][program].peak / results[large][program].feed

    def per_window(program: str) -> float:
        return (seconds(large, program) / large) / (seconds(middle, program) / middle)

    def without_start(program: str) -> float:
        return rate(program, smallest, large) / rate(program, smallest, middle)

    def linear(_: float) -> str:
        return "linear: 1"

    row("peak memory / size of the feed", memory, AGAINST_FEED_SIZE.beside)
    row(f"time per window / at {middle:,}", per_window, linear)
    if smallest < middle:
        row(f"the same less the time of {smallest:,} windows", without_start, linear)
    return "\n".join(lines)


def labelled(program: str) -> str:
    from importlib.metadata import version

    return program if program in OURS else f"{program} {version(program)}"


def benchmark(sizes: Sequence[int], large: int, rounds: int) -> None:
    import platform
    import tempfile

    counted = f"{rounds} round{'' if rounds == 1 else 's'} after a warm-up"
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {counted}; medians of whole processes")
    results: dict[int, dict[str, Result]] = {}
    with tempfile.TemporaryDirectory(prefix="icms-bench-") as folder:
        for size in sizes:
            results[size] = measure(size, (*OURS, *LIBRARIES), rounds, Path(folder))
            print(f"\n{table(size, results[size])}", flush=True)
        if large:
            results[large] = measure(large, OURS, rounds, Path(folder))
            print(f"\n{table(large, results[large])}\n\n{growth(results)}", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--as"]:
        library, records, out = sys.argv[2:]
        SCRIPTS[library](records, out)
        return

    import argparse

    def counts(text: str) -> list[int]:
        return sorted({positive(number) for number in text.split(",")})

    def positive(text: str) -> int:
        if int(text) < 1:
            raise ValueError(text)
        return int(text)

    as_it_is = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_it_is)
    parser.add_argument("--rounds", type=positive, metavar="N")
    parser.add_argument("--sizes", type=counts, metavar="N,N,…")
    parser.add_argument("--large", type=int, metavar="N")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    sizes = given.sizes or ([50, 1000] if given.quick else [50, 1000, TARGET_SIZE])
    large = (0 if given.quick else 100_000) if given.large is None else given.large
    if large and large <= sizes[-1]:
        parser.error(f"--large {large} is not more than the largest of --sizes, {sizes[-1]}; 0 leaves it out")
    benchmark(sizes, large, given.rounds or (2 if given.quick else 5))


if __name__ == "__main__":
    main()
