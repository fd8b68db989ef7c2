"""What looks like a date or a time and is neither: addresses, telephone numbers, references, versions, amounts.

address    what has "://", "www." or "@" in it, or is numbers with three dots (192.0.2.10)
telephone  digits behind tel, call, phone, hotline, WhatsApp …; behind "+"; 0711 099 999; (020) 281 0000; 1-800-…
reference  digits behind ref, no., #, ticket, circular, version, v, section, phase, port …; letters with digits and
           slashes (KRA/2025/07); the years of a copyright
round      24/7, 24x7, 24-hour (service)
amount     digits behind or before a currency or "%"
"""

from __future__ import annotations

import re

from icms_calendar.notice.terms import Other, blanked

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"(?:[a-z][a-z0-9+.]{1,9}://|www\.)[^\s<>\"]{1,500}|[a-z0-9._%+-]{1,64}@[a-z0-9.-]{2,100}")),
    ("address", re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![0-9.])")),
    ("round", re.compile(r"(?<![0-9/])24\s?(?:/|x)\s?7(?:\s?/\s?365)?(?![0-9/])|(?<![0-9])24/24(?![0-9])")),
    (
        "telephone",
        re.compile(
            r"(?<![a-z])(?:tel(?:ephone)?|phone|mobile|cell|call(?:\scent(?:re|er))?|call\sus|dial|hot\s?line|"
            r"help\s?line|help\s?desk|toll[ -]free|whatsapp|sms|fax|ussd|contact)"
            r"(?:\snumber|\sno)?(?:\s(?:on|at|us\son|us\sat|to|us))?\s?[.:#*]{0,2}\s?(?:[+(]{0,2}[0-9][0-9 ()"
            r"/-]{5,24}[0-9]|[0-9]{3,5}(?!\s?(?:hrs|hours|h|am|pm|-|to\s|until\s)|[0-9:.]))"
        ),
    ),
    (
        "telephone",
        re.compile(
            r"(?<![0-9a-z])(?:\+|00(?=[1-9]))[1-9][0-9]{0,2}[ ().-]{0,2}(?:[0-9][ ().-]{0,2}){6,11}[0-9](?![0-9:])"
        ),
    ),
    (
        "telephone",
        re.compile(
            r"(?<![0-9a-z/:.-])(?:\(0[0-9]{1,4}\)|0[0-9]{2,4})[ -][0-9]{3,4}[ -]?[0-9]{3,4}(?:[ -][0-9]{2,4})"
            r"?(?![0-9:h])"
        ),
    ),
    (
        "telephone",
        re.compile(r"(?<![0-9a-z/:.-])(?:1[ -])?(?:\([2-9][0-9]{2}\)\s?|[2-9][0-9]{2}-)[0-9]{3}-[0-9]{4}(?![0-9:])"),
    ),
    ("telephone", re.compile(r"(?<![0-9a-z/:.-])(?:1[ -]?)?8[0-9]{2}[ -][0-9]{3,4}[ -][0-9]{3,4}(?![0-9:])")),
    ("telephone", re.compile(r"(?<![0-9a-z/:.-])0[0-9]{9,10}(?![0-9:])|\*[0-9]{2,4}(?:\*[0-9]{1,4}){0,3}#")),
    (
        "reference",
        re.compile(
            r"(?<![a-z])(?:ref(?:erence)?|our\sref|notice\sno|circular|bulletin|ticket|incident|"
            r"change\srequest|case|csms|no|number|nr|id|chg|crq|inc|version|ver|release|v|"
            r"section|article|clause|paragraph|page|form|phase|stage|step|port|floor|room|suite|box|"
            r"p\.?\s?o\.?\s?box|regulation|isin|vlan|patch|build)(?![a-z])"
            r"(?:\s?(?:no|number|nr|id))?\s?[.:#]{0,2}\s?#?(?!\d\d?:\d\d)(?=[a-z/_-]{0,20}[0-9])"
            r"[a-z0-9][a-z0-9/._-]{0,40}(?<![.])(?![a-z0-9])(?!\s?(?:am|pm|a\.m|p\.m|hrs|hours|(?:st|nd|rd|th)"
            r"?\s?(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
        ),
    ),
    (
        "reference",
        re.compile(
            r"(?<![a-z0-9/])[a-z]{2,12}(?:[/_-][a-z0-9]{1,12}){0,3}[/_-][0-9]{2,8}(?:[/_-][a-z0-9]{1,10})"
            r"{0,3}(?![a-z0-9/:])"
        ),
    ),
    (
        "reference",
        re.compile(
            r"(?<![a-z0-9/])(?!jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{2,6}[0-9]{2}-[0-9]{2,5}"
            r"(?![a-z0-9/:-])"
        ),
    ),
    ("reference", re.compile(r"#\s?[0-9]{1,12}(?![0-9:])")),
    ("reference", re.compile(r"(?:©|\(c\)|\bcopyright)\s?(?:©\s?)?[0-9]{4}(?:\s?[,-]\s?[0-9]{4})?(?![0-9:/-])")),
    (
        "reference",
        re.compile(r"(?<![0-9a-z])(?:fy|financial\syear|tax\syear|year)\s?[0-9]{4}\s?[/-]\s?[0-9]{2,4}(?![0-9/-])"),
    ),
    (
        "amount",
        re.compile(
            r"(?<![a-z])(?:ksh|kes|kshs|ush|ugx|tsh|tzs|ngn|ghs|gh|zar|inr|rs|usd|eur|gbp|\$|£|€|₦|₹)"
            r"\.?\s?[0-9][0-9,]{0,15}(?:\.[0-9]{1,2})?(?![0-9])|"
            r"(?<![0-9a-z:./-])[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?(?![0-9,])|(?<![0-9a-z:])"
            r"[0-9]{1,3}(?:\.[0-9]{1,3})?\s?(?:%|percent|per\scent)"
        ),
    ),
)
_MONTH_LIKE = re.compile(
    r"(?:^|[/_-])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?:[/_-]|$)"
)
_TIME_LIKE = re.compile(
    r"[0-9](?:am|pm|hrs|hours|h)(?![a-z])|\A(?:hrs?|hours?|am|pm|noon|midnight|midday|from|at|on|to|until|till|date|time|"
    r"start|end|begin|between|and|today|tonight|tomorrow)[/_-]"
)


def others_in(low: str) -> tuple[list[Other], str]:
    """Every such thing in the text, in order, and the text with them blanked out."""
    others: list[Other] = []
    masked = low
    for kind, pattern in _PATTERNS:
        made = [
            Other(*match.span(), kind)
            for match in pattern.finditer(masked)
            if kind != "reference" or not (_MONTH_LIKE.search(match[0]) or _TIME_LIKE.search(match[0]))
        ]
        masked = blanked(masked, made, "\x04")
        others += made
    return sorted(others, key=lambda other: other.start), masked
