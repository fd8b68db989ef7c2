"""The pictures of the page in docs/pictures: python -m tests.real.pictures [FOLDER] builds every state and draws it.

Without FOLDER the six pictures of the documentation are written; with one, every state at every width, to be looked at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from icms_calendar import MaintenanceCalendar, build_site
from tests.conftest import ROOT
from tests.real.browser import Browser, chromium, served

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
AGENTS = {"": "", "android": ANDROID, "iphone": IPHONE}

BASE: dict[str, Any] = {
    "name": "Planned maintenance of iCMS and iTax",
    "domain": "customs.example.org",
    "timezone": "Africa/Nairobi",
    "url": "https://customs.example.org/",
    "publisher": {"name": "Example Clearing Agents Association", "email": "calendar@example.org"},
    "languages": ["en", "sw"],
    "reminders": ["P1D"],
    "systems": [
        {
            "id": "icms",
            "name": "Integrated Customs Management System",
            "short": "iCMS",
            "operator": {"name": "Kenya Revenue Authority"},
            "services": [
                {"id": "sea", "name": "Sea manifests"},
                {"id": "house", "name": "House manifests"},
                {"id": "declaration", "name": "Customs declarations"},
            ],
        },
        {
            "id": "itax",
            "name": "iTax",
            "operator": {"name": "Kenya Revenue Authority"},
            "services": [{"id": "filing", "name": "Filing"}, {"id": "payments", "name": "Payments"}],
        },
    ],
}
SUNDAY = {
    "id": "icms-2026-11-29",
    "system": "icms",
    "start": "2026-11-29 04:00",
    "end": "2026-11-29 10:00",
    "announced": "2026-11-24",
    "channels": {"Online": "unavailable", "System to system": "queued"},
    "audience": ["Importers", "exporters", "shipping lines"],
    "fallback": "Lodge manifests before 3am on Sunday. Messages from your own system are queued until 10am.",
    "source": "https://notices.example.org/2026-118",
}
WINDOWS: list[dict[str, Any]] = [
    SUNDAY,
    {
        "id": "itax-2026-12-05",
        "system": "itax",
        "start": "2026-12-05 22:00",
        "end": "2026-12-06 04:00",
        "impact": "degraded",
        "services": ["payments"],
        "announced": "2026-11-23",
        "reason": "Database upgrade",
    },
    {
        "id": "icms-2026-12-12",
        "system": "icms",
        "start": "2026-12-12 06:00",
        "end": "2026-12-12 09:00",
        "status": "cancelled",
        "services": ["sea"],
        "reason": "Parts arrived late. A new date will be announced.",
    },
    {
        "id": "move-2026-12-19",
        "systems": ["icms", "itax"],
        "start": "2026-12-19 20:00",
        "end": "2026-12-21 06:00",
        "status": "tentative",
        "title": "Data centre move",
        "fallback": "Perishable goods: ask the station for release on paper.",
    },
    {
        "id": "itax-2026-12-27",
        "system": "itax",
        "start": "2026-12-27 04:00",
        "end": "2026-12-27 05:00",
        "impact": "no-impact",
        "emergency": True,
        "title": "iTax security update",
    },
    {"id": "icms-2027-01-10", "system": "icms", "start": "2027-01-10 02:00", "end": "2027-01-10 06:00"},
    {"id": "icms-2026-11-08", "system": "icms", "start": "2026-11-08 02:00", "end": "2026-11-08 06:30"},
]
ONE: dict[str, Any] = {**BASE, "name": "Planned maintenance of iCMS", "systems": BASE["systems"][:1]}
SUNDAY_MORNING = datetime(2026, 11, 29, 4, 40, tzinfo=UTC)
# Of each state: the calendar, when it is built, and what the visitor's clock shows.
_STATES: dict[str, tuple[dict[str, Any], datetime, datetime]] = {
    "planned": ({**BASE, "windows": WINDOWS}, NOW, NOW),
    "now": (
        {**ONE, "windows": [SUNDAY]},
        SUNDAY_MORNING,
        SUNDAY_MORNING,
    ),
    "begun": ({**BASE, "windows": WINDOWS}, NOW, datetime(2026, 11, 27, 4, 40, tzinfo=UTC)),
    "stale": ({**BASE, "windows": WINDOWS}, NOW, datetime(2026, 12, 3, 6, tzinfo=UTC)),
    "none": ({**ONE, "windows": WINDOWS[-1:]}, NOW, NOW),
    "empty": ({**ONE, "windows": []}, NOW, NOW),
    "cancelled": ({**ONE, "windows": [{**SUNDAY, "status": "cancelled"}]}, NOW, NOW),
    "degraded": (
        {**ONE, "windows": [{**SUNDAY, "impact": "degraded"}]},
        SUNDAY_MORNING,
        SUNDAY_MORNING,
    ),
    "partly": (
        {**BASE, "windows": [{**SUNDAY, "services": ["sea"]}, *WINDOWS[1:]]},
        SUNDAY_MORNING,
        SUNDAY_MORNING,
    ),
    "unsure": ({**ONE, "windows": [{**SUNDAY, "status": "tentative", "emergency": True}]}, NOW, NOW),
    "calm": ({**ONE, "windows": [{**SUNDAY, "impact": "no-impact"}]}, NOW, NOW),
}
# The default font of Debian's Chromium is much wider than those of phones and other computers; this one is like theirs.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><match target="pattern">
<test qual="all" name="family" compare="not_eq"><string>monospace</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit>
</match></fontconfig>
"""
_DOCS = {
    "planned-1280.png": ("planned", 1280, "light", "", 960),
    "planned-dark-1280.png": ("planned", 1280, "dark", "", 960),
    "planned-360.png": ("planned", 360, "light", "android", 1040),
    "now-360.png": ("now", 360, "light", "android", 1040),
    "none-1280.png": ("none", 1280, "light", "", 960),
    "stale-360.png": ("stale", 360, "light", "android", 900),
}


