"""Post what `icms-calendar diff --format json` shows to the webhook of a chat. usage: … | post_changes.py ADDRESS"""

import json
import sys
from urllib.request import Request, urlopen

if len(sys.argv) != 2:
    sys.exit(__doc__)
changes = json.load(sys.stdin)
if any(change["kind"] == "stops-build" for change in changes):
    sys.exit("The build would stop, so nothing has changed for subscribers.")
if changes:
    message = json.dumps({"text": "\n".join(change["text"] for change in changes)}).encode()
    with urlopen(Request(sys.argv[1], message, {"Content-Type": "application/json"}), timeout=30):
        print(f"Posted {len(changes)} changes.")
