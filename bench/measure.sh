#!/bin/sh
# Runs a command and measures the whole process (wait4): wall, user and system seconds, and the most memory it had.
#
#   measure.sh RESULT COMMAND [ARGUMENT…]
#
# RESULT gets one line: wall user sys peak_kilobytes. Output and exit status are the command's own (128 + N for signal N).
set -u
result=$1; shift
if [ -x /usr/bin/time ] && /usr/bin/time -f '%e %U %S %M' -o "$result" true 2>/dev/null; then
  /usr/bin/time -f '%e %U %S %M' -o "$result" "$@"
  status=$?
  last=$(tail -n 1 "$result") # a line about the signal or status may come before it
  echo "$last" > "$result"
  exit $status
fi
exec python3 -c '
import os, sys, time
start = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as out:
    print(f"{time.monotonic() - start:.2f} {used.ru_utime:.2f} {used.ru_stime:.2f} {used.ru_maxrss}", file=out)
sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
' "$result" "$@"
