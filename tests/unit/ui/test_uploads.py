"""Uploaded files leave the disk when they are read, and nothing else can be read this way."""

import os
import stat
import time
from pathlib import Path

import pytest

from ui.uploads import ORPHAN_AFTER_S, Uploads, take_all


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def an_upload(uploads: Uploads, data: bytes = b"raw", name: str = "film") -> Path:
    file = uploads.folder / "0a1b" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    return file


def test_reading_an_upload_deletes_it_and_its_folder(uploads: Uploads) -> None:
    """One look, and neither the file nor its name is left."""
    file = an_upload(uploads)
    assert uploads.take(str(file)) == b"raw"
    assert list(uploads.folder.iterdir()) == []


def test_all_files_are_gone_before_the_first_is_used(uploads: Uploads) -> None:
    """Several uploads leave together."""
    paths = [str(an_upload(uploads, b"1", "a")), str(an_upload(uploads, b"2", "b"))]
    assert take_all(uploads, paths) == [b"1", b"2"]
    assert list(uploads.folder.iterdir()) == []


@pytest.mark.parametrize("path", ["/etc/hostname", "{folder}/../outside", "{folder}/link"])
def test_only_uploads_can_be_read(uploads: Uploads, tmp_path: Path, path: str) -> None:
    """A path from the browser that leads elsewhere is refused, and the file there stays."""
    outside = tmp_path.parent / "outside"
    outside.write_text("secret")
    (tmp_path / "link").symlink_to(outside)
    with pytest.raises(PermissionError):
        uploads.take(path.format(folder=tmp_path))
    assert outside.read_text() == "secret"


def test_a_missing_upload_is_an_os_error(uploads: Uploads) -> None:
    """What was fetched already cannot be fetched again."""
    with pytest.raises(FileNotFoundError):
        uploads.take(str(uploads.folder / "0a1b" / "gone"))


def test_sweeping_deletes_what_nobody_fetched(uploads: Uploads) -> None:
    """An old upload goes, a fresh one stays."""
    old, fresh = an_upload(uploads, name="old"), an_upload(uploads, name="fresh")
    then = time.time() - ORPHAN_AFTER_S - 1
    os.utime(old, (then, then))
    uploads.sweep()
    assert not old.exists()
    assert fresh.exists()


def test_the_folder_is_private_and_goes_in_the_end() -> None:
    """Nobody else on the machine can list it."""
    made = Uploads()
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    an_upload(made)
    made.close()
    assert not made.folder.exists()
