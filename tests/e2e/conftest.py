"""Starts the page as a person would, in a process of its own, and drives it with a real Chromium.

Every test fails if its browser asked anything of another machine.
"""

import ipaddress
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from copilot.scenarios import example_film
from tests import browser as chromium

READY_S = 120.0
NewPage = Callable[..., Page]
expect.set_options(timeout=60_000)  # an answer takes seconds, and a busy machine takes longer


@dataclass(frozen=True)
class Server:
    """A running page. `folder` holds everything that its process writes: home, temporary files, log."""

    address: str
    folder: Path

    @property
    def uploads(self) -> list[Path]:
        """Files that lie in the folder that uploads pass through."""
        return [file for file in (self.folder / "tmp").glob("copilot-uploads-*/**/*") if file.is_file()]

    @property
    def log(self) -> str:
        """What the process has said so far."""
        return (self.folder / "log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real page with the real pipeline on a free loopback port."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "tmp").mkdir()
    port = free_port()
    environment = {**os.environ, "COPILOT_HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.app", "--port", str(port)], stdout=log, stderr=log, env=environment
        )
    started = Server(f"http://127.0.0.1:{port}", folder)
    try:
        wait_until_ready(process, started)
        yield started
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(process: subprocess.Popen[bytes], server: Server) -> None:
    """Returns when the page says that it is ready."""
    end = time.monotonic() + READY_S
    while server.address not in server.log:
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the page did not start: {server.log[-2000:]}")
        time.sleep(0.2)


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = chromium.find()
    if path is None:
        pytest.fail("No Chrome or Chromium was found: run `python -m tests.browser --install`.")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield one
        one.close()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[NewPage]:
    """Opens the page for another visitor: `new_page("kiosk", viewport=...)`."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []

    def note(request: Request) -> None:
        if not loopback(request.url):
            outside.append(request.url)

    def visit(persona: str = "clinician", **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        context.on("request", note)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server.address}/?persona={persona}")
        page.locator(f"#ws-{persona} :is(.cc-example, form)").first.wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert outside == []


def loopback(url: str) -> bool:
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "ws", "wss"}:
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """The bundled example film, under a name that a patient might have."""
    file = tmp_path / "SMITH_JOHN_00482913.png"
    file.write_bytes(example_film())
    return file
