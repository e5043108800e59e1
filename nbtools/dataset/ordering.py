"""In which order a session shows items: ranked beside the person's work, never in its way."""

from __future__ import annotations

import logging
import random
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbtools.dataset.core import Core
from nbtools.dataset.inbox import now
from nbtools.dataset.progress import Progress
from nbtools.dataset.ranking import Attempt, Outcome, context_of
from nbtools.dataset.turns import Found
from nbtools.labels.task import Task
from nbtools.orders.base import Order, name_of
from nbtools.orders.mixing import Mix, arranged, room_for_gold
from nbtools.orders.plain import Column, Shuffled
from nbtools.orders.wanted import Wanted

_REMEMBERED = 10_000
_LONGEST = 160
_log = logging.getLogger("nbtools")


@dataclass(frozen=True)
class Line:
    """What a page says of the order.

    Attributes
    ----------
    name : str
        The order's.
    round : int
        The ranking that holds; 0 before the first.
    at : str or None
        When it was made.
    seconds : float
        How long that took.
    failed : str or None
        Why the last ranking could not be made, so that the one before holds.
    """

    name: str
    round: int = 0
    at: str | None = None
    seconds: float = 0.0
    failed: str | None = None

    def shown(self) -> dict[str, Any]:
        """Return it as a page has it; where its text has ``{at}`` the page writes the time by its own clock."""
        name = self.name.replace("_", " ")
        anew = "newly ordered" if self.round > 1 else "ordered"
        text = f"{anew} by {name} at {{at}}, in {self.seconds:.1f} s" if self.at else ""
        if self.failed is not None:
            holds = "The order of {at} stays." if self.at else "They come in the order of the dataset."
            text = f"The items could not be ordered by {name}: {self.failed.rstrip('.')}. {holds}"
        return {"text": text, "at": self.at, "failed": self.failed is not None}


