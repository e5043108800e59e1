"""`choice`, exactly one option, and `choices`, any number of them.

A value is the id of an option, or the list of them in the order of the options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import LabelError
from nbtools.labels.kinds.base import ItemFacts, Kind
from nbtools.labels.options import chosen

if TYPE_CHECKING:
    from nbtools.labels.task import Task

NONE = "none of these"


class Choice(Kind):
    """Exactly one option."""

    has_options: ClassVar[bool] = True

    def check(self, task: Task, value: Any, item: ItemFacts) -> str:
        """Return the id of the option that is given by id or present name."""
        return chosen(task.name, task.options, value)

    def used(self, value: Any) -> frozenset[str]:
        """Return the one option."""
        return frozenset((value,))

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the option has become."""
        return into.get(value, value)

    def words(self, task: Task, value: Any) -> str:
        """Return the option's present name."""
        return task.names().get(value, str(value))


class Choices(Kind):
    """Any number of options; none of them is an answer too."""

    has_options: ClassVar[bool] = True

    def check(self, task: Task, value: Any, item: ItemFacts) -> list[str]:
        """Return the ids of the options that are given by id or present name, in their order."""
        if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
            raise LabelError(f"{task.name!r} takes a list of options, and {str(value)[:80]!r} is none")
        found = {chosen(task.name, task.options, one) for one in value}
        return [option.id for option in task.options if option.id in found]

    def used(self, value: Any) -> frozenset[str]:
        """Return the options."""
        return frozenset(value)

    def merged(self, task: Task, value: Any, into: Mapping[str, str]) -> Any:
        """Return what the options have become, each once, in their order."""
        found = {into.get(one, one) for one in value}
        return value if found == set(value) else [option.id for option in task.options if option.id in found]

    def words(self, task: Task, value: Any) -> str:
        """Return the options' present names."""
        names = task.names()
        return ", ".join(names.get(one, str(one)) for one in value) or NONE
