"""What an order is, what it may look at, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np

SECONDS = 60.0
NEEDED = 200


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Context:
    """What a ranker may look at. What costs something is read when it is first asked for.

    Attributes
    ----------
    task : str
        The task's name.
    options : tuple of str
        The ids of its options, in their order; none where it has none.
    round : int
        1 for the first ranking, and so on.
    needed : int
        How many items may be shown before the next ranking, at most. A ranker need not
        order more than these; what it leaves out follows in the order of before.
    seed : int
        What `rng` begins with; another one each round.
    embeddings : object
        As they were given to `Ranker`.
    given : object
        The predictions that were given to `Ranker`.
    """

    task: str = ""
    options: tuple[str, ...] = ()
    round: int = 1
    needed: int = NEEDED
    seed: int = 0
    embeddings: Any = None
    given: Any = field(default=None, repr=False)
    read_labels: Callable[[], Mapping[str, Mapping[str, Any]]] = field(default=_nothing, repr=False)
    read_attributes: Callable[[], Mapping[str, Mapping[str, Any]]] = field(default=_nothing, repr=False)
    read_models: Callable[[], Mapping[str, Mapping[str, Any]]] = field(default=_nothing, repr=False)

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Any]]:
        """The labels so far: item → annotator → value, as ``ds.labels`` has it."""
        return self.read_labels()

    @cached_property
    def attributes(self) -> Mapping[str, Mapping[str, Any]]:
        """The attributes of each item, by id and name."""
        return self.read_attributes()

    @cached_property
    def models(self) -> Mapping[str, Mapping[str, Any]]:
        """What each model suggested (``ds.suggest``): model → item → option → probability.

        Where it gave a score to its own value only, the rest up to 1 is spread over the other options.
        """
        return self.read_models()

    @cached_property
    def predictions(self) -> Any:
        """What is predicted: item → option → probability, of all models together; or as it was given to `Ranker`.

        Of several models that suggested something for an item the last in `models` counts.
        """
        if self.given is not None:
            return self.given
        found: dict[str, Any] = {}
        for one in self.models.values():
            found |= one
        return found

    @cached_property
    def rng(self) -> np.random.Generator:
        """A random generator, the same each time this round is ranked."""
        import numpy as np

        return np.random.default_rng(self.seed)


class Ranking(NamedTuple):
    """Items, the one to be shown first at the front.

    Attributes
    ----------
    ids : sequence of str
        Ids, each once.
    scores : sequence of float or None
        The score of each, which is kept with its label.
    """

    ids: Sequence[str]
    scores: Sequence[float] | None = None


@runtime_checkable
class Order(Protocol):
    """Anything that can rank items.

    An object may also have a `name`, which is written with each label, and `seconds`,
    after which a ranking is given up; 60 unless it says so.
    """

    def rank(self, ids: Sequence[str], context: Context) -> Any:
        """Rank items.

        Parameters
        ----------
        ids : sequence of str
            The items that wait for a label, in the order of before.
        context : Context
            What else is known.

        Returns
        -------
        Ranking, sequence of str, mapping, or sequence of float
            Ids in order; or a score for each id, by id or in the order of `ids`: the
            highest comes first, and NaN, which is no score, last.
        """


@dataclass(frozen=True)
class Ranker:
    """A function of your own as an order.

    Parameters
    ----------
    function : callable
        ``rank(ids, context)``, as `Order.rank`. It runs on a thread of the kernel,
        beside the person's labeling, so it changes nothing that your cells use.
    name : str, optional
        What is written with each label; the function's own name unless given.
    embeddings, predictions : object, optional
        What the function finds in its context.
    seconds : float
        After which a ranking is given up.
    """

    function: Callable[[Sequence[str], Context], Any]
    name: str = ""
    embeddings: Any = field(default=None, repr=False)
    predictions: Any = field(default=None, repr=False)
    seconds: float = SECONDS

    def rank(self, ids: Sequence[str], context: Context) -> Any:
        """Call the function."""
        return self.function(ids, replace(context, embeddings=self.embeddings, given=self.predictions))


def name_of(order: object) -> str:
    """Return what is written with labels as the name of an order."""
    own = getattr(order, "name", "")
    function = getattr(order, "function", None)
    found = own or getattr(function, "__name__", "") or _snake(type(order).__name__)
    return str(found)[:40]


def seconds_of(order: object) -> float:
    """Return after how many seconds a ranking is given up."""
    return float(getattr(order, "seconds", SECONDS))


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).strip("_")
