"""What an ingest would come to, without doing it."""

from __future__ import annotations

import base64
import html
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from nbtools.derived import thumbnail
from nbtools.errors import MediaError
from nbtools.ingest.adding import size_of
from nbtools.ingest.cache import ScanCache
from nbtools.ingest.known import Known
from nbtools.ingest.report import Outcome, Report
from nbtools.ingest.scan import RawFile, Scan, walk
from nbtools.media import HEAD_BYTES, decode_text, other_media, sniff, text_media
from nbtools.storage import Folder

_PICTURES = 9
_PICTURE_SIDE = 160
_SAMPLE = 200
_SAMPLE_SECONDS = 2.0


class Picture(NamedTuple):
    """A small copy of an image."""

    path: str
    data: bytes
    media_type: str


@dataclass(slots=True)
class Expected:
    """What an ingest would come to.

    Attributes
    ----------
    new, known : int
        Files that would be read, and that are known already.
    bytes : int
        What the new ones have.
    seconds : float
        How long it would take, going by a sample.
    kinds : dict of str to int
        New files by kind; of more than 200 files, estimated from a sample.
    tables : list of str
        Tables among them.
    pictures : list of Picture
        Up to nine.
    """

    new: int = 0
    known: int = 0
    bytes: int = 0
    seconds: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


class DryRun(Report):
    """The report of an ingest that was only tried: its tables are those of nothing done.

    Parameters
    ----------
    scan : Scan
        What is in raw/.
    expected : Expected
        What an ingest would come to.

    Attributes
    ----------
    expected : Expected
        As given.
    """

    def __init__(self, scan: Scan, expected: Expected) -> None:
        outcome = Outcome(Known(), left=scan.left, failed=scan.failed, passed_over=scan.passed_over)
        super().__init__(outcome, "ds.ingest()")
        self.expected = expected

    def to_json(self) -> dict[str, Any]:
        """Return it for a program, without the pictures."""
        expected = {
            name: getattr(self.expected, name) for name in ("new", "known", "bytes", "seconds", "kinds", "tables")
        }
        return {"expected": expected, **super().to_json()}

    def _repr_html_(self) -> str:
        shown = "".join(
            f'<img alt="{html.escape(path)}" style="margin:2px;max-height:{_PICTURE_SIDE}px" '
            f'title="{html.escape(path)}" src="data:{media_type};base64,{base64.b64encode(data).decode()}">'
            for path, data, media_type in self.expected.pictures
        )
        return f"<div>{shown}</div>{super()._repr_html_()}"

    def _lines(self) -> list[str]:
        would = self.expected
        about = ", ".join(f"{count:,} {kind}" for kind, count in would.kinds.items())
        seconds = max(1, round(would.seconds))
        lines = [f"{would.new:,} new files ({about or 'none'}), {size_of(would.bytes)}, about {seconds:,} s"]
        lines += [f"{would.known:,} files are known already"] if would.known else []
        lines += [f"tables: {', '.join(would.tables[:5])}"] if would.tables else []
        left = self._outcome.left
        lines += [f"{len(left):,} would be left, such as {left[0][0]} ({left[0][1]})"] if left else []
        return lines + self._failures()


def try_ingest(
    folder: Folder, raw: Path, include: str | Sequence[str] | None, exclude: str | Sequence[str] | None
) -> DryRun:
    """Return what an ingest would come to.

    Raises
    ------
    SourceError
        If raw/ is missing, unreachable or empty.
    """
    scan = walk(raw, include, exclude)
    with ScanCache(folder) as cache:
        cached = cache.hashed()
    new = [file for file in scan.files if file[:5] not in cached]
    sample = new[:: max(1, len(new) // _SAMPLE)][:_SAMPLE]
    counts, pictures, seconds = _sampled(raw, sample)
    total = sum(counts.values()) or 1
    expected = Expected(
        new=len(new),
        known=len(scan.files) - len(new),
        bytes=sum(file.size for file in new),
        seconds=seconds * len(new),
        kinds={kind: round(count * len(new) / total) for kind, count in counts.most_common()},
        tables=[file.path for file in scan.tables],
        pictures=_drawn(folder, raw, pictures),
    )
    return DryRun(scan, expected)


def _sampled(raw: Path, sample: Sequence[RawFile]) -> tuple[Counter[str], list[str], float]:
    """Return kinds, images, and the seconds that a file takes."""
    counts: Counter[str] = Counter()
    images = []
    begin = time.perf_counter()
    for file in sample:
        try:
            kind = _kind(f"{raw}/{file.path}")
        except OSError:
            continue
        counts[kind] += 1
        if kind == "image":
            images.append(file.path)
        if time.perf_counter() - begin > _SAMPLE_SECONDS:
            break
    spent = time.perf_counter() - begin
    every = max(1, len(images) // _PICTURES)
    # Reading is about half of the work; the other half is writing.
    return counts, images[::every][:_PICTURES], 2 * spent / max(1, sum(counts.values()))


def _kind(place: str) -> str:
    handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        head = file.read(HEAD_BYTES)
        while file.read(1 << 20):
            pass
    media = sniff(head)
    if media is None:
        # The cut may go through a character.
        is_text = any(decode_text(head[: len(head) - cut]) is not None for cut in range(4))
        media = text_media(place) if is_text else other_media(place)
    return media.kind


def _drawn(folder: Folder, raw: Path, paths: Sequence[str]) -> list[Picture]:
    drawn = []
    for path in paths:
        try:
            drawn.append(Picture(path, *thumbnail(folder, raw / path, None, _PICTURE_SIDE)))
        except MediaError:
            continue
    return drawn
