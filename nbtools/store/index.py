"""The local index: items in order, what the log comes to, and what was suggested; all of it can be made again."""

from __future__ import annotations

from nbtools.store.acts import Acts
from nbtools.store.items import Items
from nbtools.store.suggested import Suggested


class Index(Items, Acts, Suggested):
    """The index of a dataset.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    owner : str
        The dataset's id; an index that is another's is not believed.
    """
