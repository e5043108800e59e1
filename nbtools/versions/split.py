"""`Split`: a version dealt out to train on and to test on, as a person holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import MissingExtraError, SplitError, did_you_mean
from nbtools.versions.ancestry import FOLDS, assignments
from nbtools.versions.decided import Decided, kept_decided
from nbtools.versions.lasting import Lasting
from nbtools.versions.pieces import part_names
from nbtools.versions.places import Places
from nbtools.versions.tables import as_frame, read_table
from nbtools.versions.words import counted

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from nbtools.versions.training import Examples

Progress = Callable[[int, "int | None"], None]


class Split(Lasting):
    """A split of a version, which never changes.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        What the split says of itself.
    locate : callable
        Where the file of a path that the split names lies.

    Examples
    --------
    ``split["train"]`` is a DataFrame with one row for each item.
    """

    _layout: ClassVar[str] = "imagefolder"

    @property
    def version(self) -> str:
        """The name of the version that it is a split of."""
        return str(self.record.name.version)

    @property
    def names(self) -> list[str]:
        """The names of its parts, such as ``train``, ``val`` and ``test``."""
        return part_names(self.record)

    @property
    def recipe(self) -> Mapping[str, Any]:
        """How it came to be: strategy, ratios, seed, what it is stratified and grouped by."""
        found = self.record.said.get("recipe")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def assignments(self) -> Series[str]:
        """The part or fold of each item, by id; ``quarantine`` for those in none."""
        return assignments(self._folder, self.record)

    @cached_property
    def folds(self) -> DataFrame | None:
        """Which item of ``train`` is in which fold: id, fold; None where there are none."""
        if FOLDS not in self.record.files:
            return None
        return as_frame(read_table(self._folder, self.record.name, FOLDS))

    @property
    def links(self) -> list[tuple[str, str]]:
        """The pairs of items that were linked by hand: what `links` of ``version.split`` takes."""
        return sorted(self._decided.linked)

    @property
    def dismissed(self) -> list[tuple[str, str]]:
        """The pairs that were found nearly alike and dismissed by hand; likewise."""
        return sorted(self._decided.dismissed)

    @cached_property
    def _decided(self) -> Decided:
        return kept_decided(self._folder, self.record)

    def __getitem__(self, name: str) -> DataFrame:
        """Return the items of a part: whole rows, a column per task with its label.

        Raises
        ------
        SplitError
            If there is no such part.
        """
        return as_frame(read_table(self._folder, self.record.name, f"{self._part(name)}.parquet"))

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the parts."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return how many parts there are."""
        return len(self.names)

    def paths(self, name: str) -> list[Path]:
        """Return where the files of a part lie, in the order of its rows.

        Raises
        ------
        SplitError
            If there is no such part, or an item has no file of its own.
        """
        table = read_table(self._folder, self.record.name, f"{self._part(name)}.parquet", ["path", "row"])
        if table["row"].null_count < table.num_rows or table["path"].null_count:
            raise SplitError(f"items of {name!r} are rows of a table and have no file each: split[{name!r}] holds them")
        places = Places(self._locate)
        return [places.find(path) for path in table["path"].to_pylist()]

    def torch(self, name: str, target: str | None = None, transform: Callable[[Any], Any] | None = None) -> Examples:
        """Return a part as a map-style data set for PyTorch's ``DataLoader``.

        Parameters
        ----------
        name : str
            The part.
        target : str, optional
            The task to learn; items without an answer are left out. Unless given,
            examples have no target.
        transform : callable, optional
            Applied to each image (a PIL image) or text.

        Raises
        ------
        SplitError
            If there is no such part or task.
        """
        from nbtools.versions.training import examples

        return examples(self, self._part(name), target, transform, Places(self._locate))

    def sklearn(self, name: str, target: str) -> tuple[DataFrame, Series[Any]]:
        """Return the rows of a part that have an answer, and the answers.

        Raises
        ------
        SplitError
            If there is no such part or task.
        """
        from nbtools.versions.training import labeled

        rows = labeled(self, self._part(name), target)
        return rows.drop(columns=[target]), rows[target]

    def hf(self) -> Any:
        """Return all parts as a ``datasets.DatasetDict``.

        Raises
        ------
        MissingExtraError
            If the package datasets is not installed.
        """
        try:
            from datasets import Dataset, DatasetDict
        except ImportError as error:
            raise MissingExtraError("split.hf() needs Hugging Face's package: pip install datasets") from error
        return DatasetDict({name: Dataset.from_pandas(self[name], preserve_index=False) for name in self.names})

    def __repr__(self) -> str:
        """Say what it holds, and the next sensible call."""
        parts = self.counts.get("parts", {})
        total = sum(parts.values()) or 1
        shares = " · ".join(f"{name} {size:,} ({size / total:.1%})" for name, size in parts.items())
        by = [f"{what} {', '.join(self.recipe[what])}" for what in ("stratify", "groups") if self.recipe.get(what)]
        said = " · ".join([*filter(None, [self.message]), *by, self.record.created[:10]])
        first = self.names[0] if self.names else "train"
        return f"{self.name} · {counted(sum(parts.values()), 'item')}: {shares}\n{said}\nnext: split[{first!r}]"

    def _part(self, name: str) -> str:
        if name not in self.names:
            hint = did_you_mean(str(name), self.names) or ";"
            raise SplitError(f"{self.name} has no part {name!r}{hint} there are {', '.join(self.names)}")
        return name
