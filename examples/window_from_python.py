"""A maintenance window from Python code: made, moved, and written as a feed to import or to serve."""

from datetime import UTC, datetime

from icms_calendar import MaintenanceCalendar, MaintenanceWindow

window = MaintenanceWindow(id="icms-2025-07-13", system="icms", start="2025-07-13 04:00", end="2025-07-13 10:00")
calendar = MaintenanceCalendar(
    name="KRA iCMS maintenance", domain="icms.example.org", timezone="Africa/Nairobi", windows=[window]
)
calendar = calendar.replace(window.extend(datetime.fromisoformat("2025-07-13T12:00+03:00")))
print(calendar.to_ical(now=datetime(2025, 7, 11, tzinfo=UTC)).decode(), end="")
