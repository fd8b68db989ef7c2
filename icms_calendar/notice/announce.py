"""The public notice of a window in words, English and Swahili: as a letter, or short enough for a text message.

An English notice is read back (read.py) before it is returned, and must give the same window. A text of the record
that would prevent this is left out and reported. The words of days and spans are in words.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Literal, NamedTuple

from icms_calendar.feed.ledger import read_ledger
from icms_calendar.feed.publication import publication
from icms_calendar.findings import Finding, expect, fault, found
from icms_calendar.notice.read import read_notice
from icms_calendar.notice.reading import NoticeReading
from icms_calendar.record.checks import unknown_window
from icms_calendar.record.fields import System
from icms_calendar.record.labels import CHANNEL_WORDS, IMPACT_WORDS, LABELS, Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.record.recurrence import Occurrence, expand, horizon_of
from icms_calendar.record.select import affected_by, impact_of
from icms_calendar.record.words import clock, day, duration, listed, moment, zone_span

Form = Literal["letter", "sms"]
Change = Literal["planned", "moved", "extended", "shortened"]

MAX_SMS_CHARACTERS = 306  # two parts of 153 characters each (3GPP TS 23.038, 23.040 9.2.3.24.1)
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
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "scheduled": "planned",
        "emergency": "emergency",
        "outage": "Services will be unavailable during this time.",
        "degraded": "Services will be degraded during this time.",
        "calm": "No interruption is expected.",
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
        "scheduled": "yaliyopangwa",
        "emergency": "ya dharura",
        "outage": "Huduma hazitapatikana wakati huo.",
        "degraded": "Huduma zitafanya kazi kwa kiwango cha chini wakati huo.",
        "calm": "Hakuna kukatizwa kunakotarajiwa.",
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
_TEXTS = ("description", "reason", "fallback", "reference", "contact", "source")
_SMS_TEXTS = ("services", "fallback", "contact")


class Announcement(NamedTuple):
    """A notice to give out; the findings say which texts of the record it does not hold."""

    text: str
    findings: tuple[Finding, ...] = ()


class News(NamedTuple):
    """What has changed for a confirmed window: the aware start that it had before, and the moment of the change."""

    change: Change = "planned"
    planned_for: datetime | None = None
    issued: datetime | None = None


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
    return announcement(calendar, id_, now, language, form, previous).text


def announcement(
    calendar: MaintenanceCalendar, id_: str, now: datetime, language: Language, form: Form, previous: bytes | None
) -> Announcement:
    """The notice as `announce` writes it, and a finding for each text of the record that it leaves out."""
    expect(id_, str, "id_", "the id of a window")
    occurrence = occurrence_of(id_, calendar, now)
    news = _news_of(occurrence.uid, calendar, previous, now) if previous else News(issued=now)
    return notice_of(occurrence, calendar, language=language, form=form, news=news)


def notice_of(
    occurrence: Occurrence,
    calendar: MaintenanceCalendar,
    *,
    language: Language = "en",
    form: Form = "letter",
    news: News | None = None,
) -> Announcement:
    """The notice of an occurrence, by its status, or the `news` of it if it is confirmed."""
    notice = _Notice(occurrence, calendar, language, form, news or News())
    text, left_out = notice.core()
    for name, line in notice.details():
        longer = f"{text}\n{line}" if form == "letter" else f"{text} {line}"
        if notice.holds(longer):
            text = longer
        elif form == "letter":
            left_out.append(name)
    return Announcement(f"{text}\n", tuple(found("announce-left-out", field=name) for name in left_out))


def _news_of(uid: str, calendar: MaintenanceCalendar, previous: bytes, now: datetime) -> News:
    """What has changed since the previous feed, or with a move, since it was published."""
    said = publication(calendar, read_ledger(previous, calendar, ""), now, allow_vanished=True)
    event = next((event for event in said.events if event.uid == uid), None)
    kinds = {change.kind for change in said.changes if change.uid == uid}
    issued = event.revision.last_modified if event and not kinds else now
    if event and event.past.moved_from:
        return News("moved", event.past.moved_from[0], issued)
    changes: tuple[Change, ...] = ("extended", "shortened")
    return News(next((change for change in changes if change in kinds), "planned"), None, issued)


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
    hint = f" It repeats: name one of its days, {names} (next: {following.window.id}, {on})"
    raise fault("unknown-id", kind="window", id=id_, hint=hint)


class _Notice:
    """One notice while it is written."""

    def __init__(
        self, occurrence: Occurrence, calendar: MaintenanceCalendar, language: Language, form: Form, news: News
    ) -> None:
        self.occurrence, self.calendar, self.language, self.form, self.news = occurrence, calendar, language, form, news
        self.window = occurrence.window
        self.zone = calendar.zone_of(self.window)
        self.words = _WORDS[language]
        self.status = news.change if self.window.status == "confirmed" else self.window.status

    def core(self) -> tuple[str, list[str]]:
        """What the notice must contain, in the fullest words that hold, or in the last; and what those leave out."""
        systems = [self.calendar.systems_by_id[id_] for id_ in self.window.system_ids]
        full = [f"{s.short} ({s.name})" if s.short and self.form == "letter" else s.title for s in systems]
        nameless = [self.words["system"]]
        named = (full, [system.title for system in systems], [system.id for system in systems], nameless)
        for names, span, signature in product(named, list(self._spans()), (self._signature(systems), "")):
            text = self._core(listed(names, self.language), span, signature)
            if self.holds(text):
                break
        return text, ["system"] if names is nameless else []

    def details(self) -> Iterator[tuple[str, str]]:
        """The details of the record that this form has, each as a line with its label."""
        window = self.window
        channels = (f"{name}: {CHANNEL_WORDS[self.language][state]}" for name, state in window.channels.items())
        values = {
            "channels": ", ".join(channels),
            "audience": ", ".join(window.audience),
            **{name: getattr(window, name) for name in _TEXTS},
        }
        lines = {
            "title": f"\n{_ended(window.title)}" if window.title else "",
            "services": self._services(),
            **{name: self._line(name, text) for name, text in values.items() if text},
            "announced": self._issued(),
        }
        for name, line in lines.items():
            if line and (self.form == "letter" or name in _SMS_TEXTS):
                yield name, line

    def holds(self, text: str) -> bool:
        """Whether a notice may be given out: it fits, and in English it is read back to the same window."""
        if self.form == "sms" and not _fits_an_sms(text):
            return False
        return self.language != "en" or self._is_read_back(read_notice(text))

    def _core(self, systems: str, span: Sequence[str], signature: str) -> str:
        words, before = self.words, self.news.planned_for
        old = words["old"].format(day=day(self.zone.wall(before)[0].date(), self.language)) if before else ""
        kind = words["emergency" if self.window.emergency else "scheduled"]
        head = _HEADS[self.language][self.status].format(kind=kind, systems=systems, old=old)
        head, effect = head[0].upper() + head[1:], ""
        if self.status not in ("cancelled", "completed") and len(self._impacts()) == 1:
            effect = words.get(impact_of(self.window, self.calendar), words["calm"])
        if self.form == "sms":
            return f"{signature}{': ' if signature else ''}{head} {'. '.join(span)}. {effect}".rstrip()
        return "\n\n".join(filter(None, (words["title"], signature, head, "\n".join(span), effect)))

    def _signature(self, systems: Sequence[System]) -> str:
        """Who gives the notice out: the publisher if that is official, or whoever runs the systems."""
        if self.calendar.official and self.calendar.publisher:
            return self.calendar.publisher.name
        operators = dict.fromkeys(system.operator.name for system in systems if system.operator)
        return listed([*operators]) if operators else ""

    def _impacts(self) -> dict[str, list[str]]:
        """What the window affects, by impact."""
        impacts: dict[str, list[str]] = {}
        for entry in affected_by(self.window, self.calendar):
            impacts.setdefault(entry.impact, []).append(entry.service.name if entry.service else entry.system.title)
        return impacts

    def _services(self) -> str:
        """The services that the record names; if the impact differs, what has which."""
        impacts = self._impacts()
        if len(impacts) > 1:
            words = IMPACT_WORDS[self.language]
            lines = (f"{words[impact]}: {', '.join(names)}." for impact, names in impacts.items())
            return ("\n" if self.form == "letter" else " ").join(lines)
        named = [entry.service.name for entry in affected_by(self.window, self.calendar) if entry.service]
        return self._line("services", ", ".join(named)) if self.window.services and named else ""

    def _spans(self) -> Iterator[tuple[str, ...]]:
        """Start, end and length, each with its label, the plainest words first: whole days if one offset holds."""
        start, end, words = self.occurrence.start, self.occurrence.end, self.words
        first, last = self.zone.wall(start)[0], self.zone.wall(end)[0]
        if self.window.all_day and first.time() == last.time() and last - first == end - start:
            days = [day(of.date(), self.language) for of in (first, last - timedelta(days=1))]
            whole = words["all day" if days[0] == days[1] else "all days"].format(first=days[0], last=days[1])
            yield (f"{whole} ({self._offset(start)})",)
        length = duration(end - start, self.language)
        for begins, ends in zip(self._moments(start), self._moments(end), strict=True):
            span = f"{words['start']}: {begins}", f"{words['end']}: {ends}"
            if self.form == "sms":
                yield span[0], f"{span[1]} ({length})"
            else:
                yield *span, f"{words['length']}: {length.removeprefix('muda wa ')}"

    def _moments(self, instant: datetime) -> tuple[str, str, str]:
        """`Sunday 13 July 2025, 04:00 EAT (UTC+3)`; the same without letters, which may not be exact; and in UTC.

        Only UTC parts the two times of an hour that the clock shows twice.
        """
        wall, letters = self.zone.wall(instant)
        on, offset = f"{day(wall.date(), self.language)}, {clock(wall)}", self._offset(instant)
        exact = f"{on} {letters} ({offset})" if letters.isalpha() and letters != "UTC" else f"{on} {offset}"
        return exact, f"{on} {offset}", f"{day(instant.date(), self.language)}, {clock(instant)} UTC"

    def _offset(self, instant: datetime) -> str:
        """`UTC+3`"""
        return zone_span(instant, instant, self.zone).rpartition(", ")[2]

    def _issued(self) -> str:
        """The day of the change, and of the first announcement; for a plan, the day on which it was announced."""
        announced = self.window.announced
        first = on = moment(announced, self.zone, self.language) if announced else ""
        if self.status not in ("planned", "tentative", "in-process") and self.news.issued:
            on = day(self.zone.wall(self.news.issued)[0].date(), self.language)
        if not on:
            return ""
        return "\n" + self.words["first issued" if first not in ("", on) else "issued"].format(day=on, first=first)

    def _line(self, name: str, text: str) -> str:
        words = " ".join(text.split())
        return f"{LABELS[self.language][name]}: {words if name == 'source' else _ended(words)}"

    def _is_read_back(self, reading: NoticeReading) -> bool:
        """Whether a notice is read as this one window, with only the confirmation open."""
        if len(reading.windows) != 1:
            return False
        window = reading.windows[0]
        open_ = {question.name for question in window.questions[1:]}
        status = self.status if self.status in ("cancelled", "completed", "tentative") else "confirmed"
        right = open_ <= {"undecided"} if status == "tentative" else not open_
        span = (self.occurrence.start, self.occurrence.end)
        return right and window.status == status and (window.start, window.end) == span


def _ended(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def _fits_an_sms(text: str) -> bool:
    plain = unicodedata.normalize("NFC", text)
    if not all(c in _GSM or c in _GSM_DOUBLE for c in plain):
        return False
    return len(plain) + sum(c in _GSM_DOUBLE for c in plain) <= MAX_SMS_CHARACTERS
