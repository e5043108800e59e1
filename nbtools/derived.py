"""Thumbnails and copies of images for the screen, and the peaks of sound: made when asked for, bounded, thrown away.

They lie in ``metadata/cache/derived/``, named by the hash of what they were made of,
so that none is ever out of date. Where the folder cannot be written they are made
each time.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nbtools.errors import MediaError
from nbtools.media import MAX_PIXELS, eight_bit, read_heic, smaller
from nbtools.media.peaks import PER_SECOND, peaks_of
from nbtools.storage import Folder, new_ulid

if TYPE_CHECKING:
    from PIL.Image import Image

DERIVED = "metadata/cache/derived"
MOST_BYTES = 1 << 30
_QUALITY = 85
_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}
_HASH = re.compile(r"[0-9a-f]{32,64}")
# How much a process writes before it looks again whether the folder has grown too large.
_LOOK_AGAIN = 32 << 20

_lock = threading.Lock()
_written: dict[Path, int] = {}


def display_copy(folder: Folder | None, path: Path, sha256: str | None, max_side: int = 2048) -> tuple[bytes, str]:
    """Return an image as a browser can show it, upright, and at most so large.

    Parameters
    ----------
    folder : Folder or None
        The dataset's folder, which keeps the copy; without one it is not kept.
    path : Path
        The image.
    sha256 : str or None
        The hash of its bytes; without one the copy is not kept.
    max_side : int
        Pixels of the longer side; a smaller image is not made larger.

    Returns
    -------
    bytes, str
        The copy and its media type: JPEG, or WebP where the image is see-through.

    Raises
    ------
    MediaError
        If the image cannot be decoded.
    """
    named = _named(sha256)
    if folder is not None and named is not None:
        for suffix, media_type in _TYPES.items():
            with contextlib.suppress(OSError):
                return folder.read(_place(named, max_side, suffix)), media_type
    data, suffix = _made(path, max_side, "Replace the file" + ("" if folder is None else " in raw/ and ingest again"))
    if folder is not None and named is not None:
        _keep(folder, _place(named, max_side, suffix), data)
    return data, _TYPES[suffix]


def thumbnail(folder: Folder | None, path: Path, sha256: str | None, max_side: int = 256) -> tuple[bytes, str]:
    """Return a small copy of an image, and its media type; see `display_copy`.

    Raises
    ------
    MediaError
        If the image cannot be decoded.
    """
    return display_copy(folder, path, sha256, max_side)


def sound_peaks(folder: Folder | None, path: Path, sha256: str | None) -> bytes:
    """Return the peaks of a WAV file, as `nbtools.media.peaks.wav_peaks` gives them.

    Parameters
    ----------
    folder : Folder or None
        The dataset's folder, which keeps them; without one they are not kept.
    path : Path
        The file.
    sha256 : str or None
        The hash of its bytes; without one the peaks are not kept.

    Raises
    ------
    MediaError
        If the file cannot be read.
    """
    named = _named(sha256)
    if folder is not None and named is not None:
        with contextlib.suppress(OSError):
            return folder.read(_place(named, PER_SECOND, "peaks"))
    made = peaks_of(path)
    if folder is not None and named is not None:
        _keep(folder, _place(named, PER_SECOND, "peaks"), made)
    return made


def _named(sha256: str | None) -> str | None:
    return sha256 if sha256 is not None and _HASH.fullmatch(sha256) else None


def _place(sha256: str, size: int, suffix: str) -> str:
    return f"{DERIVED}/{sha256[:2]}/{sha256}-{size}.{suffix}"


def _made(path: Path, max_side: int, advice: str) -> tuple[bytes, str]:
    from PIL import Image, ImageOps

    read_heic()
    try:
        with Image.open(path) as image:
            _check_size(path, image)
            # A JPEG is decoded at a half, a quarter or an eighth: three times as fast.
            image.draft(None, (max_side, max_side))
            reduced = smaller(ImageOps.exif_transpose(image), max_side)
            return _encoded(eight_bit(reduced, see_through=True))
    except FileNotFoundError as error:
        raise MediaError(f"{path.name} is not there any more: bring it back, or ingest again") from error
    except Exception as error:  # a decoder may raise anything
        raise MediaError(f"{path.name} cannot be decoded: {error}. {advice}") from error


def _check_size(path: Path, image: Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise ValueError(
            f"{path.name} has {image.width} x {image.height} pixels, and at most {MAX_PIXELS:,} are decoded"
        )


def _encoded(image: Image) -> tuple[bytes, str]:
    made = io.BytesIO()
    image.info = {}
    if image.mode == "RGBA":
        image.save(made, "WEBP", quality=_QUALITY)
        return made.getvalue(), "webp"
    image.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue(), "jpg"


def _keep(folder: Folder, relative: str, data: bytes) -> None:
    """Write a copy; it can be lost without harm, so nothing waits for the disk and no error matters."""
    target = folder.path(relative)
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.parent / f".{new_ulid()}.part"
        staged.write_bytes(data)
        staged.replace(target)
        with _lock:
            before = _written.get(folder.root)
            grown = _LOOK_AGAIN if before is None else before + len(data)
            _written[folder.root] = 0 if grown >= _LOOK_AGAIN else grown
        if grown >= _LOOK_AGAIN:
            evict(folder)


def forget(folder: Folder, hashes: Iterable[str]) -> None:
    """Throw away the copies of what had some hashes.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    hashes : iterable of str
        SHA-256 of what the copies were made of.
    """
    for sha256 in filter(_HASH.fullmatch, hashes):
        for path in folder.path(f"{DERIVED}/{sha256[:2]}").glob(f"{sha256}-*"):
            path.unlink(missing_ok=True)


def evict(folder: Folder, most: int | None = None) -> None:
    """Throw away the oldest copies until at most so many bytes are left.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    most : int, optional
        Bytes that may stay; a gigabyte unless given.
    """
    kept: list[tuple[int, int, str]] = []
    with contextlib.suppress(OSError):
        for place in os.scandir(folder.path(DERIVED)):
            if not place.is_dir(follow_symlinks=False):
                continue
            with contextlib.suppress(OSError), os.scandir(place.path) as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        found = entry.stat(follow_symlinks=False)
                        kept.append((found.st_mtime_ns, found.st_size, entry.path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= (MOST_BYTES if most is None else most):
            break
        with contextlib.suppress(OSError):
            Path(path).unlink()
        total -= size
