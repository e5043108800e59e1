"""How data comes into a dataset, and how its items are looked at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.dataset import itemtable
from nbtools.dataset.attaching import Attached, attach
from nbtools.dataset.foundlabels import carry_labels, record_found
from nbtools.dataset.labeling import Labeling
from nbtools.errors import SchemaError, SourceError
from nbtools.store.tasks import task_names
from nbtools.versions.words import say

if TYPE_CHECKING:
    from pandas import DataFrame

    from nbtools.ingest.adding import Added
    from nbtools.ingest.report import Report

Progress = Callable[[int, "int | None"], None]


class Intake(Labeling):
    """What a dataset can do with raw data and items."""

    def add(
        self,
        *sources: str | os.PathLike[str] | DataFrame | Iterable[str | os.PathLike[str]],
        name: str | None = None,
        on_progress: Progress | None = None,
    ) -> Added:
        """Copy files, folders or a table into raw/; what is there already is left as it is.

        Parameters
        ----------
        *sources : path, iterable of paths, or DataFrame
            A file keeps its name, a folder its name and what is in it. A table
            becomes a Parquet file.
        name : str, optional
            What to call a table.
        on_progress : callable, optional
            Called with the number of files done and of all.

        Raises
        ------
        SourceError
            If a source is a URL, missing, or holds the dataset itself.
        NotSavedError
            If the disk refuses; what was copied until then stays.
        """
        from nbtools.ingest.adding import Added, add_table, copy_all, plan_copies, size_of
        from nbtools.ingest.erasing import without_erased

        if self.raw != self._folder.root / "raw":
            raise SourceError(f"this dataset reads {self.raw} where it lies: copy the files there, then ds.ingest()")
        added = Added()
        for table in (one for one in sources if hasattr(one, "to_parquet")):
            add_table(self._folder, table, name, added)  # type: ignore[arg-type]
        copies, failed = plan_copies(_paths(sources), self._folder.root)
        added.failed += failed
        copies = without_erased(self._folder, copies, added)
        if copies:
            say(f"copying {len(copies):,} files, {size_of(sum(copy.size for copy in copies))}, into {self.raw}")
            copy_all(self._folder, copies, added, on_progress)
        return added

    def ingest(
        self,
        *,
        attributes: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        include: str | Sequence[str] | None = None,
        exclude: str | Sequence[str] | None = None,
        rows: str | bool | Sequence[str] = "auto",
        key: str | Mapping[str, str] | None = None,
        text: str | Mapping[str, str] | None = None,
        convert: Mapping[str, object] | None = None,
        carry: bool = False,
        link: str = "auto",
        reader: Callable[[Path], Iterable[Mapping[str, Any]]] | None = None,
        rename: Mapping[str, str] | None = None,
        executor: Executor | None = None,
        dry_run: bool = False,
        on_progress: Progress | None = None,
    ) -> Report:
        """Make items of what is in raw/: again, only of what is new.

        It may be interrupted at any moment and called again.

        Parameters
        ----------
        attributes : mapping, optional
            Name → ``folder:N`` (0 the outermost folder, -1 the innermost),
            ``name:REGEX`` (the first group, else the whole match, in the file's
            name) or ``column:NAME`` (of a table that names the files). Without it
            every column of such a table becomes an attribute; ``{}``: none.
        labels : mapping, optional
            Task → a rule of the same forms. A task that is not there is declared,
            with the values found as options.
        include, exclude : str or sequence of str, optional
            Patterns such as ``*.png`` or ``photos/*``.
        rows : "auto", bool, str or sequence of str
            Whether the rows of tables are items: where there is nothing but tables
            (auto), always, never, or of the tables that match a pattern.
        key : str or mapping, optional
            The column that names a row, for all tables or by table. Without it rows
            that are alike are one item.
        text : str or mapping, optional
            The column that is shown of a row.
        convert : mapping, optional
            ``format`` (jpeg, png, webp), ``max_side``, ``quality``,
            ``strip_metadata``, ``text`` ("nfc"). Another recipe never touches the
            files of the first, nor ids, nor labels.
        carry : bool
            Whether the labels of a file that was replaced go to what replaced it.
        link : str
            ``auto`` (share blocks, else link what `add` copied, else copy), ``hard``,
            ``copy``, or ``reference`` (nothing is written; raw/ has to stay).
        reader : callable, optional
            For structures of one's own: called with the folder of raw data, it
            yields mappings with ``path``, or ``bytes`` and ``source``, and any of
            ``attributes`` and ``labels``.
        rename : mapping, optional
            Column of a table → name of the attribute.
        executor : concurrent.futures.Executor, optional
            Where files are worked on; threads unless given.
        dry_run : bool
            Only say what it would come to.
        on_progress : callable, optional
            Called with the number of files done and of all.

        Raises
        ------
        SourceError
            If raw/ is missing, unreachable or empty, or an option does not fit.
        SchemaError
            If an attribute or a task cannot have its name.
        NotSavedError
            If the disk refuses.
        """
        from nbtools.ingest.run import Ingest, Options

        if dry_run:
            from nbtools.ingest.trying import try_ingest

            return try_ingest(self._folder, self.raw, include, exclude)
        tasks = frozenset(task_names(self._folder))
        _refuse_shared(tasks & set(attributes or ()), "a task", "attribute")
        if labels:
            self._index.refresh()
            _refuse_shared(set(self._index.attributes()) & set(labels), "an attribute", "task")
        options = Options(attributes, labels, include, exclude, rows, key, text, convert, link, reader, rename, tasks)
        report = Ingest(self._folder, self.raw, options, executor, on_progress).run()
        record_found(self, report)
        if carry:
            carry_labels(self, report)
        return report

    def attach(
        self,
        table: DataFrame | str | os.PathLike[str],
        on: str = "source",
        *,
        column: str | None = None,
        rename: Mapping[str, str] | None = None,
    ) -> Attached:
        """Join the columns of a table to the items, as attributes; the same again writes nothing.

        Parameters
        ----------
        table : DataFrame or path
            A path may be relative to raw/.
        on : str
            What its rows are matched by: ``id``, an attribute, or else the raw file:
            by its path or name, with or without suffix.
        column : str, optional
            The column of the table that holds it, where it is called otherwise.
        rename : mapping, optional
            Column → name of the attribute.

        Raises
        ------
        SourceError
            If the table cannot be read or lacks the column.
        SchemaError
            If a column cannot be an attribute; the message proposes `rename=`.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        done = attach(self, table, on, column, rename or {})
        self._index.refresh()
        return done

    def items(
        self,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        limit: int | None = None,
        labels: str | Sequence[str] | None = None,
    ) -> DataFrame:
        """Return the items that are in, in order, one row each.

        Parameters
        ----------
        columns : sequence of str, optional
            Which; the usual ones and all attributes unless given.
        where : str, optional
            A SQL expression such as ``site = 'north' and width > 640``.
        limit : int, optional
            How many at most.
        labels : str or sequence of str, optional
            Tasks that become a column: the label made last, a person's before an
            import.

        Raises
        ------
        QueryError
            If `where` cannot be evaluated or a column is not one.
        SchemaError
            If there is no such task.
        """
        self._index.refresh()
        tasks = [labels] if isinstance(labels, str) else list(labels or ())
        for task in tasks:
            self.task(task)
        if not tasks:
            return itemtable.items_table(self, columns, where, limit)
        wanted = None if columns is None else list(dict.fromkeys(["id", *columns]))
        table = itemtable.with_labels(self, itemtable.items_table(self, wanted, where, limit), tasks)
        return table if columns is None else table[[*columns, *tasks]]

    def sample(self, n: int = 9, seed: int = 0) -> DataFrame:
        """Return some items, drawn by chance; the same items for the same seed.

        Parameters
        ----------
        n : int
            How many.
        seed : int
            Another one draws others.
        """
        self._index.refresh()
        return itemtable.sample_table(self, n, seed)


def _paths(sources: Iterable[Any]) -> list[str | os.PathLike[str]]:
    paths: list[str | os.PathLike[str]] = []
    for source in sources:
        if hasattr(source, "to_parquet"):
            continue
        if not isinstance(source, str | os.PathLike | Iterable):
            raise SourceError(f"{source!r} is nothing to add: give paths of files or folders, or a DataFrame")
        paths += [source] if isinstance(source, str | os.PathLike) else list(source)
    return paths


def _refuse_shared(names: Iterable[str], taken_by: str, wanted: str) -> None:
    for name in sorted(names):
        raise SchemaError(
            f"{name!r} is {taken_by} of this dataset, and tasks and attributes share one table: "
            f"call the {wanted} {name + '_2'!r}, say"
        )
