"""What comes from a browser, turned into acts; nothing of it is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from nbtools.errors import LabelError, UnknownItemError
from nbtools.labels.act import Act
from nbtools.labels.current import Answer, before, distinct
from nbtools.labels.kinds.base import ItemFacts
from nbtools.labels.suggestion import Suggestion, outcome
from nbtools.labels.task import Task, check

COMMENT_LENGTH = 10_000
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,64}")
_ITEM = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class TryLaterError(LabelError):
    """What was sent may be saved when it is sent again."""


class Known(Protocol):
    """What is known already: the index of a dataset, or what stands in for one."""

    def item(self, wanted: str) -> object | None:
        """Return an item by its id."""

    def act(self, act: str) -> Act | None:
        """Return an act by its id."""

    def acts(self, task: str, item: str, annotator: str) -> list[Act]:
        """Return all acts that an act of this annotator on this item may follow."""


@dataclass
class Batch:
    """The acts of one message, checked one after the other.

    Attributes
    ----------
    index : Known
        Where items and acts are found.
    schema : callable
        The task as it was at an earlier schema, by number; None where it never was.
    task : Task
        What is labeled.
    annotator, identity : str
        Who it is, by the server's own knowledge.
    refused : set of str
        Acts refused for good; what undoes them is refused too.
    facts : callable
        What a value can be checked against, of an item as `index` returns it.
    suggestion : callable
        What was proposed for an item in a table, by their ids; None where nothing was.
    why : callable
        Why an item was shown, by its id; a browser is not asked.
    new : list of Act
        To be appended, in order.
    """

    index: Known
    schema: Callable[[int], Task | None]
    task: Task
    annotator: str
    identity: str
    refused: set[str]
    facts: Callable[[Any], ItemFacts]
    suggestion: Callable[[str, str], Suggestion | None] = lambda _item, _table: None
    why: Callable[[str], Any] = lambda _: None
    new: list[Act] = field(default_factory=list)
    _known: dict[str, dict[str, Act]] = field(default_factory=dict)
    _schemas: dict[int, Task] = field(default_factory=dict)

    def take(self, message: Mapping[str, Any]) -> tuple[Act, bool]:
        """Check one message and take its act in.

        Returns
        -------
        act : Act
            What it comes to, or what is in the log under its id.
        duplicate : bool
            Whether it was there already.

        Raises
        ------
        TryLaterError
            If it depends on an act that is not there yet.
        LabelError
            If it can never be saved.
        """
        act = _matching(message.get("act"), _ULID, "act")
        item, found = self._item(message.get("item"))
        before_it = self.acts(item)
        there = before_it.get(act) or self.index.act(act)
        if there is not None:
            if (there.task, there.item, there.annotator) != (self.task.name, item, self.annotator):
                raise LabelError(f"the act {act} is another one's: make a new id for each act")
            return there, True
        schema = self._schema(message.get("schema"))
        undoes = None
        if message.get("kind") == "undo":
            undoes = _matching(message.get("undoes"), _REFERENCE, "undoes")
            answer = self._undone(before_it, undoes)
        else:
            answer = _answer(message, schema, self.facts(found))
        made = self._made(message, act, item, schema, answer, undoes)
        before_it[act] = made
        self.new.append(made)
        return made, False

    def acts(self, item: str) -> dict[str, Act]:
        """Return the acts of the annotator on an item by id, those of this batch included."""
        if item not in self._known:
            self._known[item] = distinct(self.index.acts(self.task.name, item, self.annotator))
        return self._known[item]

    def _made(
        self, message: Mapping[str, Any], act: str, item: str, schema: Task, answer: Answer, undoes: str | None
    ) -> Act:
        supersedes = message.get("supersedes")
        if supersedes is not None and _matching(supersedes, _REFERENCE, "supersedes") == act:
            raise LabelError(f"the act {act} says that it follows itself")
        return Act(
            act=act,
            task=self.task.name,
            schema=schema.schema,
            item=item,
            annotator=self.annotator,
            identity=self.identity,
            value=answer.value,
            status=answer.status,
            flagged=answer.flagged,
            unsure=answer.unsure,
            comment=answer.comment,
            origin="person",
            supersedes=supersedes or undoes,
            undoes=undoes,
            shown_at=_moment(message, "shown_at"),
            sent_at=_moment(message, "sent_at"),
            received_at=now(),
            visible_ms=_milliseconds(message, "visible_ms"),
            active_ms=_milliseconds(message, "active_ms"),
            bulk=None if message.get("bulk") is None else _matching(message["bulk"], _ULID, "bulk"),
            suggestion=self._became(message, item, schema, answer) if undoes is None else None,
            why=self.why(item),
            # Until the log has placed it, an act stands after what was placed before.
            writer="~",
            line=len(self.new),
        )

    def _became(self, message: Mapping[str, Any], item: str, schema: Task, answer: Answer) -> dict[str, Any] | None:
        """Return what became of the suggestion that was shown: the page says which, and whether it was rejected."""
        named = message.get("suggestion")
        if named is None:
            return None
        table = _matching(
            named.get("table") if isinstance(named, Mapping) else None, _ULID, "suggestion", "a table of them"
        )
        found = self.suggestion(item, table)
        # What was erased meanwhile is no reason to lose the label.
        if found is None:
            return None
        return outcome(schema, found, answer.value, answer.status, rejected=_yes(named, "rejected"))

    def _item(self, item: object) -> tuple[str, object]:
        found = self.index.item(item) if isinstance(item, str) and _ITEM.fullmatch(item) else None
        if found is None or not isinstance(item, str):
            raise UnknownItemError(f"{str(item)[:80]!r} is no item of this dataset: open the page again")
        return item, found

    def _schema(self, schema: object) -> Task:
        if not isinstance(schema, int) or isinstance(schema, bool):
            raise LabelError(f"the schema of an act is a number, and {str(schema)[:80]!r} is none")
        if schema not in self._schemas:
            known = self.task if schema == self.task.schema else self.schema(schema)
            if known is None:
                raise LabelError(f"{self.task.name!r} has no schema {schema}: open the page again")
            self._schemas[schema] = known
        return self._schemas[schema]

    def _undone(self, acts: Mapping[str, Act], undoes: str) -> Answer:
        if undoes in acts:
            return before(acts, undoes)
        if undoes in self.refused:
            raise LabelError(f"there is nothing to undo, because the act {undoes} was refused")
        raise TryLaterError(f"the act {undoes}, which is to be undone, is not saved yet")


def now() -> str:
    """Return the time as acts have it: RFC 3339, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answer(message: Mapping[str, Any], schema: Task, item: ItemFacts) -> Answer:
    if message.get("kind") != "label":
        raise LabelError(f"an act is of kind 'label' or 'undo', not {str(message.get('kind'))[:40]!r}")
    status = message.get("status")
    if status not in ("labeled", "skipped", "cleared"):
        raise LabelError(f"the status of a label is 'labeled', 'skipped' or 'cleared', not {str(status)[:40]!r}")
    value = check(schema, message.get("value"), item) if status == "labeled" else None
    comment = message.get("comment") or None
    if comment is not None and (not isinstance(comment, str) or len(comment) > COMMENT_LENGTH):
        raise LabelError(f"a comment is text of at most {COMMENT_LENGTH:,} characters: shorten it")
    return Answer(value, status, _yes(message, "flagged"), _yes(message, "unsure"), comment)


def _matching(found: object, pattern: re.Pattern[str], name: str, what: str = "an act") -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise LabelError(f"{name!r} is not the id of {what}: {str(found)[:80]!r}")
    return found


def _yes(message: Mapping[str, Any], name: str) -> bool:
    found = message.get(name) or False
    if not isinstance(found, bool):
        raise LabelError(f"{name!r} is true or false, not {str(found)[:80]!r}")
    return found


def _moment(message: Mapping[str, Any], name: str) -> str | None:
    found = message.get(name)
    if found is not None and not (isinstance(found, str) and len(found) <= 40 and _MOMENT.fullmatch(found)):
        raise LabelError(f"{name!r} is a time such as 2026-01-31T12:00:00.000Z, not {str(found)[:80]!r}")
    return found


def _milliseconds(message: Mapping[str, Any], name: str) -> int | None:
    found = message.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 2**53:
        raise LabelError(f"{name!r} is a number of milliseconds, not {str(found)[:80]!r}")
    return round(found)
