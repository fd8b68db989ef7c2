"""The public notice of a window in words, English and Swahili: as a letter, or short enough for a text message.

An English notice is read back (read.py) before it is returned, and must give the same window. A text of the record
that would prevent this is left out and reported. The words of days and spans are in words.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Literal

from icms_calendar.feed.ledger import read_ledger
from icms_calendar.feed.publication import publication
from icms_calendar.findings import Finding, expect, fault, found
from icms_calendar.notice.read import read_notice
from icms_calendar.notice.reading import NoticeReading
from icms_calendar.record.affected import affected_by, impact_of
from icms_calendar.record.checks import unknown_window
from icms_calendar.record.labels import CHANNEL_WORDS, IMPACT_WORDS, LABELS, Language
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence, expand, horizon_of
from icms_calendar.record.words import clock, day, duration, listed, moment
from icms_calendar.record.zones import Zone

Form = Literal["letter", "sms"]
Change = Literal["planned", "moved", "extended", "shortened"]
ZoneStyle = Literal["days", "letters", "offset", "utc"]

MAX_SMS_CHARACTERS = 306  # two parts of 153 characters each (3GPP TS 23.038, 23.040 9.2.3.24.1)
_STYLES: tuple[ZoneStyle, ...] = ("days", "letters", "offset", "utc")
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€")  # of the extension table: two characters each

_HEADS: dict[Language, dict[str, str]] = {
    "en": {
        "planned": "{kind} maintenance of {systems}.",
        "tentative": "Tentative, not confirmed yet: {kind} maintenance of {systems}.",
        "in-process": "{kind} maintenance of {systems} is under way.",
        "moved": "The {kind} maintenance of {systems}{old} has been rescheduled. It will now take place as follows.",
        "extended": "The {kind} maintenance of {systems} has been extended. It now takes place as follows.",
        "shortened": "The {kind} maintenance of {systems} has been shortened. It now takes place as follows.",
        "cancelled": "CANCELLED: the {kind} maintenance of {systems} will not take place. It was announced as follows.",
        "completed": "The {kind} maintenance of {systems} has been completed. It took place as follows.",
    },
    "sw": {
        "planned": "Matengenezo {kind} ya {systems}.",
        "tentative": "Bado hayajathibitishwa: matengenezo {kind} ya {systems}.",
        "in-process": "Matengenezo {kind} ya {systems} yanaendelea.",
        "moved": "Matengenezo {kind} ya {systems}{old} yamehamishwa. Sasa yatafanyika kama ifuatavyo.",
        "extended": "Matengenezo {kind} ya {systems} yameongezewa muda. Sasa yatafanyika kama ifuatavyo.",
        "shortened": "Matengenezo {kind} ya {systems} yamepunguzwa muda. Sasa yatafanyika kama ifuatavyo.",
        "cancelled": "YAMEGHAIRIWA: matengenezo {kind} ya {systems} hayatafanyika. Yalitangazwa kama ifuatavyo.",
        "completed": "Matengenezo {kind} ya {systems} yamekamilika. Yalifanyika kama ifuatavyo.",
    },
}
_KINDS: dict[Language, tuple[str, str]] = {"en": ("planned", "emergency"), "sw": ("yaliyopangwa", "ya dharura")}
_EFFECTS: dict[Language, dict[str, str]] = {
    "en": {
        "outage": "Services will be unavailable during this time.",
        "degraded": "Services will be degraded during this time.",
        "reduced-redundancy": "No interruption is expected.",
        "no-impact": "No interruption is expected.",
    },
    "sw": {
        "outage": "Huduma hazitapatikana wakati huo.",
        "degraded": "Huduma zitafanya kazi kwa kiwango cha chini wakati huo.",
        "reduced-redundancy": "Hakuna kukatizwa kunakotarajiwa.",
        "no-impact": "Hakuna kukatizwa kunakotarajiwa.",
    },
}
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "PUBLIC NOTICE",
        "start": "Start",
        "end": "End",
        "length": "Duration",
        "all day": "All day on {first}",
        "all days": "All day from {first} to {last}",
        "issued": "Issued on {day}.",
        "first issued": "Issued on {day}, first announced on {first}.",
        "old": ", announced for {day},",
        "system": "the system",
    },
    "sw": {
        "title": "TANGAZO KWA UMMA",
        "start": "Kuanzia",
        "end": "Hadi",
        "length": "Muda",
        "all day": "Siku nzima, {first}",
        "all days": "Siku nzima, kuanzia {first} hadi {last}",
        "issued": "Imetolewa {day}.",
        "first issued": "Imetolewa {day}, yalitangazwa kwanza {first}.",
        "old": ", yaliyotangazwa {day},",
        "system": "mfumo",
    },
}
_STATUSES = {"cancelled": "cancelled", "completed": "completed", "tentative": "tentative"}
_SMS_TEXTS = ("services", "fallback", "contact")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A notice to give out; the findings say which texts of the record it does not hold."""

    text: str
    findings: tuple[Finding, ...] = ()


