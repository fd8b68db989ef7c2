"""Zones as notices name them: by letters, by a place, by an offset.

    zone     = ("UTC"|"GMT") ["+"|"-" hours [":" minutes]]                            UTC+3, GMT +03:00
             | ("+"|"-") hours minutes, directly behind an ISO time                   +03:00, Z
             | letters                                                                EAT, CEST, ET
             | words "Time", place "time"                                             East Africa Time, UK time
             | "local time"                                                           that of --timezone

A place or an abbreviation behind a time that is none of these is asked. Letters and words stand for one zone or for
several (`_LETTERS`). They are held against the day: EST in July is a fault, as is BST in January. Where they may stand
for several, --timezone settles it if its clock has these letters on that day; else a person must, as where American
letters stand in a notice from Asia, Australia or the Pacific (PST is Pakistan's, too). Behind a time, letters give the
offset exactly, so an hour that the clock shows twice is told by them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from icms_calendar.findings import CalendarError
from icms_calendar.notice.terms import ZoneWord, blanked
from icms_calendar.record.zones import Zone, zone_named

# Letters to the zones whose clocks show them, the one that is meant most often first. In capitals only.
_LETTERS: dict[str, tuple[str, ...]] = {
    "EAT": ("Africa/Nairobi",),
    "CAT": ("Africa/Maputo",),
    "WAT": ("Africa/Lagos",),
    "SAST": ("Africa/Johannesburg",),
    "EET": ("Africa/Cairo", "Europe/Athens"),
    "EEST": ("Africa/Cairo", "Europe/Athens"),
    "CET": ("Europe/Brussels",),
    "CEST": ("Europe/Brussels",),
    "WET": ("Europe/Lisbon",),
    "WEST": ("Europe/Lisbon",),
    "MSK": ("Europe/Moscow",),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "PKT": ("Asia/Karachi",),
    "NPT": ("Asia/Kathmandu",),
    "SGT": ("Asia/Singapore",),
    "HKT": ("Asia/Hong_Kong",),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "MYT": ("Asia/Kuala_Lumpur",),
    "WIB": ("Asia/Jakarta",),
    "PHT": ("Asia/Manila",),
    "GST": ("Asia/Dubai", "Pacific/Guam"),
    "AST": ("America/Halifax", "Asia/Riyadh"),
    "ADT": ("America/Halifax",),
    "NST": ("America/St_Johns",),
    "NDT": ("America/St_Johns",),
    "EST": ("America/New_York",),
    "EDT": ("America/New_York",),
    "CST": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "CDT": ("America/Chicago", "America/Havana"),
    "MST": ("America/Denver", "America/Phoenix"),
    "MDT": ("America/Denver",),
    "PST": ("America/Los_Angeles",),
    "PDT": ("America/Los_Angeles",),
    "AKST": ("America/Anchorage",),
    "AKDT": ("America/Anchorage",),
    "HST": ("Pacific/Honolulu",),
    "AEST": ("Australia/Sydney", "Australia/Brisbane"),
    "AEDT": ("Australia/Sydney",),
    "ACST": ("Australia/Adelaide", "Australia/Darwin"),
    "ACDT": ("Australia/Adelaide",),
    "AWST": ("Australia/Perth",),
    "NZST": ("Pacific/Auckland",),
    "NZDT": ("Pacific/Auckland",),
    "ET": ("America/New_York",),
    "CT": ("America/Chicago",),
    "MT": ("America/Denver",),
    "PT": ("America/Los_Angeles",),
    "AET": ("Australia/Sydney",),
    "GMT": ("UTC",),
    "UTC": ("UTC",),
    "Z": ("UTC",),
}
# Offsets where a zone's clock does not show these letters: Manila's PST, Karachi's …; pytz knows them for most.
_UNSHOWN = {"AEST": 600, "ACST": 570, "SGT": 480, "MYT": 480, "PHT": 480, "GST": 240, "NPT": 345, "MSK": 180}
# Where American letters are used for a clock of their own: Pakistan's and the Philippines' PST, Sydney's EST …
_FAR = ("Asia/", "Australia/", "Pacific/", "Indian/")
_ALL_YEAR = {"ET", "CT", "MT", "PT", "AET"}
# Letters of a clock that some of a zone's kin keep all year: only the day can tell whether they are right.
_WORDS: dict[str, str] = {
    r"east(?:ern)? african? (?:standard )?time": "EAT",
    r"central african? time": "CAT",
    r"west african? (?:standard )?time": "WAT",
    r"south african? (?:standard )?time": "SAST",
    r"(?:kenyan?|nairobi) (?:local |standard )?time": "Africa/Nairobi",
    r"(?:ugandan?|kampala) (?:local |standard )?time": "Africa/Kampala",
    r"(?:tanzanian?|dar es salaam) (?:local |standard )?time": "Africa/Dar_es_Salaam",
    r"(?:rwandan?|kigali) (?:local |standard )?time": "Africa/Kigali",
    r"(?:nigerian?|lagos) (?:local |standard )?time": "Africa/Lagos",
    r"(?:ghanaian|ghana|accra) (?:local |standard )?time": "Africa/Accra",
    r"(?:indian?|indian standard) (?:local )?time|indian standard time": "Asia/Kolkata",
    r"(?:uk|u\.k\.|london|british) (?:local )?time": "Europe/London",
    r"british summer time": "BST/London",
    r"irish (?:standard |local )?time|dublin time": "Europe/Dublin",
    r"greenwich mean time": "GMT",
    r"co-?ordinated universal time|universal time(?: co-?ordinated)?": "UTC",
    r"central european time": "CET",
    r"central european summer time": "CEST",
    r"brussels (?:local )?time": "Europe/Brussels",
    r"(?:danish|copenhagen) (?:local )?time": "Europe/Copenhagen",
    r"(?:german|berlin) (?:local )?time": "Europe/Berlin",
    r"(?:dutch|amsterdam) (?:local )?time": "Europe/Amsterdam",
    r"(?:swiss|zurich) (?:local )?time": "Europe/Zurich",
    r"eastern standard time": "EST",
    r"eastern daylight(?: savings?)? time": "EDT",
    r"central standard time": "CST/Chicago",
    r"central daylight(?: savings?)? time": "CDT",
    r"mountain standard time": "MST",
    r"mountain daylight(?: savings?)? time": "MDT",
    r"pacific standard time": "PST/Los_Angeles",
    r"pacific daylight(?: savings?)? time": "PDT",
    r"eastern(?: time(?: zone)?)?|new york time": "ET",
    r"central time": "CT",
    r"mountain time": "MT",
    r"pacific(?: time)?": "PT",
    r"australian eastern standard time": "AEST",
    r"australian eastern daylight(?: savings?)? time": "AEDT",
    r"(?:sydney|melbourne|canberra) (?:local )?time": "Australia/Sydney",
    r"singapore (?:standard |local )?time": "Asia/Singapore",
    r"(?:pakistani?|karachi|islamabad) (?:standard |local )?time": "Asia/Karachi",
    r"(?:philippines?|manila) (?:standard |local )?time": "Asia/Manila",
    r"(?:malaysian?|kuala lumpur) (?:standard |local )?time": "Asia/Kuala_Lumpur",
    r"(?:gulf|uae|dubai|abu dhabi) (?:standard |local )?time": "Asia/Dubai",
    r"(?:arabian?|saudi(?: arabian?)?|riyadh) (?:standard |local )?time": "Asia/Riyadh",
    r"(?:bangladeshi?|dhaka) (?:standard |local )?time": "Asia/Dhaka",
    r"(?:nepali?|kathmandu) (?:standard |local )?time": "Asia/Kathmandu",
    r"(?:sri lankan?|colombo) (?:standard |local )?time": "Asia/Colombo",
    r"(?:japan(?:ese)?|tokyo) (?:standard |local )?time": "Asia/Tokyo",
    r"(?:china|chinese|beijing|shanghai) (?:standard |local )?time": "Asia/Shanghai",
    r"(?:thai(?:land)?|bangkok|indochina) (?:standard |local )?time": "Asia/Bangkok",
    r"(?:israeli?|jerusalem) (?:standard |local )?time": "Asia/Jerusalem",
    r"(?:turkish|turkey|istanbul) (?:standard |local )?time": "Europe/Istanbul",
    r"moscow (?:standard |local )?time": "Europe/Moscow",
    r"(?:french|paris) (?:local )?time": "Europe/Paris",
    r"(?:spanish|madrid) (?:local )?time": "Europe/Madrid",
    r"(?:italian|rome) (?:local )?time": "Europe/Rome",
    r"(?:zambian?|lusaka) (?:standard |local )?time": "Africa/Lusaka",
    r"(?:zimbabwean|zimbabwe|harare) (?:standard |local )?time": "Africa/Harare",
    r"(?:egyptian|egypt|cairo) (?:standard |local )?time": "Africa/Cairo",
    r"(?:ethiopian?|addis ababa) (?:standard |local )?time": "ambiguous",
    r"(?:new zealand|auckland|wellington) (?:standard |daylight |local )?time": "Pacific/Auckland",
    r"hong kong (?:standard |local )?time": "Asia/Hong_Kong",
    r"(?:local|our) (?:standard )?time": "local",
    r"(?:est ?/ ?dst)": "EST/DST",
    r"(?:est ?/ ?edt|edt ?/ ?est)": "ET",
    r"(?:pst ?/ ?pdt|pdt ?/ ?pst)": "PT",
    r"(?:cet ?/ ?cest|cest ?/ ?cet)": "Europe/Brussels",
}
_OFFSET = (
    r"(?:utc|gmt)(?P<s>[ ]?\+[ ]?|[ ]?-)(?P<h>[0-9]{1,2})(?::?(?P<m>[0-9]{2}))?(?:[ ]?h(?:ou)?rs?)?(?![0-9]|[:.][0-9]|"
    r"[ ]?(?:[ap]\.?m|hrs|utc|gmt|[a-z]{3,4}\b))"
)
_ISO_OFFSET = (
    r"(?<=[0-9])(?:(?<=t[0-9]{2}:[0-9]{2})|(?<=t[0-9]{4})|(?<=t[0-9]{2}:[0-9]{2}:[0-9]{2})|(?<=t[0-9]{6}))"
    r"(?P<s2>[+-])(?P<h2>[0-9]{2}):?(?P<m2>[0-9]{2})"
)
_PLUS_OFFSET = r"(?<=[0-9m])\s?\(?\+(?P<h3>[0-9]{2}):?(?P<m3>[0-9]{2})(?![0-9:])\)?"
_IANA = (
    r"(?P<iana>(?:africa|america|asia|australia|europe|pacific|atlantic|indian)/[a-z]+(?:_[a-z]+){0,3}(?:/[a-z_]+)?)"
)
_NAMED = re.compile(
    f"(?P<o>{_OFFSET})|(?P<i>{_ISO_OFFSET})|(?P<p>{_PLUS_OFFSET})|(?<![a-z])(?:{_IANA}|(?P<w>{'|'.join(_WORDS)})|"
    f"(?P<l>{'|'.join(sorted(_LETTERS, key=len, reverse=True)).lower()}))(?![a-z0-9])"
)
_Z = re.compile(r"(?<=[0-9])z(?![a-z0-9])")


def zones_in(plain: str, masked: str) -> tuple[list[ZoneWord], str]:
    """Every zone in the text, in order, and the text with them blanked out."""
    found = (_zone_word(match, plain) for match in _NAMED.finditer(masked))
    zones = [zone for zone in found if zone is not None]
    masked = blanked(masked, zones, "\x01")
    zones += (ZoneWord(match.start(), match.end(), "Z") for match in _Z.finditer(masked))
    return sorted(zones, key=lambda zone: zone.start), _Z.sub("\x01", masked)


def _zone_word(match: re.Match[str], plain: str) -> ZoneWord | None:
    start, end = match.span()
    for kind, sign, hours, minutes in (("o", "s", "h", "m"), ("i", "s2", "h2", "m2"), ("p", "", "h3", "m3")):
        if match[kind] is not None:
            minus = bool(sign) and "-" in match[sign]
            length = timedelta(hours=int(match[hours]), minutes=int(match[minutes] or 0))
            return ZoneWord(start, end, plain[start:end].strip(" ()"), -length if minus else length)
    if match["l"] is not None:
        written = plain[start:end]
        return ZoneWord(start, end, written) if written.isupper() and written != "Z" else None
    if match["iana"] is not None:
        written = plain[start:end]
        return ZoneWord(start, end, written)
    words = match["w"]
    for pattern, name in _WORDS.items():
        if re.fullmatch(pattern, words):
            return ZoneWord(start, end, name)
    return None


class ZoneWordError(ValueError):
    """A zone that does not fit the day, or may be several: the name of the finding, and the reason."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


