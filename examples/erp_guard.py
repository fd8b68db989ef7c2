"""May I send this manifest now, and if not, when? Exit code 0: send it. usage: erp_guard.py RECORDS [TIME]"""

import sys
from datetime import UTC, datetime, timedelta

from icms_calendar import MaintenanceCalendar

records, *at = sys.argv[1:] or sys.exit(__doc__)
now = datetime.fromisoformat(at[0]) if at else datetime.now(UTC)
schedule = MaintenanceCalendar.load(records).schedule(until=now + timedelta(days=365))
free = schedule.next_available(now, timedelta(minutes=30), service="icms/sea-manifest")
if free > now:
    sys.exit(f"Not now. Send it at {free.isoformat()}.")