def build_states(folder: Path) -> None:
    """Build the site of every state into a folder of its name."""
    for name, (data, now, _) in _STATES.items():
        build_site(MaintenanceCalendar.model_validate(data), folder / name, now=now)


def draw(
    browser: Browser, site: str, state: str, width: int, scheme: str, device: str, height: int | None, path: str = ""
) -> bytes:
    """A picture of a state as a visitor sees it."""
    seen = _STATES[state][2].timestamp()
    browser.open(f"{site}/{state}/{path}", width=width, scheme=scheme, now=seen, agent=AGENTS[device])
    return browser.picture(height)


def main(folder: Path | None) -> None:
    """Draw the pictures of the documentation, or every state into `folder`."""
    with tempfile.TemporaryDirectory() as work:
        build_states(Path(work))
        fonts = Path(work) / "fonts.conf"
        fonts.write_text(_FONTS)
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        with served(Path(work)) as site, chromium(Path(work) / "profile") as browser:
            if folder is None:
                pictures = ROOT / "docs" / "pictures"
                pictures.mkdir(parents=True, exist_ok=True)
                for name, (state, width, scheme, device, height) in _DOCS.items():
                    (pictures / name).write_bytes(draw(browser, site, state, width, scheme, device, height))
                return
            folder.mkdir(parents=True, exist_ok=True)
            for state, width, scheme in product(_STATES, (360, 768, 1280), ("light", "dark")):
                device = "android" if width == 360 else ""
                for language, path in (("", ""), ("-sw", "sw/")):
                    shot = draw(browser, site, state, width, scheme, device, None, path)
                    (folder / f"{state}-{width}-{scheme}{language}.png").write_bytes(shot)
            (folder / "embed-360.png").write_bytes(draw(browser, site, "planned", 360, "light", "", None, "embed.html"))
            (folder / "system-1280.png").write_bytes(draw(browser, site, "planned", 1280, "light", "", None, "icms/"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