def instant_in(word: ZoneWord, wall: datetime, default: Zone | None) -> tuple[datetime, str]:
    """The UTC instant of a wall-clock time in a zone as it is written, and the IANA name of the zone, if known.

    Raises ZoneWordError, and CalendarError where the zone's clock skips the time or shows it twice.
    """
    if word.offset is not None:
        return _by_offset(word.name, word.offset, wall, default)
    if word.name == "local":
        if default is None:
            raise ZoneWordError("tz-missing", "local time is that of no known place")
        return default.instant(wall), default.name
    if word.name in ("UTC", "Z"):
        return wall.replace(tzinfo=UTC), "UTC"
    if word.name == "GMT":
        return _greenwich(wall, default)
    if word.name == "ambiguous":
        raise ZoneWordError("tz-ambiguous", "the Ethiopian day is counted from six in the morning, too")
    if word.name == "EST/DST":
        raise ZoneWordError("tz-conflict", f"{word.name} names two clocks at once")
    if "/" in word.name and word.name.split("/")[0] not in _LETTERS:
        zone = _known(word.name)
        return zone.instant(wall), zone.name
    return _by_letters(word.name, wall, default)


def _known(name: str) -> Zone:
    try:
        return zone_named(name)
    except CalendarError:
        raise ZoneWordError("tz-ambiguous", f"{name} is no zone that we know") from None


