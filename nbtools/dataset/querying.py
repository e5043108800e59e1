"""SQL over a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbtools.dataset.core import Core

if TYPE_CHECKING:
    from pandas import DataFrame


class Querying(Core):
    """What a dataset answers in SQL."""

    def sql(self, query: str) -> DataFrame:
        """Return what a query comes to; it can only read.

        Parameters
        ----------
        query : str
            One SELECT (or WITH … SELECT, or EXPLAIN) in duckdb's dialect, over

            - ``items``: those that are in, with their attributes;
            - ``labels``: what is current, of all tasks and annotators; `value` is the
              option's id, or a JSON list of them;
            - ``versions``: one row for each version and split;
            - ``v1_items``, ``v1_labels`` …: what a version holds;
            - ``v1_1`` …: the items of a split, whose part is in the column ``split``.

        Raises
        ------
        QueryError
            If it cannot be answered; in duckdb's words, with the query.
        DatasetError
            If a table that it names cannot be read.

        Notes
        -----
        A query may take a minute and a gigabyte. Both are looked at between the steps of
        a query: a single value that a function makes large, such as
        ``repeat('x', 10000000000)`` or a list of a billion numbers, is made before. It
        takes the memory of this process and of no other.
        """
        from nbtools.dataset.sqltables import sources
        from nbtools.query import run_query

        self._index.refresh()
        return run_query(query, sources(self))
