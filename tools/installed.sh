#!/bin/sh
# Installs a lock file and this checkout into a virtual environment. Usage: installed.sh VENV LOCK
# pip hides the compiler's output, so while it works a line a minute says that it still does.
set -e
pip="$1/bin/python -m pip --disable-pip-version-check"
$pip install --quiet --require-hashes --requirement "$2" &
worker=$!
trap 'kill $worker 2>/dev/null' INT TERM
seconds=0
while kill -0 $worker 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 30)) -ne 0 ] || echo "  still installing after $seconds s ..."
done
wait $worker
$pip install --quiet --no-deps --editable .
