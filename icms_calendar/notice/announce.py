"""The public notice of a window in words, English and Swahili: as a letter, or short enough for a text message.

What is written in English is read back (read.py) before it is given out: it must come to the same window. A text of the
record that would stand in the way of that is left out, and told. The words of days and spans are in words.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Literal

from icms_calendar.findings import Finding, found
from icms_calendar.notice.read import NoticeReading, read_notice
from icms_calendar.record.checks import unknown_window
from icms_calendar.record.labels import CHANNEL_WORDS, Language
from icms_calendar.record.model import MaintenanceCalendar, MaintenanceWindow
from icms_calendar.record.recurrence import Occurrence, expand, horizon_of
from icms_calendar.record.words import clock, day, duration, listed, moment
from icms_calendar.record.zones import Zone

Form = Literal["letter", "sms"]
Change = Literal["planned", "moved", "extended"]
ZoneStyle = Literal["letters", "offset", "utc"]

MAX_SMS_CHARACTERS = 306  # two parts of 153 characters each (3GPP TS 23.038, 23.040 9.2.3.24.1)
_STYLES: tuple[ZoneStyle, ...] = ("letters", "offset", "utc")
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
        "cancelled": "CANCELLED: the {kind} maintenance of {systems} will not take place. It was announced as follows.",
        "completed": "The {kind} maintenance of {systems} has been completed. It took place as follows.",
    },
    "sw": {
        "planned": "Matengenezo {kind} ya {systems}.",
        "tentative": "Bado hayajathibitishwa: matengenezo {kind} ya {systems}.",
        "in-process": "Matengenezo {kind} ya {systems} yanaendelea.",
        "moved": "Matengenezo {kind} ya {systems}{old} yamehamishwa. Sasa yatafanyika kama ifuatavyo.",
        "extended": "Matengenezo {kind} ya {systems} yameongezewa muda. Sasa yatafanyika kama ifuatavyo.",
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
_LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "PUBLIC NOTICE",
        "start": "Start",
        "end": "End",
        "length": "Duration",
        "to": "to",
        "from": "from",
        "services": "Services",
        "channels": "By channel",
        "audience": "Concerns",
        "description": "Details",
        "reason": "Reason",
        "fallback": "Meanwhile",
        "reference": "Reference",
        "contact": "Contact",
        "source": "Source",
        "announced": "Issued on",
        "old": ", announced for {day},",
        "system": "the system",
    },
    "sw": {
        "title": "TANGAZO KWA UMMA",
        "start": "Kuanzia",
        "end": "Hadi",
        "length": "Muda",
        "to": "hadi",
        "from": "kuanzia",
        "services": "Huduma",
        "channels": "Kwa njia",
        "audience": "Inawahusu",
        "description": "Maelezo",
        "reason": "Sababu",
        "fallback": "Kwa sasa",
        "reference": "Kumbukumbu",
        "contact": "Mawasiliano",
        "source": "Chanzo",
        "announced": "Ilitangazwa",
        "old": ", yaliyotangazwa {day},",
        "system": "mfumo",
    },
}
_STATUSES = {"moved": "rescheduled", "extended": "rescheduled", "cancelled": "cancelled", "completed": "completed"}
_SMS_TEXTS = ("services", "fallback", "contact")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A notice to give out; the findings tell which texts of the record it does not hold."""

    text: str
    findings: tuple[Finding, ...] = ()


def announce(
    occurrence: Occurrence,
    calendar: MaintenanceCalendar,
    *,
    language: Language = "en",
    form: Form = "letter",
    change: Change = "planned",
    planned_for: datetime | None = None,
) -> Announcement:
    """The public notice of an occurrence, by its status; or of its `change`, where it has moved or takes longer.

    `planned_for` is the aware start that it had before. A letter has all details of the record; a text message has no
    more than 306 characters of the GSM alphabet, and what of them there is room for.
    """
    return _Notice(occurrence, calendar, language, form, change, planned_for).written()


