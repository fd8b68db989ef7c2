"""May I send this manifest now, and if not, when? Exit code 0: send it."""

import sys
from datetime import UTC, datetime, timedelta

from icms_calendar import MaintenanceCalendar

calendar = MaintenanceCalendar.load(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else datetime.now(UTC)
schedule = calendar.schedule(until=now + timedelta(days=365))
free = schedule.next_available(now, timedelta(minutes=30), service="icms/sea-manifest")
if free > now:
    sys.exit(f"Not now. Send it at {free.isoformat()}.")
