"""What the command line prints: a table for a person, JSON for a program, progress for the patient."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

_WIDEST = 60
_QUIET_SECONDS = 1.0
_BETWEEN = 0.1
_BETWEEN_LINES = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a command has to say.

    Attributes
    ----------
    text : str
        For a person.
    data : object
        The same for a program; what JSON can hold.
    code : int
        The exit code.
    """

    text: str
    data: Any
    code: int = 0

    def show(self, out: TextIO, *, as_json: bool) -> None:
        """Print it."""
        text = json.dumps(self.data, ensure_ascii=False, indent=2, default=str) if as_json else self.text
        if text:
            out.write(text + "\n")


def table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str] = ()) -> str:
    """Return rows as aligned text; numbers stand to the right, what is not printable is spelled out.

    Parameters
    ----------
    rows : sequence of mapping
        Column → value.
    columns : iterable of str
        Which, in which order; those of the first row unless given.
    """
    names = list(columns) or list(rows[0] if rows else ())
    cells = [[cell(row.get(name)) for name in names] for row in rows]
    widths = [max(map(_width, [name, *(line[at] for line in cells)])) for at, name in enumerate(names)]
    right = [bool(rows) and all(_is_number(row.get(name)) for row in rows) for name in names]
    lines = [_line(names, widths, right), *(_line(line, widths, right) for line in cells)]
    return "\n".join(lines)


def number(value: int) -> str:
    """Return a number with thin spaces between thousands, as people read it."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def counted(value: int, what: str) -> str:
    """Return a number and its noun: ``1 item``, ``1 797 items``."""
    return f"{number(value)} {what if value == 1 else what + 's'}"


def printable(text: str) -> str:
    """Return text with every character that would move the cursor or color the terminal spelled out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def cell(value: object) -> str:
    """Return a value as it stands in a table: short, on one line, printable."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is what a table holds where nothing is
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return f"{value:g}"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = printable(text)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | None) and not isinstance(value, bool)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, width, flush in zip(cells, widths, right, strict=True):
        space = " " * (width - _width(text))
        padded.append(space + text if flush else text + space)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


class Progress:
    """Draws how far something is on standard error, once it has taken a second.

    Parameters
    ----------
    what : str
        What is done, such as ``ingesting``.
    out : TextIO, optional
        Where to draw; standard error unless given.
    """

    def __init__(self, what: str, out: TextIO | None = None) -> None:
        self._what = what
        self._out = sys.stderr if out is None else out
        self._live = self._out.isatty()
        self._next = time.monotonic() + _QUIET_SECONDS
        self._drawn = 0

    def __call__(self, done: int, total: int | None) -> None:
        """Take note of how far it is.

        Parameters
        ----------
        done : int
            How many are done.
        total : int or None
            Of how many, where that is known.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (_BETWEEN if self._live else _BETWEEN_LINES)
        text = f"{self._what} {number(done)}" + (f" of {number(total)}" if total else "")
        if self._live:
            self._out.write("\r" + text.ljust(self._drawn))
            self._drawn = len(text)
        else:
            self._out.write(text + "\n")
        self._out.flush()

    def clear(self) -> None:
        """Take back what was drawn over and over."""
        if self._drawn:
            self._out.write("\r" + " " * self._drawn + "\r")
            self._out.flush()
            self._drawn = 0


def without_next(text: str) -> str:
    """Return what an object says of itself, but for the next call, which would be one in Python."""
    return "\n".join(line for line in text.splitlines() if not line.lower().startswith("next: "))