def _greenwich(wall: datetime, default: Zone | None) -> tuple[datetime, str]:
    """GMT is UTC; where the operator's own clock is GMT in winter only, it is a fault in summer."""
    instant = wall.replace(tzinfo=UTC)
    if default is None:
        return instant, "UTC"
    shown, letters = default.wall(instant)
    if letters == "GMT":
        return instant, default.name
    if default.name in ("Europe/London", "Europe/Dublin", "Europe/Belfast", "Europe/Jersey", "Europe/Guernsey"):
        raise ZoneWordError("tz-conflict", f"on this day the clock of {default.name} is {letters}, not GMT")
    return instant, default.name if shown == wall else "UTC"


def _by_offset(name: str, offset: timedelta, wall: datetime, default: Zone | None) -> tuple[datetime, str]:
    if abs(offset) > timedelta(hours=14):
        raise ZoneWordError("tz-conflict", f"no zone is at {name}")
    instant = (wall - offset).replace(tzinfo=UTC)
    return instant, default.name if default and default.wall(instant)[0] == wall else ""


def _by_letters(name: str, wall: datetime, default: Zone | None) -> tuple[datetime, str]:
    """By the letters that a zone's clock shows at that time: the operator's own zone first."""
    letters, _, city = name.partition("/")
    candidates = [zone_named(zone) for zone in _LETTERS[letters] if not city or zone.endswith(city)]
    if default is not None and (own := _shown_by(default, letters, wall)):
        return own, default.name
    meant = _LETTERS[letters][0]
    far = default is not None and default.name.startswith(_FAR + (("Africa/",) if letters in ("EST", "CST") else ()))
    if default and far and not city and letters not in _ALL_YEAR and meant.startswith("America/"):
        raise ZoneWordError("tz-ambiguous", f"{letters} may be {meant} or a name of the clock of {default.name}")
    fits = [(instant, zone.name) for zone in candidates if (instant := _shown_by(zone, letters, wall))]
    if not fits:
        raise ZoneWordError("tz-conflict", f"on this day the clock of {candidates[0].name} is not {letters}")
    alike = {"AEST", "ACST", "EET", "EEST"}  # the first is meant, or one that agrees with it
    instants = {instant for instant, _ in fits}
    if len(instants) > 1 or (len(candidates) > 1 and letters not in alike and not city):
        raise ZoneWordError("tz-ambiguous", f"{letters} may be {' or '.join(zone.name for zone in candidates)}")
    if letters in alike and fits[0][1] != candidates[0].name:
        raise ZoneWordError("tz-conflict", f"on this day the clock of {candidates[0].name} is not {letters}")
    return fits[0]


