#!/bin/sh
# Says in one sentence what is missing before anything long starts. Usage: preflight.sh PYTHON
python=$1
stop() { echo "$1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
    stop "Python is missing: install Python 3.11 or newer (Debian and Ubuntu: apt install python3 python3-venv)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Python 3.11 or newer is needed and $python is older: install one and run make again with PYTHON=python3.11."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python's venv module is missing: install it (Debian and Ubuntu: apt install python3-venv)."
command -v c++ >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 || command -v clang++ >/dev/null 2>&1 ||
    stop "A C++ compiler is missing, and llama.cpp is compiled here: install one (Debian and Ubuntu: apt install build-essential)."
