# What the catalogue shows in words, done: for each rule, commands that raise it and commands that do not.
# tests/test_findings.py runs every section with sh, in a folder that holds calendar.yaml.

## ICM701 wrong
echo '<html>Sign in</html>' > feed.ics
icms-calendar check feed.ics

## ICM701 right
icms-calendar feed calendar.yaml -o feed.ics
icms-calendar check feed.ics

## ICM702 wrong
icms-calendar feed calendar.yaml | tr -d '\r' > feed.ics
icms-calendar check feed.ics

## ICM702 right
icms-calendar feed calendar.yaml > feed.ics
icms-calendar check feed.ics

## ICM710 wrong
icms-calendar feed calendar.yaml | sed 's/^SUMMARY:/&\o374/' > feed.ics
icms-calendar check feed.ics

## ICM710 right
icms-calendar feed calendar.yaml | sed 's/^SUMMARY:/&\o303\o274/' > feed.ics
icms-calendar check feed.ics

## ICM712 wrong
icms-calendar feed calendar.yaml | sed '$d' > feed.ics
icms-calendar check feed.ics

## ICM712 right
icms-calendar feed calendar.yaml > feed.ics
icms-calendar check feed.ics

## ICM715 wrong
{ icms-calendar feed calendar.yaml; icms-calendar feed calendar.yaml; } > feed.ics; icms-calendar check feed.ics

## ICM715 right
icms-calendar feed calendar.yaml > feed.ics
icms-calendar check feed.ics

## ICM716 wrong
{ echo BEGIN:VCALENDAR; yes no | head -n 300000; } > feed.ics; icms-calendar check feed.ics | tail -n 1

## ICM716 right
icms-calendar feed calendar.yaml > feed.ics
icms-calendar check feed.ics

## ICM792 wrong
icms-calendar feed calendar.yaml > old.ics
sed 's/^SEQUENCE:0/SEQUENCE:2/' old.ics > older.ics
icms-calendar check old.ics --previous older.ics

## ICM792 right
icms-calendar feed calendar.yaml > old.ics
sed 's/^SEQUENCE:0/SEQUENCE:2/' old.ics > new.ics
icms-calendar check new.ics --previous old.ics

## ICM793 wrong
icms-calendar feed calendar.yaml > old.ics
sed 's/^DTEND:2025/DTEND:2026/' old.ics > new.ics
icms-calendar check new.ics --previous old.ics

## ICM793 right
icms-calendar feed calendar.yaml > old.ics
sed 's/^DTEND:2025/DTEND:2026/; s/^SEQUENCE:0/SEQUENCE:1/' old.ics > new.ics
icms-calendar check new.ics --previous old.ics

## ICM794 wrong
icms-calendar feed calendar.yaml > old.ics
sed 's/^UID:/&x/' old.ics > new.ics
icms-calendar check new.ics --previous old.ics

## ICM794 right
icms-calendar feed calendar.yaml > old.ics
cp old.ics new.ics
icms-calendar check new.ics --previous old.ics

## ICM906 wrong
head -c 300000 /dev/zero | tr '\0' 'a' | icms-calendar draft -

## ICM906 right
echo 'iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.' | icms-calendar draft -

## ICM956 wrong
sed -i.bak 's/10:00}/10:00, reason: Parts come on 3 May 2024 at 9 am}/' calendar.yaml
icms-calendar announce calendar.yaml w0

## ICM956 right
sed -i.bak 's/10:00}/10:00, reason: Parts come late}/' calendar.yaml
icms-calendar announce calendar.yaml w0

## ICM957 wrong
echo 'iCMS maintenance is planned soon.' | icms-calendar draft -

## ICM957 right
echo 'iCMS maintenance on Sunday 13 July 2025 from 04:00 to 10:00 EAT.' | icms-calendar draft -

## ICM958 wrong
echo 'Harbour maintenance on 13 June 2025 from 04:00 to 10:00.' | icms-calendar draft - --source calendar.yaml

## ICM958 right
echo 'Harbour maintenance on 14 June 2025 from 04:00 to 10:00.' | icms-calendar draft - --source calendar.yaml

