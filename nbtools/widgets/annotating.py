"""`nbtools.annotate`: pigeon's call and its live list, behind the Labeler's page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from IPython.display import display

from nbtools.annotations.call import Call, call_of
from nbtools.annotations.session import ExampleSession
from nbtools.dataset.person import Person
from nbtools.versions.words import say
from nbtools.widgets.content import Content
from nbtools.widgets.examples import Examples, shows_itself
from nbtools.widgets.identity import identify
from nbtools.widgets.labeling import LabelingWidget
from nbtools.widgets.payload import View


def annotate(
    examples: Iterable[Any],
    options: Any = None,
    shuffle: bool = False,  # noqa: FBT001, FBT002 -- pigeon's call, in pigeon's order
    include_skip: bool = True,  # noqa: FBT001, FBT002 -- as above
    display_fn: Callable[[Any], object] = display,
    *,
    save: str | os.PathLike[str] | None = None,
    key: Callable[[Any], object] | None = None,
    kind: str | Mapping[str, Any] | None = None,
) -> list[tuple[Any, Any]]:
    """Label Python objects, one at a time; the call of pigeon, with nothing lost.

    Parameters
    ----------
    examples : iterable
        What is labeled. A `Path` of a picture, of sound, video or text is shown as such,
        and so are bytes of these files, PIL images, arrays H x W or H x W x C of uint8, and
        dicts; nothing is changed.
    options : list, tuple or None
        A list: one of these is chosen, and recorded as it was given. A tuple
        ``(least, most)`` or ``(least, most, step)``: a number. None: a text. Other
        kinds take a list too, and record the text of an option.
    shuffle : bool
        Show them in random order, of the global generator of `random`.
    include_skip : bool
        Whether an example can be skipped; skipped ones come again at the end.
    display_fn : callable
        Displays an example, or prints, or returns what is to be shown. It is called
        some examples ahead. What it shows is what shapes and spans are drawn on.
    save : str or Path, optional
        The file in which labels are saved as they are made, one line of JSON each. Else
        a file in ``.nbtools/`` in the working directory, named by the examples and
        options.
    key : callable, optional
        Gives text or a number that tells an example from all others. Needed to save
        labels of objects other than text, numbers, paths, bytes, and lists, tuples and
        dicts of these.
    kind : str or mapping, optional
        A kind of task that the options alone do not mean; with settings as
        ``{"kind": "rating", "max": 7}``. ``"choices"``, ``"rating"``, ``"text"``,
        ``"number"`` and ``"form"`` (``{"kind": "form", "fields": […]}``) are asked of
        anything; ``"boxes"``, ``"polygons"`` and ``"points"`` of pictures: paths, bytes,
        PIL images, arrays H x W or H x W x C; ``"spans"`` of texts, or paths of text files;
        ``"regions"`` of paths or bytes of sound or video; ``"compare"`` and ``"rank"`` of
        dicts, as in ``{"kind": "compare", "of": ["a", "b"]}``, whose values are texts,
        pictures or sound; with ``"shows": "items"`` a text is the path of a file. Numbers
        are pixels of the upright original, seconds, or characters.

    Returns
    -------
    list of tuple
        ``(example, label)`` in the order of clicks. The list grows as you label, and is
        corrected in place; called again, even in another kernel, it already holds what
        was labeled.

    Raises
    ------
    ValueError
        If the options mean nothing, the kind cannot be asked of an example (of files the
        first thousand are opened to see that, and later ones say it when they are shown),
        a key is there twice, or the file holds something else; nothing is shown then.

    Examples
    --------
    >>> annotations = nbtools.annotate(["it was great", "it was not"], ["good", "bad"])  # doctest: +SKIP
    >>> boxes = nbtools.annotate(Path("photos").glob("*.jpg"), ["jay", "rook"], kind="boxes")  # doctest: +SKIP
    """
    call = call_of(
        examples,
        options,
        shuffle=shuffle,
        skip=include_skip,
        save=save,
        key=key,
        kind=kind,
        shown=shows_itself(display_fn),
    )
    widget = AnnotateWidget(call, display_fn)
    if not widget.saves:
        say(NOT_SAVED)
    display(widget)  # type: ignore[no-untyped-call]
    return widget.annotations


NOT_SAVED = (
    "These labels are not saved: nothing about these objects could name them in a file. They are lost with the kernel. "
    'To save them: annotate(…, save="labels.jsonl", key=…), with a function that gives each a text or number of its own'
)


class AnnotateWidget(LabelingWidget):
    """The page of one call of annotate.

    Parameters
    ----------
    call : Call
        What was asked.
    display_fn : callable
        What shows an example.
    """

    def __init__(self, call: Call, display_fn: Callable[[Any], object]) -> None:
        who = identify()
        self._examples: ExampleSession = call.begin(Person(who.name, who.how))
        self._contents = Examples(self._examples, call.mode.task, display_fn)
        super().__init__(self._examples, call.mode.task.name)

    @property
    def annotations(self) -> list[tuple[Any, Any]]:
        """The live list of pairs."""
        return self._examples.annotations

    @property
    def saves(self) -> bool:
        """Whether labels outlive the kernel."""
        return self._examples.saves

    def _summary(self) -> str:
        counts = self._session.counts()
        return f"annotate · {counts['total'] - counts['left']:,} of {counts['total']:,}"

    def _content(self, view: View) -> Content:
        return self._contents.of(view)

    def _card(self, view: View) -> Content:
        return self._contents.card(view)

    def _chunk(self, item: str, start: int) -> tuple[bytes, int]:
        return self._contents.chunk(item, start)

    def _peaks(self, item: str) -> bytes:
        return self._contents.peaks(item)
