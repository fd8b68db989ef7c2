"""Django views that publish the maintenance windows of a database. In urls.py: include("django_views")."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.static import serve

from icms_calendar import MaintenanceCalendar, MaintenanceWindow, build_site

mimetypes.add_type("text/calendar", ".ics")


def windows() -> list[MaintenanceWindow]:
    """The windows as your models have them."""
    return [MaintenanceWindow(id="w1", system="portal", start="2026-12-06 02:00", end="2026-12-06 06:00")]


def publish() -> None:
    """Build the site again: call this when a window is saved (post_save), and once a day."""
    calendar = MaintenanceCalendar(
        name="Portal maintenance", domain="portal.example.org", timezone="Africa/Nairobi", windows=windows()
    )
    build_site(calendar, Path(settings.CALENDAR_SITE), now=datetime.now(UTC))


def calendar(request: HttpRequest, name: str = "index.html") -> HttpResponseBase:
    response = serve(request, name, document_root=settings.CALENDAR_SITE)
    response["Cache-Control"] = "public, max-age=300, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    return response


urlpatterns = [path("calendar/", calendar), path("calendar/<path:name>", calendar)]
