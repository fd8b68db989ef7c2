"""The X-MAINTNOTE properties of the maintenance-notification BCOP (github.com/jda/maintnote-std).

The set is complete in every event: circuit-maintenance-parser refuses a feed in which one event lacks it.
encode.py turns them into lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from icms_calendar.record.affected import Affected
from icms_calendar.record.fields import Impact
from icms_calendar.record.parts import Maintnote

Property = tuple[str, str]  # the name with its parameters, and the value, a text

DEFAULT_ACCOUNT = "public"  # circuit-maintenance-parser refuses an empty account


def issuer(provider: str, given: Maintnote | None) -> tuple[Property, Property]:
    """Who announces it, and to whom; `given` is what an imported notification said."""
    return (
        ("X-MAINTNOTE-PROVIDER", (given and given.provider) or provider),
        ("X-MAINTNOTE-ACCOUNT", (given and given.account) or DEFAULT_ACCOUNT),
    )


def maintenance_id(window_id: str, given: Maintnote | None) -> Property:
    """The identity of the maintenance."""
    return "X-MAINTNOTE-MAINTENANCE-ID", (given and given.id) or window_id


def objects(affected: Iterable[Affected], impact: Impact, given: Maintnote | None) -> tuple[Property, ...]:
    """Each object affected with its impact, then the impact of all."""
    pairs = [(entry.object_id, entry.impact) for entry in affected]
    if given and given.objects:
        pairs = [(entry.id, entry.impact or impact) for entry in given.objects]
    named = ((f"X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT={worst.upper()}", id_) for id_, worst in pairs)
    return *named, ("X-MAINTNOTE-IMPACT", impact.upper())


def status(of: str) -> Property:
    """The exact status; STATUS has only three values."""
    return "X-MAINTNOTE-STATUS", of.upper()
