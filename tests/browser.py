"""Finds a Chrome or Chromium for the browser tests, or gets one. Knows nothing of the page.

`python -m tests.browser --install` does what it can and says in one sentence what is left to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def find() -> str | None:
    """Path of a browser: `COPILOT_TEST_BROWSER`, one on the PATH, or Playwright's own."""
    named = os.environ.get("COPILOT_TEST_BROWSER")
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return named or on_path or (str(MAC) if MAC.exists() else None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
        return str(path) if path.exists() else None


def install() -> None:
    """Debian's package where that is possible, else Playwright's download."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's chromium for the browser tests ...", flush=True)  # noqa: T201
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, env=quiet)
    else:
        print("Downloading Playwright's Chromium for the browser tests ...", flush=True)  # noqa: T201
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if find() is None and "--install" in sys.argv:
        install()
    if find() is None:
        sys.exit("No Chrome or Chromium was found: install one (Debian and Ubuntu: apt install chromium).")
