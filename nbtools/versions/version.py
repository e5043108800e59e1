"""`Version`: a version of a dataset, as a person or a widget holds it; its tables are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.storage import Folder
from nbtools.versions.lasting import Lasting
from nbtools.versions.names import own_names
from nbtools.versions.record import Record
from nbtools.versions.words import changes_in_words, counted, say

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.splits.splitter import Splitter
    from nbtools.versions.splitting import SplitPlan

Progress = Callable[[int, "int | None"], None]
_SHOWN = 6


class Version(Lasting):
    """A version of a dataset, which never changes.

    Parameters
    ----------
    folder : Folder
        The dataset's folder.
    record : Record
        What the version says of itself.
    locate : callable
        Where the file of a path that the version names lies.
    on_split : callable, optional
        Called when a split of it was made, so that what describes the dataset can follow.
    ranked : callable, optional
        Returns of a task the ids of acts whose item a ranker chose.
    """

    def __init__(
        self,
        folder: Folder,
        record: Record,
        locate: Callable[[str], Path],
        on_split: Callable[[], None] | None = None,
        ranked: Callable[[str], set[str]] | None = None,
    ) -> None:
        super().__init__(folder, record, locate)
        self._on_split = on_split
        self._ranked = ranked

    @property
    def parent(self) -> str | None:
        """The name of the version before it."""
        return None if self.record.parent is None else str(self.record.parent)

    @property
    def author(self) -> str | None:
        """Who made it."""
        return self.record.author

    @property
    def created(self) -> str:
        """When it was made: RFC 3339, UTC."""
        return self.record.created

    @property
    def changed(self) -> Mapping[str, Any]:
        """What changed from the version before."""
        return self.record.changed

    @property
    def tasks(self) -> list[str]:
        """The tasks whose labels it holds."""
        return list(self.record.truth)

    @property
    def splits(self) -> list[str]:
        """The names of its splits."""
        mine = self.record.name.version
        return [str(name) for name in own_names(self._folder) if name.is_split and name.version == mine]

    @cached_property
    def items(self) -> DataFrame:
        """One row for each item: what it is, its attributes, and a column per task with its label."""
        from nbtools.versions.tables import ITEMS, as_frame, read_table

        return as_frame(read_table(self._folder, self.record.name, ITEMS))

    @cached_property
    def labels(self) -> DataFrame:
        """One row for each task, item and annotator; `value` is JSON, annotators have pseudonyms."""
        from nbtools.versions.tables import LABELS, as_frame, read_table

        return as_frame(read_table(self._folder, self.record.name, LABELS))

    def split(
        self,
        ratios: Mapping[str, float] | Splitter,
        *,
        stratify: str | Sequence[str] | None = None,
        groups: str | Sequence[str] | None = None,
        seed: int | str | None = None,
        missing: str | None = None,
        rare: str | None = None,
        near_duplicates: bool = False,
        links: Any = None,
        dismissed: Any = None,
        fresh: bool = False,
        eval: str | None = None,
        on_progress: Progress | None = None,
    ) -> SplitPlan:
        """Plan a split; it is kept by the plan's `save`.

        The newest split with the same parts of the nearest version before is carried
        on, which is said: its items stay where they are, and new ones fill what is lacking.

        Parameters
        ----------
        ratios : mapping of str to float or Splitter
            The name of each part → its share; they add up to one. Or another strategy:
            `TimeSplit`, `KFoldSplit`, `PredefinedSplit`, `HashSplit`.
        stratify : str or sequence of str, optional
            Tasks or attributes that are to be alike in all parts.
        groups : str or sequence of str, optional
            Attributes or tasks: items that share a value stay together.
        seed : int or str, optional
            Decides between what is alike; 0 unless given.
        missing : {"alone", "together"}, optional
            What to do with items that have no value in a column of groups.
        rare : {"keep"}, optional
            Take an answer that one item only has as it is.
        near_duplicates : bool
            Whether images that look alike, and texts that read alike, stay together.
            Items of equal content always do.
        links : sequence of pairs of ids, DataFrame, Links, or sequence of Links, optional
            Pairs that stay together, added to those of the split that is carried on; `Links`,
            such as ``near_vectors(embeddings)``, count the version's items as `items` does.
        dismissed : sequence of pairs of ids or DataFrame, optional
            Pairs that were found nearly alike and are not; likewise added.
        fresh : bool
            Begin anew instead of carrying on an earlier split.
        eval : {"random"}, optional
            New items that a ranker chose to be labeled go to train, so that tests are as chance has them.
        on_progress : callable, optional
            Called with the number of images that were looked at and of all.

        Raises
        ------
        SplitError
            If it cannot be split so.
        """
        from nbtools.versions.splitting import plan_split
        from nbtools.versions.wanted import read_wanted

        how = {"seed": seed, "missing": missing, "rare": rare}
        wanted = read_wanted(
            ratios, how, stratify, groups, links, dismissed, near_duplicates=near_duplicates, fresh=fresh, eval=eval
        )
        plan = plan_split(self._folder, self.record, self._locate, wanted, on_progress, self._on_split, self._ranked)
        if plan.extends is not None:
            say(plan.summary)
        return plan

    def __len__(self) -> int:
        """Return how many items it holds."""
        return int(self.counts.get("items", 0))

    def __bool__(self) -> bool:
        """Return True, however few items it holds."""
        return True

    def __repr__(self) -> str:
        """Say what it holds, and the next sensible call."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.get("kinds", {}).items())
        lines = [f"{self.name} · {counted(len(self), 'item')}" + (f" ({kinds})" if kinds else "")]
        labels = self.counts.get("labels", {})
        lines += [f"{task}: {labels[task]['labeled']:,} of {len(self):,} labeled" for task in list(labels)[:_SHOWN]]
        by = f" · {self.author}" if self.author else ""
        lines.append(f"{self.message}{by} · {self.created[:10]}")
        from_parent = changes_in_words(self.changed)
        lines += [f"from {self.parent}: {from_parent}"] if self.parent and from_parent else []
        return "\n".join([*lines, f'next: ds.version("{self.name}").items'])
