#!/bin/sh
# Runs a command unless a system is under planned maintenance. usage: alert.sh RECORDS|SITE|FEED SYSTEM COMMAND...
# If the calendar cannot be read, the command runs: an alert too many is better than none.
place=$1 system=$2
shift 2
code=0
icms-calendar status "$place" --system "$system" > /dev/null || code=$?
[ "$code" = 1 ] || exec "$@"
