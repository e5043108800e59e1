"""Everything that nbtools raises on purpose.

NbtoolsError
├── DatasetError
│   ├── NotADatasetError  (FileNotFoundError)
│   ├── NewerFormatError
│   ├── ErasedError
│   ├── MergeError         (ValueError)
│   └── UnsafePathError   (ValueError)
├── SourceError           (ValueError)
│   └── OptionError
├── MediaError            (ValueError)
├── SchemaError           (ValueError)
├── LabelError            (ValueError)
│   └── UnknownItemError  (KeyError)
├── QueryError            (ValueError)
├── OrderError            (ValueError)
├── SplitError            (ValueError)
├── VersionError          (ValueError)
│   ├── UnknownVersionError   (KeyError)
│   └── UnsettledError
├── NotSavedError         (OSError)
├── MessageError          (ValueError)
├── ServeError            (RuntimeError)
└── MissingExtraError     (ImportError)

Each message says what was wrong, the value, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class NbtoolsError(Exception):
    """Base of every error that nbtools raises on purpose."""


class DatasetError(NbtoolsError):
    """The dataset folder is not as promised."""


class NotADatasetError(DatasetError, FileNotFoundError):
    """There is no dataset at the path."""


class NewerFormatError(DatasetError):
    """The folder was written by a newer nbtools than this one."""


class ErasedError(DatasetError):
    """Items were erased on request, and which ones cannot be known here."""


class MergeError(DatasetError, ValueError):
    """Two folders cannot be merged: they are one, or of different datasets."""


class UnsafePathError(DatasetError, ValueError):
    """A path found inside a dataset leads out of its folder."""


class SourceError(NbtoolsError, ValueError):
    """What was to be added or ingested is missing, empty or unreadable as a whole."""


class OptionError(SourceError):
    """An option of an ingest is none, or does not fit what is in raw/."""


class MediaError(NbtoolsError, ValueError):
    """A file is not what its first bytes announce, or cannot be shown."""


class SchemaError(NbtoolsError, ValueError):
    """A task, option or attribute is named or declared in a way that cannot work."""


class LabelError(NbtoolsError, ValueError):
    """A label does not fit its task."""


class UnknownItemError(LabelError, KeyError):
    """No item has this id, or more than one begins with it."""

    def __str__(self) -> str:
        """Return the message as it is; KeyError would show its repr."""
        return str(self.args[0]) if self.args else ""


class QueryError(NbtoolsError, ValueError):
    """A `where=` expression or a query is not one that can be evaluated."""


class OrderError(NbtoolsError, ValueError):
    """An order is none, or what a ranker needs or returned is not of the kind that it has to be."""


class SplitError(NbtoolsError, ValueError):
    """A split is asked for that cannot be made, or not without a choice that is the caller's."""


class VersionError(NbtoolsError, ValueError):
    """A version can't be made, compared, deleted or restored as asked."""


class UnknownVersionError(VersionError, KeyError):
    """There is no version of this name."""

    def __str__(self) -> str:
        """Return the message as it is; KeyError would show its repr."""
        return str(self.args[0]) if self.args else ""


class UnsettledError(VersionError):
    """Persons' answers differ, and nothing was said of which holds.

    Parameters
    ----------
    message : str
        Lists the choices.
    task : str
        The task.
    count : int
        On how many items answers differ.
    """

    def __init__(self, message: str, task: str = "", count: int = 0) -> None:
        super().__init__(message)
        self.task = task
        self.count = count


class NotSavedError(NbtoolsError, OSError):
    """Nothing was written, because the disk refused; the reason is in the message."""


class MessageError(NbtoolsError, ValueError):
    """A message from a browser does not follow the schema."""


class ServeError(NbtoolsError, RuntimeError):
    """A dashboard can't be served; the reason is in the message."""


class MissingExtraError(NbtoolsError, ImportError):
    """A feature needs a package that is an optional extra; the message names it."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'rook'?`` for a word close to a known one, else nothing."""
    import difflib

    lowered = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return f"; did you mean {lowered[close[0]]!r}?" if close else ""