## ICM301 wrong
python -c "print('id,system,start,duration,description'); [print(f'w{i},harbour,{2100 + i}-01-01 00:00,1h,' + 'x' * 1000) for i in range(1, 800)]" > many.csv; mkdir s; cp calendar.yaml s; mv many.csv s; icms-calendar build s -o public --first-build --strict

## ICM301 right
icms-calendar build calendar.yaml -o public --first-build --strict

## ICM302 wrong
mkdir home
echo mine > home/notes.txt
icms-calendar build calendar.yaml -o home --first-build

## ICM302 right
mkdir home
icms-calendar build calendar.yaml -o home --first-build

## ICM303 wrong
mkdir public; python -c "import fcntl,time; f=open('public/.icms-calendar.lock','w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); time.sleep(9)" | (read line; icms-calendar build calendar.yaml -o public --first-build)

## ICM303 right
icms-calendar build calendar.yaml -o public --first-build

## ICM304 wrong
echo > public
icms-calendar build calendar.yaml -o public --first-build

## ICM304 right
icms-calendar build calendar.yaml -o public --first-build

## ICM307 wrong
mkdir own; echo '{{ page.nonsense }}' > own/page.html; icms-calendar build calendar.yaml -o public --first-build --templates own

## ICM307 right
mkdir own; echo '{{ page.built }}' > own/page.html; icms-calendar build calendar.yaml -o public --first-build --templates own

## ICM402 wrong
icms-calendar build calendar.yaml -o public --previous gone.ics

## ICM402 right
icms-calendar feed calendar.yaml -o old.ics
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM403 wrong
printf 'BEGIN:VCALENDAR\r\n' > old.ics
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM403 right
icms-calendar feed calendar.yaml -o old.ics
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM404 wrong
icms-calendar feed calendar.yaml -o old.ics
sed -i.bak s/harbour.example/port.example/ calendar.yaml
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM404 right
icms-calendar feed calendar.yaml -o old.ics
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM407 wrong
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01
sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml
icms-calendar build calendar.yaml -o public --now 2025-06-02

## ICM407 right
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01
sed -i.bak '/w0/d; s/^windows:/windows: []/' calendar.yaml
icms-calendar build calendar.yaml -o public --now 2025-06-02 --allow-vanished

## ICM408 wrong
icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01
sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml
icms-calendar build calendar.yaml -o public --previous old.ics --now 2025-07-01

## ICM408 right
icms-calendar feed calendar.yaml -o old.ics --now 2026-01-01
sed -i.bak 's/duration: 6h/duration: 7h/; s/10:00/11:00/' calendar.yaml
icms-calendar build calendar.yaml -o public --previous old.ics --now 2026-02-01

## ICM409 wrong
icms-calendar build calendar.yaml -o public
sed -i.bak 's/pilotage/pilots/' calendar.yaml
icms-calendar build calendar.yaml -o public

## ICM409 right
icms-calendar build calendar.yaml -o public
sed -i.bak 's/pilotage/pilots/' calendar.yaml; echo 'renamed: {harbour/pilotage: harbour/pilots}' >> calendar.yaml
icms-calendar build calendar.yaml -o public

## ICM413 wrong
icms-calendar feed calendar.yaml -o old.ics; python -m http.server 8409 --bind 127.0.0.1 >log 2>&1 & until python -c 'import socket; socket.create_connection(("127.0.0.1", 8409))' 2>log2; do :; done; icms-calendar build calendar.yaml -o public --previous http://127.0.0.1:8409/old.ics; kill $!

## ICM413 right
icms-calendar feed calendar.yaml -o old.ics
icms-calendar build calendar.yaml -o public --previous old.ics

## ICM414 wrong
icms-calendar build calendar.yaml -o public --now 2025-06-01
sed -i.bak 's/^SUMMARY:.*\r/SUMMARY:Changed\r/' public/all.ics
icms-calendar build calendar.yaml -o public --now 2025-06-01

## ICM414 right
icms-calendar build calendar.yaml -o public --now 2025-06-01
icms-calendar build calendar.yaml -o public --now 2025-06-01

## ICM501 wrong
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01
icms-calendar check public --max-age 36h

