"""Rules for what is written, what was published before, sites, and questions about time (ICM3xx to ICM6xx)."""

from __future__ import annotations

from icms_calendar.catalogue.rule import Rule, Severity

_SERVED = 'GET /all.ics\n200\nContent-Type: text/calendar; charset=utf-8\nAccess-Control-Allow-Origin: *\nETag: "1"'

RULES = (
    # 3: what is written
    Rule(
        "ICM301",
        "feed-too-large",
        "{feed} has {size} octets, over {limit}. Shorten history, or split it with feeds",
        meaning="The feed is larger than what Google Calendar is reported to read.",
        why="Its subscribers would see an old state, or nothing.",
        wrong=(
            "python -c \"print('id,system,start,duration,description'); "
            "[print(f'w{i},harbour,{2100 + i}-01-01 00:00,1h,' + 'x' * 1000) for i in range(1, 800)]\" > many.csv; "
            "mkdir s; cp calendar.yaml s; mv many.csv s; icms-calendar build s -o public --first-build --strict"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build --strict",
        source="users' reports on Google Calendar (about 1 MB)",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM302",
        "folder-not-ours",
        "holds files that no build of ours made ({files}). Choose another folder, or --force to build beside "
        "them: one of the same name as a file of the site is replaced",
        meaning="The output folder has other things in it, and no site of ours.",
        why="It may be the wrong folder; files of the same name would be overwritten.",
        wrong="mkdir home; echo mine > home/notes.txt; icms-calendar build calendar.yaml -o home --first-build",
        right="mkdir home; icms-calendar build calendar.yaml -o home --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM303",
        "build-under-way",
        "another build is writing this folder, or has just done so. Run this again when it is done",
        meaning="Two builds into one folder at once would mix two states.",
        why="The feeds would not belong together.",
        wrong=(
            "mkdir public; python -c \"import fcntl,time; f=open('public/.icms-calendar.lock','w'); "
            'fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); time.sleep(9)" | '
            "(read line; icms-calendar build calendar.yaml -o public --first-build)"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM304",
        "cannot-write",
        "cannot be written: {reason}. What stood there before still stands",
        meaning="The disk is full, the folder is read-only, or something else stands in the way.",
        why="A half-written site would lose windows.",
        wrong="echo > public; icms-calendar build calendar.yaml -o public --first-build",
        right="icms-calendar build calendar.yaml -o public --first-build",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM305",
        "leaves-the-folder",
        "is a link (to {target}), which a build does not follow. Remove it",
        meaning="A folder inside the output folder is a symbolic link.",
        why="Files outside of the site would be overwritten.",
        wrong=(
            "icms-calendar build calendar.yaml -o public --first-build --now 2025-01-01; mkdir other; "
            "rm -r public/events; ln -s ../other public/events; "
            "icms-calendar build calendar.yaml -o public --now 2025-01-01"
        ),
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar build calendar.yaml -o public",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM306",
        "exists-already",
        "is there already, and would be overwritten. Choose another folder",
        meaning="`init` writes new files only.",
        why="Your own records would be lost.",
        wrong="icms-calendar init new; icms-calendar init new",
        right="icms-calendar init new",
        source="design: the command line",
        shown_as="shell",
    ),
    Rule(
        "ICM307",
        "template-fault",
        "is no template of a page: {reason}",
        meaning="A template of your own cannot be read, or asks for what there is not.",
        why="The page would be missing or wrong, so nothing is published.",
        wrong=(
            "mkdir own; echo '{{ page.nonsense }}' > own/page.html; "
            "icms-calendar build calendar.yaml -o public --first-build --templates own"
        ),
        right=(
            "mkdir own; echo '{{ page.built }}' > own/page.html; "
            "icms-calendar build calendar.yaml -o public --first-build --templates own"
        ),
        source="jinja2",
        shown_as="shell",
    ),
    Rule(
        "ICM310",
        "ledger-line-ends",
        "the previous feed has LF line ends, as git writes them; it is read, and published again with CR LF",
        meaning="The previous feed was stored with other line ends than it was built with.",
        why="RFC 5545 wants CR LF, and some calendar programs refuse a feed without them.",
        wrong="icms-calendar feed calendar.yaml -o old.ics --now 2025-07-01; sed -i.bak 's/\r$//' old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2025-07-02",
        right="icms-calendar feed calendar.yaml -o old.ics --now 2025-07-01; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2025-07-02",
        source="RFC 5545 3.1",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM311",
        "ledger-lost",
        "this folder holds a site, but not the all.ics that was published with it. Put it back, name a copy with "
        "--previous, or start the history over with --first-build",
        meaning="The output folder holds a site of ours without its feed of all windows.",
        why="A build without it would start every event again at SEQUENCE 0, and would not notice what has vanished.",
        wrong="icms-calendar build calendar.yaml -o public; rm public/all.ics; "
        "icms-calendar build calendar.yaml -o public",
        right="icms-calendar build calendar.yaml -o public; icms-calendar build calendar.yaml -o public",
        source="RFC 5546 2.1.5",
        shown_as="shell",
    ),
    # 4: what was published before
    Rule(
        "ICM402",
        "ledger-unreachable",
        "the feed published before {reason}. Try again, name another with --previous, or if there never was one, "
        "say --first-build",
        meaning="The feed that --previous names could not be read.",
        why="Without it a change would not reach those who have the events, and a lost window would not be noticed.",
        wrong="icms-calendar build calendar.yaml -o public --previous gone.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM403",
        "ledger-unusable",
        "the feed published before cannot be gone on from: {reason}. Restore it from where you serve it or from its "
        "history, and name it with --previous",
        meaning="The file is no whole feed of ours: cut off, another program's, or with two events of one UID.",
        why="Going on from it would lose events, or send their revisions backwards.",
        wrong="printf 'BEGIN:VCALENDAR\\r\\n' > old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM404",
        "ledger-of-another-domain",
        'the feed published before is of "{other}", this calendar of "{domain}". Put the old domain back, or name '
        "another feed with --previous",
        meaning="No event of the feed has a UID of this calendar.",
        why="With another domain every event is a new one, and the old ones stay in people's calendars for ever.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; sed -i.bak s/harbour.example/port.example/ calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="RFC 7986 5.3",
        shown_as="shell",
    ),
    Rule(
        "ICM405",
        "ledger-event-unknown",
        "the feed published before holds an event that no build of ours wrote ({event}). It is left out",
        meaning="Somebody added an event to the published feed by hand.",
        why="It is in no record, so it cannot be kept up to date. Make it a window if it is to stay.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; "
        "sed -i.bak 's/^END:VCALENDAR/BEGIN:VEVENT\\r\\nUID:mine\\r\\nEND:VEVENT\\r\\n&/' old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM406",
        "ledger-newer",
        "the event {uid} of the feed published before has a property that this version does not write ({property}). "
        "Update icms-calendar, or restore the feed",
        meaning="The published feed was written by a newer version, or changed by hand.",
        why="Writing over it would undo what the newer version published.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; sed -i.bak 's/^CLASS/X-NEW:1\\r\\n&/' old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: changes",
        shown_as="shell",
    ),
    Rule(
        "ICM407",
        "windows-vanished",
        "{vanished} of {coming} coming windows are no longer in the records ({ids}). If they are called off, say "
        "--allow-vanished; if not, restore the records",
        meaning="More than half of the coming windows, of three or more, vanished at once; or none is left at all.",
        why="A truncated file or a wrong path must not cancel everybody's calendar.",
        wrong="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-02",
        right="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-02 --allow-vanished",
        source="design: a truncated file must not cancel a country's calendar",
        shown_as="shell",
    ),
    Rule(
        "ICM408",
        "clock-behind",
        "the clock says {now}, but an event was changed at {modified}, as the feed published before has it. "
        "Its stamps go on from there",
        meaning="The time of this build is earlier than a stamp in the feed published before.",
        why="A stamp that goes back makes programs ignore the change; one of the two clocks is wrong.",
        wrong="icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01; "
        "sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2025-07-01",
        right="icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01; "
        "sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public --previous old.ics --now 2026-02-01",
        source="RFC 5546 2.1.5",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM409",
        "feed-gone",
        "these published addresses would be gone: {addresses}. Put the ids back, or name where they moved with "
        "renamed: {{old: new}}, or let them end with retired: [old]",
        meaning="A feed or page that was published before is not part of this build.",
        why="Programs keep the last copy of a missing feed: no later move or cancellation reaches its subscribers.",
        wrong="icms-calendar build calendar.yaml -o public; sed -i.bak 's/pilotage/pilots/' calendar.yaml; "
        "icms-calendar build calendar.yaml -o public",
        right="icms-calendar build calendar.yaml -o public; sed -i.bak 's/pilotage/pilots/' calendar.yaml; "
        "echo 'renamed: {harbour/pilotage: harbour/pilots}' >> calendar.yaml; "
        "icms-calendar build calendar.yaml -o public",
        source="design: addresses; RFC 5545 has no word for a feed that moves",
        shown_as="shell",
    ),
    Rule(
        "ICM410",
        "renamed-in-circle",
        '"{old}" leads back to itself. Under renamed, let each old address lead to one in use',
        meaning="The lines under renamed lead in a circle.",
        why="No address of the circle would have contents.",
        wrong="renamed: {port: docks, docks: port}",
        right="renamed: {port: docks, docks: harbour}",
        source="design: addresses",
        shown_as="calendar",
    ),
    Rule(
        "ICM411",
        "old-address-in-use",
        '"{old}" is in use, so it cannot be under {key}. Delete that line, or choose another id for the new thing',
        meaning="An id that was renamed or retired is the id of a system, service, feed or language.",
        why="Subscribers of the old address would get windows of something else.",
        wrong="retired: [harbour]",
        right="retired: [docks]",
        source="design: addresses",
        shown_as="calendar",
    ),
    Rule(
        "ICM412",
        "renamed-to-nothing",
        '"{old}" is renamed to "{new}", which is not the id of a system, service or feed.{hint}',
        meaning="The new address of a line under renamed does not exist.",
        why="The old address would have no contents.",
        wrong="renamed: {docks: harbor}",
        right="renamed: {docks: harbour}",
        source="design: addresses",
        shown_as="calendar",
    ),
    Rule(
        "ICM413",
        "addresses-unknown",
        "not found beside the previous feed, so a feed that disappears cannot be noticed. Publish the whole site",
        meaning="--previous is an address without our status.json beside it.",
        why="status.json names the feeds and pages that people subscribed to.",
        wrong="icms-calendar feed calendar.yaml -o old.ics; "
        "python -m http.server 8409 --bind 127.0.0.1 >log 2>&1 & "
        "until python -c 'import socket; socket.create_connection((\"127.0.0.1\", 8409))' 2>log2; do :; done; "
        "icms-calendar build calendar.yaml -o public --previous http://127.0.0.1:8409/old.ics; kill $!",
        right="icms-calendar feed calendar.yaml -o old.ics; "
        "icms-calendar build calendar.yaml -o public --previous old.ics",
        source="design: addresses",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM414",
        "ledger-altered",
        "the previous feed is not as it was built: its SHA-256 is not the one in status.json. Check who changed it",
        meaning="Something other than a build changed the previous feed.",
        why="This build continues from it: what was changed in it may stay, or be published as a change.",
        wrong="icms-calendar build calendar.yaml -o public --now 2025-06-01; "
        "sed -i.bak 's/^SUMMARY:.*\\r/SUMMARY:Changed\\r/' public/all.ics; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-01",
        right="icms-calendar build calendar.yaml -o public --now 2025-06-01; "
        "icms-calendar build calendar.yaml -o public --now 2025-06-01",
        source="design: changes",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    # 5: a site
    Rule(
        "ICM501",
        "site-stale",
        "was built {age} ago, more than {limit}. Look at the last run of its build",
        meaning="The last build of the site is older than --max-age.",
        why="Scheduled builds stop silently: GitHub stops them after 60 days without a commit.",
        wrong="icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01; "
        "icms-calendar check public --max-age 36h",
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar check public --max-age 36h",
        source="GitHub Actions documentation, schedule",
        shown_as="shell",
    ),
    Rule(
        "ICM502",
        "site-damaged",
        "{reason}. Build the site again",
        meaning="A file of the site is missing, or its SHA-256 is not the one in status.json.",
        why="Subscribers see something else than was published.",
        wrong="icms-calendar build calendar.yaml -o public --first-build; rm public/all.ics; "
        "icms-calendar check public",
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar check public",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM503",
        "address-too-long",
        "the address of {feed} has {length} characters; Google Calendar is reported to refuse more than {limit}",
        meaning="The url of the calendar and the path of a feed make an address longer than some programs take.",
        why="Google Calendar refuses such an address without saying why.",
        wrong="printf 'url: https://example.org/%0240d/\n' 0 >> calendar.yaml; "
        "icms-calendar build calendar.yaml -o public",
        right="printf 'url: https://example.org/m/\n' >> calendar.yaml; icms-calendar build calendar.yaml -o public",
        source="reported by users of Google Calendar",
        shown_as="shell",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM520",
        "built-in-future",
        "was built at {built}, which lies ahead. Set the clock of the machine that builds it, and build it again",
        meaning="The last build of the site is more than five minutes later than now.",
        why="Until then the site looks fresh, even if its builds have stopped.",
        wrong="icms-calendar build calendar.yaml -o public --now 2026-01-01; "
        "icms-calendar check public --now 2025-06-01",
        right="icms-calendar build calendar.yaml -o public --now 2025-06-01; "
        "icms-calendar check public --now 2025-06-01",
        source="design: a guess is never presented as a fact",
        shown_as="shell",
    ),
    Rule(
        "ICM521",
        "served-as-another-type",
        "is served as {read}, not as {right}. {remedy}",
        meaning="The Content-Type of the feed is not text/calendar in UTF-8.",
        why="Browsers and phones then save or show the file in place of subscribing, and some programs refuse it.",
        wrong='GET /all.ics\n200\nContent-Type: application/octet-stream\nAccess-Control-Allow-Origin: *\nETag: "1"',
        right=_SERVED,
        source="RFC 5545 8.1",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM522",
        "served-as-download",
        "is served as a download (Content-Disposition: attachment). {remedy}",
        meaning="The server asks the browser to save the feed.",
        why="A saved file is imported once, and never changes again.",
        wrong=_SERVED + "\nContent-Disposition: attachment",
        right=_SERVED,
        source="RFC 6266 4.2",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM523",
        "served-without-cors",
        "is served without Access-Control-Allow-Origin: *. {remedy}",
        meaning="The answer does not allow pages of other sites to read it.",
        why="Calendars in web pages, such as FullCalendar, cannot show the feed.",
        wrong='GET /all.ics\n200\nContent-Type: text/calendar; charset=utf-8\nETag: "1"',
        right=_SERVED,
        source="Fetch Standard, CORS protocol",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM524",
        "missing-is-answered",
        "is on a server that answers 200 for a feed that does not exist. Have it answer 404: switch off the rule that "
        "serves one page for every address",
        meaning="A file that is not there is answered as if it were.",
        why="Calendar programs get a web page for a feed that is gone, and empty it or keep asking.",
        wrong="GET /icms-calendar-no-such-feed.ics\n200\nContent-Type: text/html\n\n<html>",
        right="GET /icms-calendar-no-such-feed.ics\n404\nContent-Type: text/html\n\n<html>",
        source="RFC 9110 15.5.5",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM525",
        "served-whole-each-time",
        "is sent whole each time it is asked for: {reason}. Serve it as a file, with ETag and 304",
        meaning="A program that has a copy cannot ask whether it is still the current one.",
        why="Each subscriber fetches all of it every hour, and a host with a limit stops serving it.",
        wrong="GET /all.ics\n200\nContent-Type: text/calendar; charset=utf-8\nAccess-Control-Allow-Origin: *",
        right=_SERVED,
        source="RFC 9110 13.1",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM526",
        "robots-refused",
        "may not be read by {agent}: robots.txt refuses it. Allow the feeds there",
        meaning="robots.txt of the host keeps programs from the feed.",
        why="Google Calendar obeys robots.txt, and shows nothing to those who add the address.",
        wrong="GET /robots.txt\n200\nContent-Type: text/plain\n\nUser-agent: *\nDisallow: /",
        right="GET /robots.txt\n200\nContent-Type: text/plain\n\nUser-agent: *\nDisallow: /private/",
        source="Google Calendar Help, Add calendars with an address",
        shown_as="exchange",
        severity=Severity.WARNING,
    ),
    Rule(
        "ICM527",
        "login-page",
        "answers with a web page ({url}) where the feed should be. Is there a login in front of it? "
        "Feeds have to be readable by everyone",
        meaning="The address of a feed gives HTML, most often a page to log in.",
        why="Calendar programs cannot log in: subscribers see nothing, or an error.",
        wrong="GET /all.ics\n200\nContent-Type: text/html\n\n<!DOCTYPE html><title>Sign in</title>",
        right=_SERVED,
        source="RFC 5545 3.4",
        shown_as="exchange",
    ),
    # 6: questions about time
    Rule(
        "ICM601",
        "beyond-horizon",
        "{asked} is not known: the windows are laid out until {until}. Lay them out further, with a later until",
        meaning="The answer depends on windows that begin after the time to which they are laid out or known.",
        why="Windows that repeat may come then; answering that all is free would be a guess.",
        wrong=(
            "from datetime import UTC, timedelta\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h")\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            "c.schedule(until=datetime(2025, 8, 1, tzinfo=UTC)).active(datetime(2026, 7, 13, 5, tzinfo=UTC))"
        ),
        right=(
            "from datetime import UTC, timedelta\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h")\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            "c.schedule(until=datetime(2026, 8, 1, tzinfo=UTC)).active(datetime(2026, 7, 13, 5, tzinfo=UTC))"
        ),
        source="design: a guess is never presented as a fact",
        shown_as="python",
    ),
    Rule(
        "ICM602",
        "unknown-channel",
        'no window names the channel "{id}".{hint}',
        meaning="The question is about a channel that stands under channels of no window.",
        why="A misspelled channel would never be down.",
        wrong=(
            "from datetime import UTC\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'channels={"online": "queued"})\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            'c.schedule().active(datetime(2025, 7, 13, 5, tzinfo=UTC), channel="onlin")'
        ),
        right=(
            "from datetime import UTC\n"
            'w = MaintenanceWindow(id="w", system="x", start="2025-07-13 04:00", duration="6h", '
            'channels={"online": "queued"})\n'
            'c = MaintenanceCalendar(name="x", domain="d.org", timezone="UTC", windows=[w])\n'
            'c.schedule().active(datetime(2025, 7, 13, 5, tzinfo=UTC), channel="online")'
        ),
        source="design: a guess is never presented as a fact",
        shown_as="python",
    ),
    Rule(
        "ICM603",
        "channels-not-told",
        "a feed does not tell which channels work. Ask the records, or leave the channel out",
        meaning="The question is about a channel, and it is put to a feed.",
        why="The answer would be that of the whole window, or a guess.",
        wrong="icms-calendar feed calendar.yaml -o all.ics; icms-calendar status all.ics --channel online",
        right="icms-calendar feed calendar.yaml -o all.ics; icms-calendar status all.ics",
        source="RFC 5545; BCOP maintenance notification",
        shown_as="shell",
    ),
    Rule(
        "ICM604",
        "age-not-told",
        "does not tell when it was built. --max-age is for a site, its folder or its address",
        meaning="Only the status.json of a site says when it was built last.",
        why="A feed that nobody builds any more looks like one in which nothing is planned.",
        wrong="icms-calendar status calendar.yaml --max-age 36h",
        right="icms-calendar build calendar.yaml -o public --first-build; icms-calendar status public --max-age 36h",
        source="design: the built site",
        shown_as="shell",
    ),
    Rule(
        "ICM607",
        "no-windows",
        "the records hold no window, so nobody can tell whether there is maintenance",
        meaning="`status` was asked of records without any window, not even a past one.",
        why='More often than not a file was renamed or moved, and "up" would be a guess.',
        wrong="sed '/^windows:/,$d' calendar.yaml > empty.yaml; icms-calendar status empty.yaml",
        right="icms-calendar status calendar.yaml",
        source="docs: status",
        shown_as="shell",
    ),
)
