#!/bin/sh
# Fetches the feed of each publisher and writes its windows to SYSTEM.yaml, in the folder of this calendar.
#
# UIDs, SEQUENCE and cancellations are those of the publishers; each id begins with the system, since two publishers may
# use one id. When a feed cannot be read, the windows of the last
# time stay, and the script ends with 1: a publisher that is silent for a day cancels nothing.
set -u
cd "$(dirname "$0")" || exit 2
failed=0
new=$(mktemp) || exit 2
trap 'rm -f "$new"' EXIT
while read -r system address; do
  case $system in "" | "#"*) continue ;; esac
  : > "$new"
  icms-calendar import "$address" --windows --system "$system" --prefix "$system" \
    --domain suppliers.example.org --timezone Africa/Nairobi > "$new" || failed=1
  if [ -s "$new" ]; then # also when some events could not be read: the others are right
    cp "$new" "$system.yaml"
  else
    echo "$system: not read, so its last windows stay" >&2
  fi
done < publishers.txt
icms-calendar check . || failed=1
exit $failed