## ICM501 right
icms-calendar build calendar.yaml -o public --first-build
icms-calendar check public --max-age 36h

## ICM502 wrong
icms-calendar build calendar.yaml -o public --first-build
rm public/all.ics
icms-calendar check public

## ICM502 right
icms-calendar build calendar.yaml -o public --first-build
icms-calendar check public

## ICM503 wrong
long=$(printf %0240d 0)
sed -i.bak "s|^url:.*|url: https://example.org/$long/|" calendar.yaml
icms-calendar build calendar.yaml -o public

## ICM503 right
icms-calendar build calendar.yaml -o public

## ICM520 wrong
icms-calendar build calendar.yaml -o public --now 2026-01-01
icms-calendar check public --now 2025-06-01

## ICM520 right
icms-calendar build calendar.yaml -o public --now 2025-06-01
icms-calendar check public --now 2025-06-01

## ICM603 wrong
icms-calendar feed calendar.yaml -o all.ics
icms-calendar status all.ics --channel online

## ICM603 right
icms-calendar feed calendar.yaml -o all.ics
icms-calendar status all.ics

## ICM607 wrong
sed '/^windows:/,$d' calendar.yaml > empty.yaml
icms-calendar status empty.yaml

## ICM607 right
icms-calendar status calendar.yaml

## ICM001 wrong
icms-calendar check no-such-file.yaml

## ICM001 right
icms-calendar check calendar.yaml

## ICM002 wrong
printf 'name: Zoll\374\n' > calendar.yaml
icms-calendar check calendar.yaml

## ICM002 right
icms-calendar check calendar.yaml

## ICM008 wrong
mkdir empty
icms-calendar check empty

## ICM008 right
icms-calendar init new
icms-calendar check new

## ICM009 wrong
mkdir s
cp calendar.yaml s
ln -s . s/again
icms-calendar check s

## ICM009 right
mkdir s
cp calendar.yaml s
icms-calendar check s

## ICM010 wrong
mkdir s
echo 'windows: []' > s/july.yaml
icms-calendar check s

## ICM010 right
mkdir s
cp calendar.yaml s/calendar.yaml
icms-calendar check s

## ICM012 wrong
cp calendar.yaml records.txt
icms-calendar check records.txt

## ICM012 right
icms-calendar check calendar.yaml

## ICM013 wrong
mkdir s
cp calendar.yaml s
printf 'id,system,start,end\nw1,x,2025-07-13 04:00\n' > s/w.csv
icms-calendar check s

## ICM013 right
mkdir s
cp calendar.yaml s
printf 'id,system,start,end\nw9,harbour,2025-07-13 04:00,2025-07-13 10:00\n' > s/w.csv
icms-calendar check s

## ICM030 wrong
mkdir -p s/2026
cp calendar.yaml s
echo 'windows: []' > s/2026/w.yaml
touch s/2026/.icms-calendar.lock
icms-calendar check s

## ICM030 right
mkdir -p s/2026
cp calendar.yaml s
echo 'windows: []' > s/2026/w.yaml
icms-calendar check s

## ICM121 wrong
sed -i.bak 's/10:00}/10:00, timezone: Europe\/Berlin}/; s/2025-06-13 04:00/2025-10-25 02:30/; s/2025-06-13 10:00/2025-10-25 04:00/; s/timezone: Europe/repeat: {rule: FREQ=DAILY, count: 2}, &/' calendar.yaml
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01

## ICM121 right
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01

## ICM122 wrong
sed -i.bak 's/end: 2025-06-13 10:00/duration: 30h, repeat: {rule: FREQ=DAILY, count: 2}/' calendar.yaml
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01

## ICM122 right
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01

## ICM123 wrong
sed -i.bak 's/end: 2025-06-13 10:00/duration: 1h, repeat: {rule: FREQ=DAILY}/' calendar.yaml
icms-calendar build calendar.yaml -o public --first-build --now 2020-06-01

## ICM123 right
sed -i.bak 's/end: 2025-06-13 10:00/duration: 1h, repeat: {rule: FREQ=DAILY}/' calendar.yaml
icms-calendar build calendar.yaml -o public --first-build --now 2025-06-01

