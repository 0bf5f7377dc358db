#!/bin/sh
# Writes the lock files: requirements form, with hashes, without index addresses. Usage: lock.sh VENV
set -e
"$1/bin/python" -m pip install --quiet uv
lock() { # OUT VENV EXTRA...
    out=$1; venv=$2; shift 2
    extras=""
    for extra in "$@"; do extras="$extras --extra $extra"; done
    # shellcheck disable=SC2086  # extras is a list of words
    "$venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-annotate $extras --output-file "$out" pyproject.toml
}
lock requirements.lock "$1"
lock requirements-test.lock "$1" test
lock requirements-backends.lock "$1" test open-clip