def announce(
    calendar: MaintenanceCalendar,
    id_: str,
    *,
    now: datetime,
    language: Language = "en",
    form: Form = "letter",
    previous: bytes | None = None,
) -> str:
    """Write the public notice of a window, by its status or its last change.

    For a repeating window, `id_` names one occurrence: `backup.20260510`. `previous` is the last published all.ics:
    with it, a window that has moved or takes longer is announced as such. A letter has all details of the record; a
    text message has at most 306 characters of the GSM alphabet. Raises CalendarError for an unknown id.
    """
    return announcement(calendar, id_, now=now, language=language, form=form, previous=previous).text


def announcement(
    calendar: MaintenanceCalendar,
    id_: str,
    *,
    now: datetime,
    language: Language = "en",
    form: Form = "letter",
    previous: bytes | None = None,
) -> Announcement:
    """The notice as `announce` writes it, and a finding for each text of the record that it leaves out."""
    expect(id_, str, "id_", "the id of a window")
    occurrence = occurrence_of(id_, calendar, now)
    ledger = read_ledger(previous, calendar, "") if previous else None
    said = publication(calendar, ledger, now, allow_vanished=True)
    event = next((event for event in said.events if event.uid == occurrence.uid), None)
    kinds = {change.kind for change in said.changes if change.uid == occurrence.uid} if ledger else set()
    moved_from = event.past.moved_from if event and ledger else None
    change: Change = "planned"
    if moved_from:
        change = "moved"
    elif "extended" in kinds or "shortened" in kinds:
        change = "extended" if "extended" in kinds else "shortened"
    changed = event.revision.last_modified if event and ledger and not kinds else now
    return notice_of(
        occurrence,
        calendar,
        language=language,
        form=form,
        change=change,
        planned_for=moved_from[0] if moved_from else None,
        issued=changed,
    )


def notice_of(
    occurrence: Occurrence,
    calendar: MaintenanceCalendar,
    *,
    language: Language = "en",
    form: Form = "letter",
    change: Change = "planned",
    planned_for: datetime | None = None,
    issued: datetime | None = None,
) -> Announcement:
    """The notice of an occurrence, by its status, or its `change` if it is confirmed.

    `planned_for` is the aware start that it had before; `issued`, the moment of the change.
    """
    return _Notice(occurrence, calendar, language, form, change, planned_for, issued).written()


def occurrence_of(id_: str, calendar: MaintenanceCalendar, now: datetime) -> Occurrence:
    """The occurrence with an id: a window, or one day of a repeating window. Raises CalendarError."""
    occurrences = expand(calendar, horizon_of(calendar, now)).occurrences
    for occurrence in occurrences:
        if occurrence.window.id == id_:
            return occurrence
    own = [each for each in occurrences if each.window.id.startswith(f"{id_.partition('.')[0]}.")]
    if not own:
        raise unknown_window(id_, calendar)
    following = next((each for each in own if each.end > now), own[-1])
    names = ", ".join(each.window.id for each in own[:5])
    on = day(calendar.zone_of(following.window).wall(following.start)[0].date())
    raise fault("occurrence-not-named", id=id_, names=names, example=following.window.id, day=on)