class Ordering:
    """The order of one session's items.

    Parameters
    ----------
    ds : Dataset
        Whose items.
    task : Task
        What is labeled.
    progress : Progress
        What is put in order; touched only under `lock`.
    wanted : Wanted
        What was asked for.
    gold : sequence of str
        Ids of the items that are mixed in as gold.
    lock : lock
        The session's.
    tell : callable
        Called when `line` has become another, on the thread that ranks.
    """

    def __init__(
        self,
        ds: Core,
        task: Task,
        progress: Progress,
        wanted: Wanted,
        gold: Sequence[str],
        lock: threading.RLock,
        tell: Callable[[], None],
    ) -> None:
        self._ds = ds
        self._task = task
        self._progress = progress
        self._wanted = wanted
        self._gold = gold
        self._lock = lock
        self._tell = tell
        self._order = wanted.ranks
        self._line = Line("sequential" if self._order is None else name_of(self._order))
        self._who: str | None = None
        self._mix = Mix()
        self._shown: dict[int, None] = {}
        self._whys: dict[str, dict[str, Any] | None] = {}
        self._asked: Sequence[int] | None = None
        self._taken: list[int] = []
        self._since = 0
        self._ranked: tuple[array[int], Sequence[float]] = (array("i"), ())
        self._ranked_at: tuple[object, ...] | None = None
        self._attempt: Attempt | None = None
        self._background: threading.Thread | None = None

    @property
    def line(self) -> Line | None:
        """What a page says of the order; None where it never changes."""
        return None if self._ranker is None else self._line

    @property
    def shown(self) -> dict[str, Any] | None:
        """The same as a page has it."""
        return None if self.line is None else self.line.shown()

    def begin(self, who: str | None) -> None:
        """Put everything in order for the first time; a ranking is waited for."""
        self._arrange_plain(who)
        if self._ranker is not None:
            self._rank(self._ranker)

    def begin_again(self, who: str | None) -> None:
        """Put all in order after it was read anew: by the last ranking, or by one to come if slots are others."""
        self._shown.clear()
        self._arrange_plain(who)
        if self._ranked_at != self._ds._index.stamp():
            self._start()

    def handed(self, cursor: Sequence[int] | None, found: Found, items: Mapping[int, str]) -> None:
        """Keep in mind what is handed out, and why.

        Parameters
        ----------
        cursor : sequence of int or None
            What it was asked for with. None: a page begins, and has nothing of before. The
            same as the last time: it is asked for again, and what was handed out then was not taken.
        found : Found
            What it is.
        items : mapping of int to str
            Its ids, by position.
        """
        arrangement = self._progress.arrangement
        if arrangement is None:
            return
        if cursor is None:
            self._shown.clear()
        elif cursor == self._asked:
            for slot in self._taken:
                self._shown.pop(slot, None)
        slots = [arrangement.slots[place] for place in found.places]
        self._asked, self._taken = cursor, [slot for slot in slots if slot not in self._shown]
        self._shown |= dict.fromkeys(slots)
        for place, position in zip(found.places, found.positions, strict=True):
            if place >= arrangement.begin and position in items:
                self._whys[items[position]] = arrangement.why(place)
        while len(self._whys) > _REMEMBERED:
            del self._whys[next(iter(self._whys))]

    def looked_at(self, items: Mapping[int, str]) -> None:
        """Keep in mind why items stand where they do in a grid: their ids, by position."""
        arrangement = self._progress.arrangement
        for position, item in items.items():
            slot = self._progress.slot(position)
            place = arrangement.place(slot) if arrangement is not None and slot is not None else -1
            if arrangement is not None and place >= 0:
                self._whys.setdefault(item, arrangement.why(place))

    def why(self, item: str) -> dict[str, Any] | None:
        """Return why an item was shown; None where nobody chose it."""
        return self._whys.get(item)

    def saved(self, count: int) -> None:
        """Count what was said; after as much as was asked for, rank anew in the background."""
        self._since += count
        if self._wanted.every is not None and self._since >= self._wanted.every:
            self._start()

    @property
    def _ranker(self) -> Order | None:
        return None if isinstance(self._order, Column | Shuffled) else self._order

    def _start(self) -> None:
        ranker = self._ranker
        running = self._background is not None and self._background.is_alive()
        # What was given up may still compute: another beside it would only make both slower.
        if ranker is None or running or (self._attempt is not None and self._attempt.running):
            return
        self._background = threading.Thread(
            target=self._rank_and_tell, args=(ranker,), name="nbtools order", daemon=True
        )
        self._background.start()

    def _rank_and_tell(self, ranker: Order) -> None:
        self._rank(ranker)
        self._tell()

    def _rank(self, ranker: Order) -> None:
        with self._lock:
            self._since = 0
            arrangement = self._progress.arrangement
            slots = array("i", (slot for slot in self._ordinary() if self._progress.waits(slot)))
            positions = self._progress.of_slots(slots)
        if not slots:
            return
        number = self._line.round + 1
        needed = min(self._wanted.needed, len(slots))
        context = context_of(self._ds, self._task, round=number, needed=needed, seed=self._seed(number))
        self._attempt = Attempt(self._ds, ranker, positions, context)
        outcome = self._attempt.result()
        with self._lock:
            if arrangement is self._progress.arrangement:
                self._take(slots, outcome, number)
            else:  # the slots have become others meanwhile: rank them with the next label
                self._since = self._wanted.every or 0

    def _take(self, slots: Sequence[int], outcome: Outcome, number: int) -> None:
        if outcome.failed is not None:
            failed = " ".join(outcome.failed.split())[:_LONGEST]
            _log.warning("order %s: %s", self._line.name, failed)
            self._line = replace(self._line, failed=failed)
            return
        self._line = Line(self._line.name, number, now(), float(f"{outcome.seconds:.3f}"))
        self._ranked = array("i", (slots[place] for place in outcome.places)), outcome.scores
        self._ranked_at = self._ds._index.stamp()
        self._arrange(*self._ranked, self._ordinary())

    def _arrange_plain(self, who: str | None) -> None:
        """Arrange by what needs no ranking, and the gold in an order of each annotator's own."""
        self._who = who
        known = (self._progress.slot(position) for position in self._ds._index.positions_of(self._gold).values())
        gold = sorted(slot for slot in known if slot is not None and self._progress.waits(slot))
        random.Random(self._seed("gold")).shuffle(gold)
        if gold:
            others = sum(map(self._progress.waits, self._without(self._progress.slots(), gold)))
            room = room_for_gold(others, self._wanted.gold_share)
            self._progress.set_aside(gold[room:])
        self._mix = Mix(self._wanted.random_share, gold, self._wanted.gold_share)
        order = self._order
        if isinstance(order, Shuffled):
            # All are shuffled, so that none moves where another is taken out.
            self._arrange_by(self._without(order.arrange(self._progress.slots()), gold))
        elif isinstance(order, Column):
            by = self._ds._index.sorted_positions(order.column, descending=order.descending)
            slots = array("i", (slot for position in by if (slot := self._progress.slot(position)) is not None))
            self._arrange_by(self._without(slots, gold))
        elif self._ranked_at == self._ds._index.stamp():  # only the annotator is another
            self._arrange(*self._ranked, self._ordinary())
        else:
            self._arrange(array("i"), (), self._ordinary())

    def _arrange_by(self, slots: Sequence[int]) -> None:
        self._arrange(array("i", filter(self._progress.waits, slots)), (), slots)

    def _arrange(self, ranked: Sequence[int], scores: Sequence[float], order: Sequence[int]) -> None:
        gold = [slot for slot in self._mix.gold if self._progress.waits(slot)]
        others = self._without(order, ranked)
        rest = array("i", filter(self._progress.waits, others))
        # What is done stands behind all that waits, or gold would find its place among it.
        done = self._without(others, rest)
        done.extend(self._without(self._mix.gold, gold))
        found = arranged(
            ranked,
            scores,
            rest,
            done,
            shown=list(self._shown),
            mix=replace(self._mix, gold=gold),
            rng=random.Random(self._seed(self._line.round)),
            name=self._line.name,
            round=max(1, self._line.round),
        )
        self._progress.arrange(found)

    def _ordinary(self) -> array[int]:
        """All that is not gold, in the order that holds."""
        return self._without(self._progress.slots(), self._mix.gold)

    def _without(self, slots: Sequence[int], apart: Sequence[int]) -> array[int]:
        # A million in a set would be a hundred megabytes, here they are one.
        out = bytearray(self._progress.size)
        for slot in apart:
            out[slot] = 1
        return array("i", (slot for slot in slots if not out[slot]))

    def _seed(self, of: object) -> str:
        return f"{self._ds.id}/{self._task.name}/{self._who}/{of}"
