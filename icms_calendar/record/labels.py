"""The one table of words and labels, in English and Swahili side by side, for feeds, pages and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "sw"]
ByLanguage = dict[Language, dict[str, str]]


def _by_language(pairs: Mapping[str, tuple[str, str]]) -> ByLanguage:
    """The words of each language by their keys."""
    return {
        "en": {key: english for key, (english, _) in pairs.items()},
        "sw": {key: swahili for key, (_, swahili) in pairs.items()},
    }


LANGUAGE_NAMES: dict[Language, str] = {"en": "English", "sw": "Kiswahili"}
IMPACT_WORDS = _by_language(
    {
        "outage": ("Unavailable", "Haipatikani"),
        "degraded": ("Degraded", "Kiwango cha chini"),
        "reduced-redundancy": (
            "Reduced redundancy, no interruption expected",
            "Uwezo wa akiba umepungua, hakuna kukatizwa kunakotarajiwa",
        ),
        "no-impact": ("No interruption expected", "Hakuna kukatizwa kunakotarajiwa"),
    }
)
STATUS_WORDS = _by_language(
    {
        "tentative": ("Tentative: not confirmed yet.", "Bado hayajathibitishwa."),
        "confirmed": ("", ""),
        "in-process": ("", ""),  # people read the text at any time, before the start and after the end
        "completed": ("Completed.", "Yamekamilika."),
        "cancelled": (
            "Cancelled: this maintenance does not take place.",
            "Yameghairiwa: matengenezo haya hayatafanyika.",
        ),
    }
)
STATE_WORDS = _by_language(  # beside a title; a cancelled window has its mark before it
    {
        "tentative": ("not confirmed yet", "bado hayajathibitishwa"),
        "completed": ("completed", "yamekamilika"),
    }
)
CHANNEL_WORDS = _by_language(
    {
        "unavailable": ("unavailable", "haipatikani"),
        "queued": ("queued", "inasubiri kwenye foleni"),
        "rejected": ("rejected", "inakataliwa"),
        "degraded": ("degraded", "kiwango cha chini"),
        "unaffected": ("unaffected", "haiathiriki"),
    }
)
CHANGE_WORDS = {  # by the kind of a change, or for `status`, by the new status
    "added": "New",
    "moved": "Moved",
    "extended": "Takes longer",
    "shortened": "Takes less time",
    "cancelled": "Cancelled",
    "reinstated": "Takes place after all",
    "affected": "Affects other systems",
    "impact": "Impact changed",
    "reworded": "Details changed",
    "ended": "No longer listed",
    "vanished": "No longer in the feed",
    "tentative": "No longer confirmed",
    "confirmed": "Confirmed",
    "in-process": "Under way",
    "completed": "Completed",
}
ALL_OF: dict[Language, str] = {"en": "all of {name}", "sw": "{name}, yote"}
CANCELLED_MARK = "CANCELLED: "  # many programs show a cancelled event like any other, except for its words

LABELS = _by_language(
    {
        "services": ("Services", "Huduma"),
        "channels": ("Channels", "Njia"),
        "audience": ("Who is affected", "Wanaoathirika"),
        "description": ("Details", "Maelezo"),
        "reason": ("Reason", "Sababu"),
        "fallback": ("What to do", "La kufanya"),
        "notice": ("Notice", "Tangazo"),
        "reference": ("Reference", "Kumbukumbu"),
        "contact": ("Contact", "Mawasiliano"),
        "source": ("Official notice", "Tangazo rasmi"),
        "announced": ("First announced", "Yalitangazwa kwanza"),
        "changed": ("Last changed", "Yalibadilishwa mara ya mwisho"),
        "moved": ("Moved from", "Yamehamishwa kutoka"),
        "moved_short": ("moved from", "yamehamishwa kutoka"),
        "no_longer": ("No longer affects", "Hayaathiri tena"),
        "no_longer_in": ("No longer in", "Hayapo tena kwenye"),
        "more": ("Details and changes", "Maelezo na mabadiliko"),
    }
)
