"""What a function of the user displays and prints, kept in the place of the cell's output.

A handler may run on any thread beside the user's cells, so only what this thread says
is kept: a cell that prints meanwhile prints where it should.
"""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from IPython.core.getipython import get_ipython

Bundle: TypeAlias = Mapping[str, Any]

_one_at_a_time = threading.RLock()


class Captured:
    """What was displayed and printed, in its order.

    Attributes
    ----------
    outputs : list of mapping
        Each by media type, as a notebook has it; what was printed is text/plain.
    """

    def __init__(self) -> None:
        self.outputs: list[Bundle] = []
        self._printed = False

    def write(self, text: str) -> None:
        """Keep what is printed, with what was printed just before."""
        if not text:
            return
        if self._printed:
            text = self.outputs.pop()["text/plain"] + text
        self.outputs.append({"text/plain": text})
        self._printed = True

    def show(self, bundle: Bundle) -> None:
        """Keep what is displayed."""
        self.outputs.append(bundle)
        self._printed = False

    def clear(self) -> None:
        """Forget everything, as `clear_output` does."""
        self.outputs.clear()
        self._printed = False


@contextlib.contextmanager
def captured() -> Iterator[Captured]:
    """Keep what this thread displays and prints in the block."""
    kept = Captured()
    with _one_at_a_time, _printing(kept), _displaying(kept):
        yield kept


class _Stdout(io.TextIOBase):
    """Standard output, but for what one thread prints."""

    def __init__(self, other: Any, keep: Callable[[str], None]) -> None:
        self._other = other
        self._keep = keep
        self._thread = threading.get_ident()

    def write(self, text: str) -> int:
        """Keep or pass on."""
        if threading.get_ident() != self._thread:
            return int(self._other.write(text))
        self._keep(text)
        return len(text)

    def flush(self) -> None:
        """Pass on."""
        self._other.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._other, name)


@contextlib.contextmanager
def _printing(kept: Captured) -> Iterator[None]:
    before = sys.stdout
    mine = _Stdout(before, kept.write)
    sys.stdout = mine
    try:
        yield
    finally:
        # A cell on another thread may have put another in its place, and will put back what it found.
        if sys.stdout is mine:
            sys.stdout = before


@contextlib.contextmanager
def _displaying(kept: Captured) -> Iterator[None]:
    shell: Any = get_ipython()
    publisher: Any = getattr(shell, "display_pub", None)
    if hasattr(publisher, "register_hook"):
        # In a kernel: a hook is of the thread that registers it.
        def hook(message: Mapping[str, Any]) -> None:
            _take(kept, message)

        publisher.register_hook(hook)
        try:
            yield
        finally:
            publisher.unregister_hook(hook)
    elif publisher is not None:
        with _Publishing(shell, kept):
            yield
    else:
        # Without a shell, `display` prints.
        yield


def _take(kept: Captured, message: Mapping[str, Any]) -> None:
    kind = message.get("header", {}).get("msg_type") or message.get("msg_type")
    if kind == "display_data":
        kept.show(message["content"]["data"])
    elif kind == "clear_output":
        kept.clear()


class _Publishing(contextlib.AbstractContextManager[None]):
    """A publisher in the place of a shell's that is no kernel's, and so has one thread."""

    def __init__(self, shell: Any, kept: Captured) -> None:
        from IPython.core.displaypub import CapturingDisplayPublisher

        self._shell = shell
        self._kept = kept
        self._before = shell.display_pub
        self._mine = CapturingDisplayPublisher()  # type: ignore[no-untyped-call]

    def __enter__(self) -> None:
        self._shell.display_pub = self._mine

    def __exit__(self, *failure: object) -> None:
        self._shell.display_pub = self._before
        for output in self._mine.outputs:
            self._kept.show(output["data"])
