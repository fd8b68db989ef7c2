"""A Flask application that publishes the maintenance windows of its database. Run: flask --app flask_app run"""

import mimetypes
import os
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, send_from_directory

from icms_calendar import MaintenanceCalendar, MaintenanceWindow, build_site

SITE = Path(os.environ.get("CALENDAR_SITE", "public")).absolute()
mimetypes.add_type("text/calendar", ".ics")
app = Flask(__name__)


def windows() -> list[MaintenanceWindow]:
    """The windows as your database has them."""
    return [MaintenanceWindow(id="w1", system="portal", start="2026-12-06 02:00", end="2026-12-06 06:00")]


@app.cli.command("publish")
def publish() -> None:
    """Build the site again: call this whenever a window changes, and once a day."""
    calendar = MaintenanceCalendar(
        name="Portal maintenance", domain="portal.example.org", timezone="Africa/Nairobi", windows=windows()
    )
    build_site(calendar, SITE, now=datetime.now(UTC))


@app.get("/calendar/")
@app.get("/calendar/<path:name>")
def calendar(name: str = "index.html") -> Response:
    response = send_from_directory(SITE, name, max_age=300)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
