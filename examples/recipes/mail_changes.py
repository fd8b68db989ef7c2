"""Mail what `icms-calendar diff --format json` shows. usage: … | mail_changes.py SERVER[:PORT] FROM TO"""

import json
import smtplib
import sys
from email.message import EmailMessage

if len(sys.argv) != 4:
    sys.exit(__doc__)
server, sender, recipient = sys.argv[1:]
changes = json.load(sys.stdin)
if any(change["kind"] == "stops-build" for change in changes):
    sys.exit("The build would stop, so nothing has changed for subscribers.")
if changes:
    message = EmailMessage()
    message["From"], message["To"] = sender, recipient
    message["Subject"] = changes[0]["text"].splitlines()[0] if len(changes) == 1 else "Planned maintenance has changed"
    message.set_content("\n\n".join(change["text"] for change in changes))
    with smtplib.SMTP(server, timeout=30) as connection:
        connection.send_message(message)
    print(f"Mailed {len(changes)} changes.")
