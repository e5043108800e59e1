"""Guidelines of a task: how to answer it, as Markdown, with pictures from the dataset."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbtools.dataset.core import Core
from nbtools.errors import SchemaError, UnknownItemError
from nbtools.labels.task import Task
from nbtools.media.sniff import HEAD_BYTES, sniff

LONGEST = 200_000
LARGEST_PICTURE = 3_500_000
_FOLDERS = ("metadata", "raw")
_FILE = re.compile(r"[^\n]{1,1000}\.(md|markdown)", re.IGNORECASE)


def markdown(given: str | Path | None) -> str | None:
    """Return guidelines as text: as given, or what stands in the file that is named.

    Parameters
    ----------
    given : str or Path or None
        Markdown, or the path of a file of it: any `Path`, or one line that ends in ``.md``.

    Raises
    ------
    SchemaError
        If it is neither, the file can't be read, or there is too much of it.
    """
    if given is None:
        return None
    if not isinstance(given, str | Path):
        raise SchemaError(f"guidelines are Markdown or the path of a .md file, not {type(given).__name__}")
    text = _read(Path(given)) if isinstance(given, Path) or _FILE.fullmatch(given.strip()) else given
    if len(text) > LONGEST:
        raise SchemaError(f"guidelines have at most {LONGEST:,} characters, not {len(text):,}: name the rest by a link")
    return text.strip()


def shown(ds: Core, task: Task) -> dict[str, Any] | None:
    """Return guidelines as a front end has them: the text, and when it replaced another one."""
    if task.guidelines is None:
        return None
    acts = [act for act in ds._index.schema_acts() if act.task == task.name and isinstance(act.value, dict)]
    before: str | None = None
    changed = None
    for act in sorted(acts, key=lambda act: act.schema or 0):
        text = act.value.get("guidelines")
        if text != before:
            changed = act.received_at if before is not None else None
            before = text
    return {"text": task.guidelines, "changed": changed}


def picture(ds: Core, task: Task, path: str) -> bytes:
    """Return an image that the guidelines name.

    Parameters
    ----------
    ds : Dataset
        Where it lies.
    task : Task
        Whose guidelines name it.
    path : str
        Relative to the dataset, below ``metadata/`` or ``raw/``.

    Raises
    ------
    UnknownItemError
        If they do not name it, or it is no image, too large or not there.
    UnsafePathError
        If it leads out of the dataset.
    """
    if path.partition("/")[0] not in _FOLDERS or path not in (task.guidelines or ""):
        raise UnknownItemError(f"{path[:200]!r} is no picture of these guidelines")
    file = ds.file(path)
    try:
        if file.stat().st_size > LARGEST_PICTURE:
            raise UnknownItemError(f"{path!r} is larger than {LARGEST_PICTURE:,} bytes: make a smaller copy of it")
        data = file.read_bytes()
    except OSError as error:
        raise UnknownItemError(f"{path!r} can't be read: {error.strerror or type(error).__name__}") from error
    media = sniff(data[:HEAD_BYTES])
    if media is None or media.kind != "image":
        raise UnknownItemError(f"{path!r} is no image")
    return data


def _read(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise SchemaError(f"the guidelines in {str(path)!r} can't be read: {why}") from error
