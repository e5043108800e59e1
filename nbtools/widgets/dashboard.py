"""The dashboards: each finds its dataset, and its task where it needs one, then is a widget.

Under Voilà an exception shows nothing that helps a visitor, so here everything that
goes wrong is said in the page, in words.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import ipywidgets

from nbtools.dataset import Dataset
from nbtools.errors import NbtoolsError
from nbtools.widgets._base import short_line
from nbtools.widgets.chooser import DatasetChooser, words
from nbtools.widgets.labeler import Labeler
from nbtools.widgets.places import Wanted, chooser_root, wanted

_log = logging.getLogger("nbtools")


def annotate(environ: Mapping[str, str] = os.environ) -> ipywidgets.DOMWidget:
    """Return the page of an annotator: a Labeler, or what has to be settled before.

    The dataset and task are those of ``NBTOOLS_DATASET`` and ``NBTOOLS_TASK``, or those
    that the page's address names (``?dataset=…&task=…``), or are asked for. The order is
    that of ``NBTOOLS_ORDER``, by the names that a Labeler takes.

    Parameters
    ----------
    environ : mapping, optional
        The environment; the process's own unless given.

    Returns
    -------
    DOMWidget
        Never raises: an error is a widget that says it.
    """
    return _said(lambda: _start(wanted(environ), environ, partial(_open, order=environ.get("NBTOOLS_ORDER") or None)))


def versions(environ: Mapping[str, str] = os.environ) -> ipywidgets.DOMWidget:
    """Return the page on which the versions of a dataset are looked at.

    Parameters
    ----------
    environ : mapping, optional
        The environment, which names the dataset as for `annotate`; ``NBTOOLS_READ_ONLY=1``
        in the process's own says that nothing can be made from the page.

    Returns
    -------
    DOMWidget
        Never raises: an error is a widget that says it.
    """
    return _said(lambda: _start(wanted(environ), environ, _browser))


def splits(environ: Mapping[str, str] = os.environ) -> ipywidgets.DOMWidget:
    """Return the page on which a version is split.

    Parameters
    ----------
    environ : mapping, optional
        The environment, which names the dataset as for `annotate`; ``NBTOOLS_READ_ONLY=1``
        in the process's own says that no split can be saved from the page.

    Returns
    -------
    DOMWidget
        Never raises: an error is a widget that says it.
    """
    return _said(lambda: _start(wanted(environ), environ, _builder))


def _start(
    want: Wanted, environ: Mapping[str, str], opened: Callable[[Path, str | None], ipywidgets.DOMWidget]
) -> ipywidgets.DOMWidget:
    if want.dataset is not None:
        return opened(want.dataset, want.task)
    chooser = DatasetChooser(chooser_root(environ=environ))
    place = ipywidgets.VBox([chooser])
    chooser.on_choose(lambda path: _show(place, lambda: opened(path, want.task)))
    return place


def _browser(path: Path, _task: str | None) -> ipywidgets.DOMWidget:
    # Not for an annotator's kernel, which pays for each import.
    from nbtools.widgets.versionbrowser import VersionBrowser

    return VersionBrowser(Dataset(path))


def _builder(path: Path, _task: str | None) -> ipywidgets.DOMWidget:
    # Not for an annotator's kernel, which pays for each import.
    from nbtools.widgets.splitbuilder import SplitBuilder

    return SplitBuilder(Dataset(path))


def _open(path: Path, task: str | None, order: str | None) -> ipywidgets.DOMWidget:
    ds = Dataset(path)
    names = list(ds.tasks())
    if task is not None or len(names) == 1:
        return Labeler(ds, task or names[0], order=order)
    if not names:
        return words(
            f"{ds.name} has no task yet. In a notebook: "
            f'nbtools.Dataset({str(ds.path)!r}).task("species", kind="choice", options=["jay", "rook"]), '
            "then load this page again."
        )
    place = ipywidgets.VBox()
    place.children = [
        words(f"{ds.name}: what do you want to label?"),
        *(_choice(place, ds, name, order) for name in names),
    ]
    return place


def _choice(place: ipywidgets.VBox, ds: Dataset, task: str, order: str | None) -> ipywidgets.Button:
    # As wide as its name: ipywidgets' own width cuts a longer one. As high as a thumb needs.
    layout = ipywidgets.Layout(
        width="auto", min_width="148px", max_width="100%", height="44px", align_self="flex-start"
    )
    button = ipywidgets.Button(description=task, layout=layout)
    button.on_click(lambda _: _show(place, partial(Labeler, ds, task, order=order)))
    return button


def _show(place: ipywidgets.VBox, make: Callable[[], ipywidgets.DOMWidget]) -> None:
    place.children = [_said(make)]


def _said(make: Callable[[], ipywidgets.DOMWidget]) -> ipywidgets.DOMWidget:
    try:
        return make()
    except NbtoolsError as error:
        return words(f"{str(error)[:1].upper()}{str(error)[1:]}")
    except Exception as error:  # noqa: BLE001 -- the page is the only place where a visitor can read of it
        _log.warning("%s", short_line(f"dashboard: {type(error).__name__}: {error}"))
        return words(f"This page could not be made: {type(error).__name__}: {error}")
