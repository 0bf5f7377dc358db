"""Refuses every connection and every name look-up beyond loopback, and writes down each attempt.

Put on PYTHONPATH by the offline test; Python imports it before anything else.
"""

import ipaddress
import os
import sys
from pathlib import Path


def _is_local(host: object) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_local(host):
        with Path(os.environ["COPILOT_TEST_REFUSED"]).open("a", encoding="utf-8") as file:
            file.write(f"{event} {host}\n")
        raise OSError("this test has no network")


sys.addaudithook(_refuse)
