"""Uploaded files: read once and deleted at once, because a film from a browser is raw patient data.

Knows nothing of what is in a file. Gradio writes each upload into one private folder before anyone is asked.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

ORPHAN_AFTER_S = 120.0  # an upload that no event has fetched by then belongs to a page that was closed
LARGEST_BYTES = 256 * 2**20


class Uploads:
    """The private folder (mode 0700) of one running page. Raises `OSError` where the disk does."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="copilot-uploads-"))

    def take(self, path: str) -> bytes:
        """The bytes of one upload, which is gone from the disk when this returns or raises.

        Raises `PermissionError` for any other path: the browser sent it, so it is not to be trusted.
        """
        file = Path(path).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            raise PermissionError("That file was not uploaded here.")
        try:
            return file.read_bytes()
        finally:
            self._forget(file)

    def sweep(self, older_than_s: float = ORPHAN_AFTER_S) -> None:
        """Deletes what nobody fetched."""
        limit = time.time() - older_than_s
        for file in [f for f in self.folder.rglob("*") if f.is_file()]:
            if file.stat().st_mtime < limit:
                self._forget(file)

    def sweep_every(self, seconds: float, stop: threading.Event) -> None:
        """Sweeps until `stop` is set."""
        while not stop.wait(seconds):
            self.sweep()

    def close(self) -> None:
        """Deletes the folder and everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        folder = file.parent
        if folder != self.folder.resolve() and not any(folder.iterdir()):
            folder.rmdir()


def take_all(uploads: Uploads, paths: Sequence[str]) -> list[bytes]:
    """The bytes of several uploads. All of them are gone from the disk before the first one is looked at."""
    return [uploads.take(path) for path in paths]