def _shown_by(zone: Zone, letters: str, wall: datetime) -> datetime | None:
    """The instant at which the clock of a zone shows this time and these letters, or nothing."""
    if letters in _ALL_YEAR:
        if zone.name not in _LETTERS[letters] and not _is_kin(zone, letters):
            return None
        return zone.instant(wall)
    for offset in _offsets_of(zone, letters, wall):
        instant = (wall - offset).replace(tzinfo=UTC)
        shown, now = zone.wall(instant)
        if shown == wall and (now == letters or letters in _UNSHOWN):
            return instant
    return None


def _is_kin(zone: Zone, letters: str) -> bool:
    """Whether a zone keeps the same clock as the one that the letters name: Toronto's is that of New York."""
    meant = zone_named(_LETTERS[letters][0])
    days = [datetime(2024, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
    return all(zone.wall(day) == meant.wall(day) for day in days)


def _offsets_of(zone: Zone, letters: str, wall: datetime) -> list[timedelta]:
    """The offsets that a zone has within a day of a wall-clock time, where its letters are these."""
    if letters in _UNSHOWN and zone.name in _LETTERS[letters]:
        return [timedelta(minutes=_UNSHOWN[letters])]
    offsets = []
    for hours in (-26, 0, 26):
        instant = (wall + timedelta(hours=hours)).replace(tzinfo=UTC)
        shown, now = zone.wall(instant)
        if now == letters:
            offsets.append(shown - instant.replace(tzinfo=None))
    return list(dict.fromkeys(offsets))