def occurrence_of(id_: str, calendar: MaintenanceCalendar, now: datetime) -> Occurrence:
    """The occurrence with an id, that of a window or of one day of a window that repeats. Raises CalendarError."""
    for occurrence in expand(calendar, horizon_of(calendar, now)).occurrences:
        if occurrence.window.id == id_:
            return occurrence
    raise unknown_window(id_, calendar)


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
    ) -> None:
        self.occurrence, self.calendar, self.language, self.form = occurrence, calendar, language, form
        self.window: MaintenanceWindow = occurrence.window
        self.zone: Zone = calendar.zone_of(self.window)
        self.planned_for = planned_for
        self.status = change if self.window.status == "confirmed" else self.window.status
        self.label = _LABELS[language]
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
        """What must stand in the notice, in the fullest words that hold; the last ones always do."""
        systems = [self.calendar.systems_by_id[id_] for id_ in self.window.system_ids]
        full = [f"{s.short} ({s.name})" if s.short and self.form == "letter" else s.title for s in systems]
        named = (full, [system.title for system in systems], [system.id for system in systems], [self.label["system"]])
        operators = dict.fromkeys(system.operator.name for system in systems if system.operator)
        core = ""
        for names, style, operator in product(named, _STYLES, (listed([*operators]) if operators else "", "")):
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
        if self.status not in ("cancelled", "completed"):
            effect = " " + _EFFECTS[self.language][self.calendar.impact_of(self.window)]
        start, end, length = self._span(style=style)
        if self.form == "sms":
            span = f"{self.label['start']}: {start}. {self.label['end']}: {end} ({length})."
            return f"{operator}{': ' if operator else ''}{head} {span}{effect}"
        top = f"{self.label['title']}\n\n{operator}{chr(10) * 2 if operator else ''}"
        return (
            f"{top}{head}\n\n{self.label['start']}: {start}\n{self.label['end']}: {end}\n"
            f"{self.label['length']}: {length}\n\n{effect.strip()}".rstrip("\n")
        )

    def _span(self, *, style: ZoneStyle) -> tuple[str, str, str]:
        start, end = self.occurrence.start, self.occurrence.end
        length = duration(end - start, self.language).removeprefix("muda wa ")
        return self._moment(start, style=style), self._moment(end, style=style), length

    def _moment(self, instant: datetime, *, style: ZoneStyle) -> str:
        """`Sunday 13 July 2025, 04:00 EAT (UTC+3)`: the offset is exact also where letters are not."""
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
        affected = [entry for entry in self.calendar.affected(window) if entry.service]
        channels = [f"{name}: {CHANNEL_WORDS[self.language][state]}" for name, state in window.channels.items()]
        many: dict[str, Sequence[str]] = {
            "services": [entry.service.name for entry in affected if entry.service] if window.services else [],
            "channels": channels,
            "audience": window.audience,
        }
        yield from ((name, self._line(name, ", ".join(values))) for name, values in many.items() if values)
        for name in ("description", "reason", "fallback", "reference", "contact", "source"):
            if text := getattr(window, name):
                yield name, self._line(name, text)
        if window.announced is not None:
            yield "announced", f"\n{self.label['announced']} {moment(window.announced, self.zone, self.language)}."

    def _line(self, name: str, text: str) -> str:
        words = " ".join(text.split())
        return f"{self.label[name]}: {words}{'' if words[-1] in '.!?' or name == 'source' else '.'}"

    def _holds(self, text: str) -> bool:
        """Whether a notice may be given out: it fits, and in English it is read back to the same window."""
        if self.form == "sms" and not _fits_an_sms(text):
            return False
        return self.language != "en" or self._is_read_back(read_notice(text))

    def _is_read_back(self, reading: NoticeReading) -> bool:
        names = {finding.rule.name for finding in reading.findings}
        if self.status == "tentative":
            right = names <= {"undecided", "system-unclear"} and "undecided" in names
        else:
            right = reading.ready and reading.status == _STATUSES.get(self.status, "scheduled")
        windows = [(window.start, window.end) for window in reading.windows or reading.candidates]
        return right and windows == [(self.occurrence.start, self.occurrence.end)]


def _fits_an_sms(text: str) -> bool:
    plain = unicodedata.normalize("NFC", text)
    if not all(c in _GSM or c in _GSM_DOUBLE for c in plain):
        return False
    return len(plain) + len(re.findall(r"[\^{}\\\[~\]|€]", plain)) <= MAX_SMS_CHARACTERS
