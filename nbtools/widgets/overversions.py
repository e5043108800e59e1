"""What the widgets over the versions of a dataset share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from nbtools.widgets import _base
from nbtools.widgets._base import BaseWidget
from nbtools.widgets.jobs import Jobs

if TYPE_CHECKING:
    from nbtools.dataset import Dataset


class OverVersions(BaseWidget):
    """A widget over the versions of one dataset, whose work has a thread of its own.

    A subclass calls `_take` before anything else, and what it is made of stands before
    the widget itself is begun: a page may ask as soon as there is one.
    """

    def _take(self, ds: Dataset, read_only: bool | None) -> None:  # noqa: FBT001 -- as the option of a widget that it is
        """Keep what the widget is over.

        Parameters
        ----------
        ds : Dataset
            The dataset.
        read_only : bool or None
            Whether nothing can be made from the page; None: as ``NBTOOLS_READ_ONLY`` says.

        Raises
        ------
        TypeError
            If `ds` is no dataset.
        """
        self._ds = _base.dataset(ds)
        self._read_only = _base.read_only(read_only)
        self._jobs = Jobs()

    def _summary(self) -> str:
        count = len(self._ds.versions())
        return f"{type(self).__name__} · {self._ds.name} · {count:,} version{'' if count == 1 else 's'}"

    def _answer(self, message: Any) -> Callable[[], None]:
        """Work outside the lock: what is kept has locks of its own, and tables take time."""
        return partial(self._answered, message)

    def _answered(self, message: Any) -> None:
        """Do what a message asks for, and say what came of it."""
        raise NotImplementedError
