"""The one table of words and labels, in English and Swahili, for feeds, pages and notices."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "sw"]

LANGUAGE_NAMES: dict[Language, str] = {"en": "English", "sw": "Kiswahili"}
IMPACT_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "outage": "Unavailable",
        "degraded": "Degraded",
        "reduced-redundancy": "Reduced redundancy, no interruption expected",
        "no-impact": "No interruption expected",
    },
    "sw": {
        "outage": "Haipatikani",
        "degraded": "Kiwango cha chini",
        "reduced-redundancy": "Uwezo wa akiba umepungua, hakuna kukatizwa kunakotarajiwa",
        "no-impact": "Hakuna kukatizwa kunakotarajiwa",
    },
}
STATUS_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "tentative": "Tentative: not confirmed yet.",
        "confirmed": "",
        "in-process": "",  # people read the text at any time, before the start and after the end
        "completed": "Completed.",
        "cancelled": "Cancelled: this maintenance does not take place.",
    },
    "sw": {
        "tentative": "Bado hayajathibitishwa.",
        "confirmed": "",
        "in-process": "",
        "completed": "Yamekamilika.",
        "cancelled": "Yameghairiwa: matengenezo haya hayatafanyika.",
    },
}
STATE_WORDS: dict[Language, dict[str, str]] = {  # beside a title; a cancelled window has its mark before it
    "en": {"tentative": "not confirmed yet", "completed": "completed"},
    "sw": {"tentative": "bado hayajathibitishwa", "completed": "yamekamilika"},
}
CHANNEL_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "unavailable": "unavailable",
        "queued": "queued",
        "rejected": "rejected",
        "degraded": "degraded",
        "unaffected": "unaffected",
    },
    "sw": {
        "unavailable": "haipatikani",
        "queued": "inasubiri kwenye foleni",
        "rejected": "inakataliwa",
        "degraded": "kiwango cha chini",
        "unaffected": "haiathiriki",
    },
}
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

LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "services": "Services",
        "channels": "Channels",
        "audience": "Who is affected",
        "description": "Details",
        "reason": "Reason",
        "fallback": "What to do",
        "notice": "Notice",
        "reference": "Reference",
        "contact": "Contact",
        "source": "Official notice",
        "announced": "First announced",
        "changed": "Last changed",
        "moved": "Moved from",
        "moved_short": "moved from",
        "no_longer": "No longer affects",
        "no_longer_in": "No longer in",
        "more": "Details and changes",
    },
    "sw": {
        "services": "Huduma",
        "channels": "Njia",
        "audience": "Wanaoathirika",
        "description": "Maelezo",
        "reason": "Sababu",
        "fallback": "La kufanya",
        "notice": "Tangazo",
        "reference": "Kumbukumbu",
        "contact": "Mawasiliano",
        "source": "Tangazo rasmi",
        "announced": "Yalitangazwa kwanza",
        "changed": "Yalibadilishwa mara ya mwisho",
        "moved": "Yamehamishwa kutoka",
        "moved_short": "yamehamishwa kutoka",
        "no_longer": "Hayaathiri tena",
        "no_longer_in": "Hayapo tena kwenye",
        "more": "Maelezo na mabadiliko",
    },
}
