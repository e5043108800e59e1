"""What every widget shares: its bundle, its keywords, its messages, its last words.

A widget holds no data in traits. Its page asks by message and is answered by message,
with binary buffers. A message may arrive on any thread beside a running cell
(JupyterLab 4.6 sends comms over subshells), so each is worked on under one lock per
widget, and whatever calls a function of the user comes after, outside that lock.
"""

from __future__ import annotations

import difflib
import html
import inspect
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from nbtools.dataset.core import Core
from nbtools.errors import NbtoolsError
from nbtools.widgets import envelope, messages
from nbtools.widgets.checks import whole

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

_STATIC = Path(__file__).with_name("static")
_LONGEST_LINE = 200
_log = logging.getLogger("nbtools")


class BaseWidget(anywidget.AnyWidget):
    """An anywidget whose page speaks by checked messages only.

    Parameters
    ----------
    **options : object
        Traits of any ipywidget that a user may set: `layout`, `tooltip`, `tabbable`.

    Raises
    ------
    TypeError
        If a keyword is unknown; the nearest known one is named.
    FileNotFoundError
        If the bundle of the page has not been built.
    """

    _bundle: ClassVar[str]
    _parsers: ClassVar[envelope.Parsers] = messages.PARSERS
    _esm = traitlets.Unicode(help="The program of the page: the bundle that is built with the package.").tag(sync=True)

    def __init__(self, **options: object) -> None:
        self._refuse_unknown(options)
        self._lock = threading.Lock()
        super().__init__(**options)

    @traitlets.default("_esm")
    def _read_bundle(self) -> str:
        path = _STATIC / self._bundle_name()
        if os.environ.get("ANYWIDGET_HMR") == "1":
            self._follow(path)
        return read_bundle(path)

    def _follow(self, path: Path) -> None:
        """Hand each new build to the open pages, while somebody works on the front end."""
        watchfiles = import_module("watchfiles")  # a developer's own: nobody else needs it

        def hand_over() -> None:
            for _ in watchfiles.watch(path):
                self._esm = read_bundle(path)

        threading.Thread(target=hand_over, daemon=True).start()

    def _bundle_name(self) -> str:
        """Return the file that holds the program of this widget's page."""
        return self._bundle

    def _refuse_unknown(self, options: Mapping[str, object]) -> None:
        shared = {"layout", "tooltip", "tabbable"}
        own = [name for name in inspect.signature(type(self).__init__).parameters if name not in ("self", "options")]
        for name in options:
            if name not in shared:
                near = difflib.get_close_matches(name, [*own, *shared], n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted({*own, *shared}))}"
                raise TypeError(f"{type(self).__name__} has no keyword {name!r}; {hint}")

    def _summary(self) -> str:
        """Return one line that says what the widget is; a subclass says more."""
        return type(self).__name__

    def __repr__(self) -> str:
        """Return what the widget is, in one line."""
        return self._summary()

    def _repr_mimebundle_(self, **kwargs: dict[str, object]) -> tuple[dict[str, object], dict[str, object]] | None:
        """Return the widget view and, beside it, what to show where there is no kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        line = f"{self._summary()} · run this cell to go on"
        return {**data, "text/plain": line, "text/html": f"<p>{html.escape(line)}</p>"}, metadata

    def _answer(self, message: Any) -> Callable[[], None]:
        """Work on a message, under the lock; return what is left to do outside it."""
        raise NotImplementedError

    def _handle_msg(self, msg: Mapping[str, object]) -> None:
        """Take what comes over the comm, in the place of ipywidgets' own handler.

        The page owns no trait, so an `update` is not even looked at; and whatever
        comes, it ends in an answer and a short line in the log, never in a traceback.
        """
        try:
            content = msg["content"]
            data = content["data"] if isinstance(content, Mapping) else {}
            method = data.get("method")
            if method == "request_state":
                self.send_state()
            elif method == "custom":
                buffers = msg.get("buffers")
                self._receive(data.get("content"), buffers if isinstance(buffers, Sequence) else ())
        except Exception as error:  # noqa: BLE001 -- no message ends the kernel, or fills its log with a traceback
            self._note("message", error)

    def _receive(self, content: object, buffers: Sequence[object] = ()) -> None:
        try:
            message = envelope.parse(content, buffers, self._parsers)
            with self._lock:
                finish = self._answer(message)
            finish()
        except NbtoolsError as error:
            self._refuse(content, error, str(error))
        except Exception as error:  # noqa: BLE001 -- the page has to hear of it, or it waits for ever
            self._refuse(content, error, f"the kernel failed at this: {_named(error)}")

    def _refuse(self, content: object, error: Exception, why: str) -> None:
        fields = content if isinstance(content, dict) else {}
        kind = fields.get("type")
        of = kind if isinstance(kind, str) and kind in self._parsers else "message"
        self._note(of, error)
        request = fields.get("request")
        known = {"request": request} if type(request) is int else {}
        self._say("error", of=of, why=short_line(why), **known)

    def _note(self, of: str, error: Exception) -> None:
        """Write one short line to the log."""
        line = short_line(f"{type(self).__name__}: {of}: {_named(error)}")
        _log.warning("%s", line)

    def _say(self, kind: str, buffers: Sequence[bytes] = (), /, **fields: object) -> None:
        """Send a message to the page."""
        self.send({"v": envelope.VERSION, "type": kind, **fields}, list(buffers))


def bundled(name: str) -> str:
    """Return one of our programs for a page, by the name of its file."""
    return read_bundle(_STATIC / name)


def dataset(ds: Dataset) -> Dataset:
    """Return a dataset, so that a path or a version in its place is refused before anything is made of it.

    Raises
    ------
    TypeError
        If it is none.
    """
    if not isinstance(ds, Core):
        raise TypeError(f"{str(ds)[:80]!r} is a {type(ds).__name__} and no dataset: nbtools.Dataset(path) opens one")
    return ds


def read_only(given: bool | None) -> bool:  # noqa: FBT001 -- as the option of a widget that it is
    """Return whether nothing can be made from a page: as given, else as the server was told."""
    return os.environ.get("NBTOOLS_READ_ONLY") == "1" if given is None else given


def read_bundle(path: Path) -> str:
    """Return the program of a widget's page.

    Raises
    ------
    FileNotFoundError
        If it has not been built; the message says how to.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"the page of the widget is not built: there is no {path.name} in {path.parent}. "
            "Build it with `pip install -e .` in the checkout, or `npm ci && npm run build` in nbtools/widgets/src"
        ) from None


def short_line(text: str) -> str:
    """Return text as one line of at most 200 characters that any host can carry."""
    line = " ".join(whole(text).split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