class _Notice:
    """One notice while it is written."""

    def __init__(
        self,
        occurrence: Occurrence,
        calendar: MaintenanceCalendar,
        language: Language,
        form: Form,
        change: Change,
        planned_for: datetime | None,
        issued: datetime | None,
    ) -> None:
        self.issued = issued
        self.occurrence, self.calendar, self.language, self.form = occurrence, calendar, language, form
        self.window: MaintenanceWindow = occurrence.window
        self.zone: Zone = calendar.zone_of(self.window)
        self.planned_for = planned_for
        self.status = change if self.window.status == "confirmed" else self.window.status
        self.label = _WORDS[language]
        self.findings: list[Finding] = []

    def written(self) -> Announcement:
        core = next(self._cores())
        for name, text in self._texts():
            if self.form == "sms" and name not in _SMS_TEXTS:
                continue
            longer = f"{core}\n{text}" if self.form == "letter" else f"{core} {text}"
            if self._holds(longer):
                core = longer
            elif self.form == "letter":
                self.findings.append(found("announce-left-out", field=name))
        return Announcement(core + "\n", tuple(self.findings))

    def _cores(self) -> Iterator[str]:
        """What the notice must contain, in the fullest words that hold; the last ones always do."""
        systems = [self.calendar.systems_by_id[id_] for id_ in self.window.system_ids]
        full = [f"{s.short} ({s.name})" if s.short and self.form == "letter" else s.title for s in systems]
        named = (full, [system.title for system in systems], [system.id for system in systems], [self.label["system"]])
        operators = dict.fromkeys(system.operator.name for system in systems if system.operator)
        if self.calendar.official and self.calendar.publisher:
            operators = {self.calendar.publisher.name: None}
        core = ""
        for names, style, operator in product(named, _STYLES, (listed([*operators]) if operators else "", "")):
            if style == "days" and not self._span(style=style):
                continue
            core = self._core(listed(names, self.language), operator, style=style)
            if self._holds(core):
                if names is named[-1]:
                    self.findings.append(found("announce-left-out", field="system"))
                yield core
        yield core

    def _core(self, systems: str, operator: str, *, style: ZoneStyle) -> str:
        kind = _KINDS[self.language][self.window.emergency]
        old = ""
        if self.planned_for is not None:
            old = self.label["old"].format(day=day(self.zone.wall(self.planned_for)[0].date(), self.language))
        head = _HEADS[self.language][self.status].format(kind=kind, systems=systems, old=old)
        head = head[0].upper() + head[1:]
        effect = ""
        if self.status not in ("cancelled", "completed") and len(self._impacts()) == 1:
            effect = " " + _EFFECTS[self.language][impact_of(self.window, self.calendar)]
        span = self._span(style=style)
        if self.form == "sms":
            return f"{operator}{': ' if operator else ''}{head} {'. '.join(span)}.{effect}"
        top = f"{self.label['title']}\n\n{operator}{chr(10) * 2 if operator else ''}"
        return f"{top}{head}\n\n{chr(10).join(span)}\n\n{effect.strip()}".rstrip("\n")

    def _impacts(self) -> dict[str, list[str]]:
        """What the window affects, by impact."""
        impacts: dict[str, list[str]] = {}
        for entry in affected_by(self.window, self.calendar):
            impacts.setdefault(entry.impact, []).append(entry.service.name if entry.service else entry.system.title)
        return impacts

    def _span(self, *, style: ZoneStyle) -> tuple[str, ...]:
        """Start, end and length, each with its label; whole days as such, if one offset holds for all of them."""
        start, end = self.occurrence.start, self.occurrence.end
        if style == "days":
            return self._whole_days(start, end)
        length = duration(end - start, self.language)
        first, last = (self._moment(instant, style=style) for instant in (start, end))
        begins, ends = f"{self.label['start']}: {first}", f"{self.label['end']}: {last}"
        if self.form == "sms":
            return begins, f"{ends} ({length})"
        return begins, ends, f"{self.label['length']}: {length.removeprefix('muda wa ')}"

    def _whole_days(self, start: datetime, end: datetime) -> tuple[str, ...]:
        if not self.window.all_day:
            return ()
        first, last = self.zone.wall(start)[0], self.zone.wall(end)[0]
        if first.time() != last.time() or first - start.replace(tzinfo=None) != last - end.replace(tzinfo=None):
            return ()
        days = [day(of.date(), self.language) for of in (first, last - timedelta(days=1))]
        words = self.label["all day" if days[0] == days[1] else "all days"].format(first=days[0], last=days[1])
        return (f"{words} ({self._moment(start, style='offset').rpartition(' ')[2]})",)

    def _moment(self, instant: datetime, *, style: ZoneStyle) -> str:
        """`Sunday 13 July 2025, 04:00 EAT (UTC+3)`: the offset is exact even if letters are not."""
        if style == "utc":  # the two times of an hour that the clock shows twice
            return f"{day(instant.date(), self.language)}, {clock(instant)} UTC"
        wall, named = self.zone.wall(instant)
        minutes = round((wall - instant.replace(tzinfo=None)) / timedelta(minutes=1))
        sign, hours, rest = "-" if minutes < 0 else "+", *divmod(abs(minutes), 60)
        offset = f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
        zone = f"{named} ({offset})" if style == "letters" and named.isalpha() and named != "UTC" else offset
        return f"{day(wall.date(), self.language)}, {clock(wall)} {zone}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        """The details of the record, each a line with its label."""
        window = self.window
        affected = [entry for entry in affected_by(window, self.calendar) if entry.service]
        channels = [f"{name}: {CHANNEL_WORDS[self.language][state]}" for name, state in window.channels.items()]
        named = [entry.service.name for entry in affected if entry.service] if window.services else []
        impacts = self._impacts()
        if window.title:
            yield "title", f"\n{window.title}{'' if window.title[-1] in '.!?' else '.'}"
        many: dict[str, Sequence[str]] = {
            "services": named if len(impacts) == 1 else (),
            "channels": channels,
            "audience": window.audience,
        }
        if len(impacts) > 1:
            by_impact = (
                f"{IMPACT_WORDS[self.language][impact]}: {', '.join(names)}." for impact, names in impacts.items()
            )
            yield "services", ("\n" if self.form == "letter" else " ").join(by_impact)
        yield from ((name, self._line(name, ", ".join(values))) for name, values in many.items() if values)
        for name in ("description", "reason", "fallback", "reference", "contact", "source"):
            if text := getattr(window, name):
                yield name, self._line(name, text)
        if issued := self._issued():
            yield "announced", f"\n{issued}"

    def _issued(self) -> str:
        """The day of the change, and of the first announcement; for a plan, the day on which it was announced."""
        announced, label = self.window.announced, self.label
        first = moment(announced, self.zone, self.language) if announced else ""
        if self.status in ("planned", "tentative", "in-process") or self.issued is None:
            return label["issued"].format(day=first) if first else ""
        on = day(self.zone.wall(self.issued)[0].date(), self.language)
        if not first or first == on:
            return label["issued"].format(day=on)
        return label["first issued"].format(day=on, first=first)

    def _line(self, name: str, text: str) -> str:
        words = " ".join(text.split())
        return f"{LABELS[self.language][name]}: {words}{'' if words[-1] in '.!?' or name == 'source' else '.'}"

    def _holds(self, text: str) -> bool:
        """Whether a notice may be given out: it fits, and in English it is read back to the same window."""
        if self.form == "sms" and not _fits_an_sms(text):
            return False
        return self.language != "en" or self._is_read_back(read_notice(text))

    def _is_read_back(self, reading: NoticeReading) -> bool:
        """Whether a notice is read as this one window, with only the confirmation open."""
        if len(reading.windows) != 1:
            return False
        window = reading.windows[0]
        open_ = {question.name for question in window.questions[1:]}
        status = _STATUSES.get(self.status, "confirmed")
        right = open_ <= {"undecided"} if status == "tentative" else not open_
        span = (self.occurrence.start, self.occurrence.end)
        return right and window.status == status and (window.start, window.end) == span


def _fits_an_sms(text: str) -> bool:
    plain = unicodedata.normalize("NFC", text)
    if not all(c in _GSM or c in _GSM_DOUBLE for c in plain):
        return False
    return len(plain) + len(re.findall(r"[\^{}\\\[~\]|€]", plain)) <= MAX_SMS_CHARACTERS