## ICM225 wrong
echo '  - {id: w1, system: harbour, start: 2025-06-13 08:00, end: 2025-06-13 12:00}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-06-01

## ICM225 right
echo '  - {id: w1, system: harbour, start: 2025-06-13 10:00, end: 2025-06-13 12:00}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-06-01

## ICM226 wrong
echo '  - {id: w1, system: harbour, start: 2025-06-13 04:00, end: 2025-06-13 10:00}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-06-01

## ICM226 right
echo '  - {id: w1, system: harbour, start: 2025-06-13 04:00, end: 2025-06-13 10:00, replaces: w0}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-06-01

## ICM227 wrong
cat >> calendar.yaml <<'END'
  - id: w1
    system: harbour
    start: 2025-07-13 04:00
    end: 2025-07-13 10:00
    questions:
      - Is 04:00 in the morning?
END
icms-calendar check calendar.yaml

## ICM227 right
icms-calendar check calendar.yaml

## ICM031 wrong
mkdir s; cp calendar.yaml s; touch s/windows.xlsx s/more.yaml.txt s/feed.ics; icms-calendar check s

## ICM031 right
mkdir s; cp calendar.yaml s; touch s/README.txt s/map.png; icms-calendar check s

## ICM032 wrong
printf '  - id: s1\n    system: harbour\n    start: 2025-07-13 04:00\n    end: 2025-07-13 10:00\n' >> calendar.yaml
echo '    reason: Ticket #4711 and more' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM032 right
printf '  - id: s1\n    system: harbour\n    start: 2025-07-13 04:00\n    end: 2025-07-13 10:00\n' >> calendar.yaml
echo '    reason: "Ticket #4711"  # seen by Ann' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM033 wrong
echo '  - {id: s1, system: harbour, start: 2025-07-13 07:00, end: 2025-07-13 10:00, status: completed}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-07-13T03:00Z

## ICM033 right
echo '  - {id: s1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 05:00, status: completed}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-07-13T03:00Z

## ICM034 wrong
echo '  - {id: s1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 10:00, status: completed}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-07-13T03:00Z

## ICM034 right
echo '  - {id: s1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 06:00, status: completed}' >> calendar.yaml
icms-calendar check calendar.yaml --now 2025-07-13T03:00Z

## ICM036 wrong
echo '  - {id: s1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 10:00, audience: [agents]}' >> calendar.yaml
echo 'feeds: [{id: agents, name: Agents, audience: agent}]' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM036 right
echo '  - {id: s1, system: harbour, start: 2025-07-13 04:00, end: 2025-07-13 10:00, audience: [agents]}' >> calendar.yaml
echo 'feeds: [{id: agents, name: Agents, audience: agents}]' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM129 wrong
echo '  - {id: s1, system: harbour, start: 2025-12-30 22:00, end: 2026-12-31 04:00}' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM129 right
echo '  - {id: s1, system: harbour, start: 2025-12-30 22:00, end: 2025-12-31 04:00}' >> calendar.yaml
icms-calendar check calendar.yaml

## ICM037 wrong
printf 'name: C\ndomain: c.example.org\ntimezone: UTC\nurl: https://c.example.org/\nwindows:\n' > c.yaml
echo '  - {id: a, system: customs, start: 2025-07-13 04:00, duration: 2h}' >> c.yaml
echo '  - {id: b, system: custom, start: 2025-07-14 04:00, duration: 2h}' >> c.yaml
icms-calendar check c.yaml

## ICM037 right
printf 'name: C\ndomain: c.example.org\ntimezone: UTC\nurl: https://c.example.org/\nwindows:\n' > c.yaml
echo '  - {id: a, system: customs, start: 2025-07-13 04:00, duration: 2h}' >> c.yaml
echo '  - {id: b, system: customs, start: 2025-07-14 04:00, duration: 2h}' >> c.yaml
icms-calendar check c.yaml

## ICM504 wrong
sed -i.bak '/^url/d' calendar.yaml
icms-calendar check calendar.yaml

## ICM504 right
icms-calendar check calendar.yaml
