"""Every public name of icms_calendar, once: a program that type checkers accept, and that runs in an empty folder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import icms_calendar as ic

NOW = datetime(2026, 3, 1, tzinfo=UTC)
port = ic.System(
    id="port", name="Port system", operator=ic.Operator(name="Port Authority"), services=[ic.Service(id="pilots")]
)
window = ic.MaintenanceWindow(
    id="upgrade",
    system="port",
    start="2026-03-14 22:00",
    duration="6h",
    services=[{"id": "pilots", "impact": "degraded"}],
)
calendar = ic.MaintenanceCalendar(
    name="Port maintenance",
    domain="port.example",
    timezone="Africa/Nairobi",
    url="https://port.example/",
    publisher=ic.Publisher(name="Port Forwarders", email="calendar@port.example"),
    systems=[port],
    feeds=[ic.FeedSpec(id="bad", name="Outages only", impact="outage")],
    windows=[window, {"id": "backup", "system": "port", "start": "2026-04-01 01:00", "end": "2026-04-01 02:00"}],
)

published: ic.Published = ic.build_site(calendar, "site", now=NOW)
moved = calendar.replace(calendar["upgrade"].reschedule("2026-03-15 22:00", "2026-03-16 04:00", "Parts are late"))
changes: ic.Changes = ic.diff(moved, "site", now=NOW)
change: ic.Change = changes.windows[0]
print(len(published.written), "files,", change.kind, change.window_id)
print(ic.announce(moved, "upgrade", now=NOW, previous=calendar.to_ical(now=NOW)))

schedule: ic.Schedule = moved.schedule()
occurrence: ic.Occurrence | None = schedule.next(NOW, service="pilots")
free = schedule.next_available(datetime(2026, 3, 15, 20, tzinfo=UTC), timedelta(hours=2), system="port")
print(occurrence and occurrence.start, free)

source: ic.Source = ic.import_ics(calendar.to_ical(now=NOW), until=datetime(2027, 1, 1, tzinfo=UTC), name="Imported")
Path("calendar.yaml").write_text(source.text, encoding="utf-8")
report: ic.Report = ic.check("calendar.yaml", now=NOW)
errors = [finding for finding in report.findings if finding.severity is ic.Severity.ERROR]
print(report.number, "windows,", len(errors), "errors;", ic.check_feed(moved.to_ical()).number, "events")

reading: ic.NoticeReading = ic.read_notice("Maintenance on 14 March 2026 from 10pm to 11pm EAT.", calendar=calendar)
draft: ic.DraftWindow = reading.windows[0]
question: ic.Question = draft.questions[0]
evidence: ic.Evidence = draft.evidence["start"]
print(draft.start, evidence.quote, question.name)

for records in (b"name: Port", source.text.encode()):
    try:
        calendar.write(ic.MaintenanceCalendar.load(records).name + ".yaml")
    except (ic.SourceError, ic.LedgerError, ic.PublishError, ic.CalendarError) as error:
        finding: ic.Finding = error.findings[0]
        print(ic.__version__, finding.code, finding.message)
