"""Choosing a dataset: a file chooser that never leaves the folder it was given."""

from __future__ import annotations

import html
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets
from ipyfilechooser import FileChooser
from ipyfilechooser.errors import ParentPathError

from nbtools.storage import is_regular
from nbtools.widgets.identity import is_voila
from nbtools.widgets.places import MARK, chooser_root

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

_ASKED = "Choose a dataset: open its folder, then press Choose."


class DatasetChooser(ipywidgets.VBox):  # type: ignore[misc]
    """Choose a dataset below a folder.

    Parameters
    ----------
    root : str or Path, optional
        The folder; nothing outside of it is listed or taken. Unless given it is
        ``NBTOOLS_ROOT``, else the folder that holds ``NBTOOLS_DATASET``, else (in
        JupyterLab only) the folder of the notebook.

    Raises
    ------
    DatasetError
        If there is no such folder, or under Voilà none is named.

    Examples
    --------
    >>> chooser = nbtools.DatasetChooser()  # doctest: +SKIP
    >>> chooser.dataset  # doctest: +SKIP
    """

    def __init__(self, root: str | os.PathLike[str] | None = None) -> None:
        self._root = chooser_root(root)
        self._path: Path | None = None
        self._calls: list[Callable[[Path], object]] = []
        self._said = words(_ASKED)
        self._folders = _Folders(self._root, self._say)
        self._folders.register_callback(self._take)
        super().__init__([self._said, self._folders])

    @property
    def path(self) -> Path | None:
        """The folder of the chosen dataset; None until one is chosen."""
        return self._path

    @property
    def dataset(self) -> Dataset | None:
        """The chosen dataset, opened; None until one is chosen."""
        if self._path is None:
            return None
        from nbtools.dataset import Dataset

        return Dataset(self._path)

    def on_choose(self, call: Callable[[Path], object]) -> None:
        """Call a function with the folder, each time a dataset is chosen."""
        self._calls.append(call)

    def _say(self, text: str) -> None:
        self._said.value = as_html(text)

    def _refuse(self, picked: Path, why: str) -> None:
        self._folders.unfold(picked)
        self._say(why)

    def _take(self, chooser: FileChooser) -> None:
        picked = Path(chooser.selected_path or self._root).resolve()
        found = _dataset_around(picked, self._root)
        if not picked.is_relative_to(self._root):
            self._refuse(self._root, f"{picked.name} lies outside of {self._root.name}: choose a folder below it.")
        elif found is not None:
            self._path = found
            self._say(f"Chosen: {found.name}")
            for call in self._calls:
                call(found)
        elif picked != self._root:
            # By its name below the root: where that lies is no business of a visitor's.
            name = shlex.quote(picked.relative_to(self._root).as_posix())
            why = f"{picked.name} is no dataset: it has no {MARK}. Choose another folder, or make it one: "
            self._refuse(picked, f"{why}nbtools init {name}")
        else:
            why = "No dataset is opened yet: open its folder in the list, then press Choose."
            self._refuse(picked, self._folders.asked(picked) if self._folders.empty else why)


def _dataset_around(folder: Path, root: Path) -> Path | None:
    """Return the dataset that a folder is, or lies in; a dataset's own folders are opened like any other."""
    around = (folder, *folder.parents)
    return next((path for path in around if path.is_relative_to(root) and is_regular(path / MARK)), None)


class _Escaping(str):
    """A template that escapes what is put into it: a folder may be named `<img …>`."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        return super().format(
            *(html.escape(str(value)) for value in values),
            **{key: html.escape(str(value)) for key, value in named.items()},
        )


class _Folders(FileChooser):  # type: ignore[misc]
    """ipyfilechooser, kept inside one folder, with names escaped."""

    _LBL_TEMPLATE = _Escaping("<span>{0}</span>")

    def __init__(self, root: Path, say: Callable[[str], None]) -> None:
        self._say = say
        self._root = root
        layout = ipywidgets.Layout(width="auto", max_width="640px")
        super().__init__(
            str(root),
            sandbox_path=str(root),
            show_only_dirs=True,
            select_desc="Choose",
            change_desc="Choose",
            # Names as `ls -F` has them; a picture of a folder needs a font that has one.
            dir_icon="/",
            dir_icon_append=True,
            layout=layout,
        )
        # What it says beside its buttons, the line above them says in words.
        self._label.layout.display = "none"
        self.unfold(root)

    def unfold(self, folder: Path) -> None:
        """Show what is in a folder; there is nothing to go back to, so nothing to cancel."""
        self.reset(str(folder))
        self._show_dialog()
        self._cancel.layout.display = "none"

    def _set_form_values(self, path: str, filename: str) -> None:
        try:
            super()._set_form_values(path, filename)
        except ParentPathError:
            self._say("That folder is a link that leads elsewhere: choose another.")
        except OSError as error:
            self._say(f"That folder can't be read: {error.strerror}.")
        else:
            self._say(self.asked(Path(path)))

    @property
    def empty(self) -> bool:
        """Whether the folder that is shown holds no other."""
        return not self._dircontent.options

    def asked(self, folder: Path) -> str:
        """Return what is to be done where a folder is shown."""
        found = _dataset_around(folder, self._root)
        if found is not None:
            return f"{found.name} is a dataset: press Choose to open it."
        if folder == self._root and self.empty:
            where = "no folder here to choose a dataset from"
            if is_voila():
                return f"There is {where}: ask whoever gave you this address."
            return f"There is {where}: run %env NBTOOLS_ROOT=path/to/your/datasets, then this cell again."
        return _ASKED


def as_html(text: str) -> str:
    """Return plain words as HTML, with nothing in them that could be markup."""
    return f'<p role="status">{html.escape(text)}</p>'


def words(text: str) -> ipywidgets.HTML:
    """Return a widget that says something."""
    return ipywidgets.HTML(as_html(text))
