"""Tasks and labels of a dataset, from Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nbtools.dataset import gold, recording, reverting, tables, tasks
from nbtools.dataset.core import Core
from nbtools.dataset.excluding import set_excluded
from nbtools.dataset.guidelines import markdown
from nbtools.dataset.pictures import with_picture, with_pictures
from nbtools.dataset.recording import Recorded
from nbtools.labels.kinds import kind_of
from nbtools.labels.options import Option
from nbtools.labels.task import Task, Tasks
from nbtools.store.tasks import read_task, task_names

if TYPE_CHECKING:
    import pandas as pd


class Labeling(Core):
    """What a dataset can do with tasks and labels."""

    def task(
        self,
        name: str,
        kind: str | None = None,
        options: Sequence[str | Mapping[str, Any] | Option] | None = None,
        *,
        title: str | None = None,
        guidelines: str | Path | None = None,
        rename: Mapping[str, str] | None = None,
        merge: Mapping[str, str] | None = None,
        retire: Sequence[str] = (),
        split: Mapping[str, Sequence[str | Mapping[str, Any] | Option]] | None = None,
        **settings: Any,
    ) -> Task:
        """Declare a task, change it, or look it up; the same again changes nothing.

        Parameters
        ----------
        name : str
            Lower-case letters, digits and ``_``; it becomes a column.
        kind : str, optional
            ``choice`` (one option; unless given), ``choices`` (any number of them), ``text``,
            ``number``, ``rating``, ``spans``, ``boxes``, ``polygons``, ``points``, ``regions``,
            ``compare``, ``rank`` or ``form``, which has ``fields=[…]`` of the other kinds.
        options : sequence of str, mapping or Option, optional
            Names, or mappings with ``name`` and any of ``key``, ``color``,
            ``description`` and ``picture`` (the path of an image, which is made small
            and kept in the task). ``{"name": "corvids", "options": […]}`` is a group of
            them. One more than before: the next schema.
        title : str, optional
            The question as people see it.
        guidelines : str or Path, optional
            How to answer, shown beside the item: Markdown, or the path of a ``.md`` file.
            Its images are files of the dataset, such as ``metadata/jay.png``. Other
            guidelines are the next schema, so that each label says which were shown;
            ``""`` takes them away.
        rename : mapping, optional
            Old name → new name. No label changes.
        merge : mapping, optional
            An option → the one that its labels become, each by an act that can be
            reverted; it is then retired.
        retire : sequence of str
            Options that are not offered any more. Their labels stay.
        split : mapping, optional
            An option → the options that take its place, ``{"corvid": ["jay", "rook"]}``. It is
            retired; its labels stay, and ``ds.labels(…, holding="corvid")`` lists them.
        **settings : object
            Settings of the kind, such as ``lines=1`` of a ``text``; on a task that is
            there they change what is named and nothing else. ``nbtools.kinds("text")``
            says what each does. ``text``: start, lines, longest, empty, placeholder,
            verbatim. ``number``: min, max, step, integer, unit, slider. ``rating``: min,
            max, words. ``spans``: snap, overlap, relations. ``compare``: of, shows, tie,
            bad, strength. ``rank``: of, shows, ties, top, shuffle. ``regions``: overlap,
            points, attributes. ``boxes``: attributes. ``polygons``: attributes.
            ``points``: attributes, once. ``form``: fields.

        Raises
        ------
        SchemaError
            If it cannot be so, a setting is unknown, or labels would be lost.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        unchanged = kind is None and options is None and guidelines is None
        if unchanged and not (rename or merge or retire or split or title or settings):
            return tasks.found(self, name)
        if isinstance(options, list | tuple):
            options = with_pictures(options)
        split = {
            one: with_pictures(parts) if isinstance(parts, list | tuple) else parts
            for one, parts in (split or {}).items()
        }
        if isinstance(settings.get("fields"), list | tuple):
            settings["fields"] = [with_picture(field) for field in settings["fields"]]
        change = tasks.Change(title, markdown(guidelines), settings, rename or {}, merge or {}, retire, split)
        return tasks.declared(self, name, kind, options, change)

    def tasks(self) -> Tasks:
        """Return the tasks there are, by name."""
        self._index.refresh()
        tasks.bring_back(self)
        found = {name: read_task(self._folder, name) for name in task_names(self._folder)}
        return Tasks({name: task for name, task in found.items() if task is not None})

    def labels(
        self,
        task: str,
        *,
        truth: Literal["latest", "majority", "adjudicated"] | None = None,
        holding: str | None = None,
        history: bool = False,
    ) -> pd.DataFrame:
        """Return the labels of a task.

        Parameters
        ----------
        task : str
            Its name.
        truth : str, optional
            None: one row for each item and annotator. ``latest``: one for each item,
            the label made last. ``majority``: one for each item, what most
            annotators say, None where they are even. ``adjudicated``: one for each item,
            where answers differ an adjudicator's last, none where none judged. A label
            that was imported yields to any person's.
        holding : str, optional
            Only labels that hold this option, given by id or name; of the history all that did.
        history : bool
            Every act that there was instead, in the order in which they came.

        Returns
        -------
        DataFrame
            `value` holds option ids: the names that options were first given.
        """
        self._index.refresh()
        declared = tasks.found(self, task)
        if history:
            return tables.history_table(self._index.history(task), declared, holding)
        found = tables.labels_table(self._index, task, truth, kind_of(declared.kind).answer)
        return found if holding is None else tables.holding(found, declared, holding)

    def record(
        self,
        task: str,
        labels: object,
        *,
        annotator: str | None = None,
        origin: Literal["import", "person", "correction", "adjudication"] = "import",
        source: str | None = None,
        reason: str | None = None,
    ) -> Recorded:
        """Write labels from Python; the same again writes nothing.

        Parameters
        ----------
        task : str
            Its name.
        labels : mapping, Series, DataFrame, pairs or str
            Item → value. An item is given by its id or a unique beginning of it, by the
            path of its file, raw or processed or a copy of it, by the name of its raw
            file where no other has the same, or by its text; so the
            list that `nbtools.annotate` or pigeon returned will do. A value is given by
            id or name of an option; a missing one is passed over. A DataFrame has the
            columns ``item`` or ``id``, and ``value`` or the task's name; a string
            ``column:<attribute>`` takes an attribute of the items.
        annotator : str, optional
            Whose labels they are. Imports are kept under ``import`` unless it is
            given, others under your own name.
        origin : str
            ``import`` for labels that were there before: they yield to any person's.
        source : str, optional
            Where they come from; part of what makes two labels the same.
        reason : str, optional
            Why; kept with each act.

        Raises
        ------
        LabelError
            If an item or a value is not one; nothing is written then.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        tasks.found(self, task)
        return recording.record(self, task, labels, annotator=annotator, origin=origin, source=source, reason=reason)

    def gold(self, task: str, answers: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return how each annotator answered the gold items they were shown.

        Parameters
        ----------
        task : str
            Its name.
        answers : mapping, optional
            Item → answer; the adjudicated labels unless given.

        Returns
        -------
        DataFrame
            ``annotator``, ``n`` (gold items that they labeled), ``correct`` and its ``share``.

        Raises
        ------
        LabelError
            If an item or an answer is none.
        """
        self._index.refresh()
        declared = tasks.found(self, task)
        known = self._index.answers(task) if answers is None else gold.answers_of(self, declared, answers)
        return gold.gold_table(self, declared, known)

    def history(self, task: str | None = None) -> pd.DataFrame:
        """Return every act, of one task or of all, in the order in which they came.

        Rows with the same `bulk` were written by one call; ``ds.revert`` takes the
        id of an act or of such a call.
        """
        self._index.refresh()
        return tables.history_table(self._index.history(task))

    def revert(self, act: str) -> Recorded:
        """Take back an act, or all acts of one call, by appending their reverse.

        Parameters
        ----------
        act : str
            The id of an act or of a bulk act, as in ``ds.history()``.

        Raises
        ------
        LabelError
            If there is no such act.
        NotSavedError
            If the disk refuses.
        """
        self._index.refresh()
        return reverting.revert(self, act)

    def exclude(self, ids: str | Iterable[str], reason: str | None = None) -> int:
        """Take items out of the dataset; files and labels stay where they are.

        Parameters
        ----------
        ids : str or iterable of str
            Ids or unique beginnings of ids.
        reason : str, optional
            Why.

        Returns
        -------
        int
            How many were in until now.
        """
        return set_excluded(self, ids, "exclude", reason)

    def include(self, ids: str | Iterable[str], reason: str | None = None) -> int:
        """Take excluded items back in.

        Parameters
        ----------
        ids : str or iterable of str
            Ids or unique beginnings of ids.
        reason : str, optional
            Why.

        Returns
        -------
        int
            How many were out until now.
        """
        return set_excluded(self, ids, "include", reason)
