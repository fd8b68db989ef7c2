"""The addresses by which people subscribe to a feed, one for each family of calendar programs, and QR codes.

feed/publication.py decides which feeds exist; prose.py, what the page says about them.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from io import BytesIO
from urllib.parse import quote, urlsplit

from icms_calendar.feed.publication import Feed, address_of
from icms_calendar.record.addresses import ALL
from icms_calendar.record.labels import Language
from icms_calendar.record.model import MaintenanceCalendar
from icms_calendar.site.prose import PROSE

MAX_ADDRESS_CHARACTERS = 256  # Google is reported to refuse a longer one without explanation


def subscribe_links(address: str, name: str) -> dict[str, str]:
    """The links that add the feed at an http(s) address to a calendar program, called `name` where that is possible.

    A click on `https` downloads a copy that never changes, so it is for copying and pasting, which works everywhere.
    """
    webcal = "webcal" + address[len(urlsplit(address).scheme) :]
    outlook = f"/calendar/0/addfromweb/?url={_encoded(webcal)}&name={_encoded(name)}"
    return {
        "https": address,
        # Apple Calendar, Thunderbird, classic Outlook; browsers on Android and the new Outlook drop it.
        "webcal": webcal,
        # One click; undocumented, and reported to be refused for other people's feeds in July 2026. It fails on a cid
        # that is an https address.
        "google": f"https://calendar.google.com/calendar/r?cid={_encoded(webcal)}",
        "outlook": f"https://outlook.live.com{outlook}",  # Outlook.com
        "office": f"https://outlook.office.com{outlook}",  # Microsoft 365
    }


def offer(feed: Feed, calendar: MaintenanceCalendar, language: Language) -> dict[str, object]:
    """A feed as a page in one language offers it: its name, its file, and its links if the calendar has a url."""
    address = address_of(f"{feed.path}.ics", calendar)
    name = PROSE[language].every_system if feed.path == ALL else feed.name.removeprefix(f"{calendar.name}: ")
    return {"name": name, "path": feed.path, "links": subscribe_links(address, feed.name) if address else None}


def google_event(title: str, start: datetime, end: datetime, details: str | None) -> str:
    """The link that opens one event in Google's editor, also on Android (`r/eventedit` does not). Instants in UTC."""
    dates = f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"
    link = f"https://calendar.google.com/calendar/render?action=TEMPLATE&text={_encoded(title)}&dates={dates}"
    return f"{link}&details={_encoded(details)}" if details else link


def qr_code(text: str) -> bytes:
    """The QR code of a text as an SVG file with a quiet zone, dark on white in any theme."""
    import segno

    file = BytesIO()
    segno.make(text, error="m", micro=False, mask=_MASK).save(
        file, kind="svg", border=4, scale=4, light="#fff", xmldecl=False, omitsize=False, svgclass=None, lineclass=None
    )
    return file.getvalue()


_encoded = cache(partial(quote, safe=""))


# Any of the eight masks can be read; searching for the best one takes five times as long as everything else.
_MASK = 3
