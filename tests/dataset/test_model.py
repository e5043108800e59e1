"""Any interleaving, repetition, delay and loss of acknowledgements comes to what a model says.

Two annotators with two tabs each, every tab served by a process of its own (here: a
Dataset of its own). A tab keeps what it has sent until it is acknowledged, sends it
again in any order, and reads what is current at any time.
"""

import itertools
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.storage import new_ulid
from tests.store.making import item, make

TABS = [("anna", 0), ("anna", 1), ("ben", 0), ("ben", 1)]
ITEMS = 2


class Chain:
    """What the model knows of one annotator and item: who follows whom, in the order in which they were saved."""

    def __init__(self) -> None:
        self.saved: list[dict[str, Any]] = []

    def head(self) -> dict[str, Any] | None:
        names = [act["act"] for act in self.saved]
        head, candidates = None, [act for act in self.saved if act["supersedes"] not in names]
        while candidates:
            head = candidates[0]
            candidates = [act for act in self.saved if act["supersedes"] == head["act"]]
        return head

    def before(self, undoes: str) -> tuple[str | None, str]:
        found = {act["act"]: act for act in self.saved}
        previous = found.get(found[undoes]["supersedes"])
        return (previous["value"], previous["status"]) if previous else (None, "cleared")


class Labeling(RuleBasedStateMachine):
    """Tabs, their outboxes, and the model."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        # Two acts of one millisecond are ordered by their journals' names, which are drawn by chance.
        moments = itertools.count()
        self.clock = patch("nbtools.dataset.inbox.now", lambda: f"2026-01-01T00:00:00.{next(moments):09}Z")
        self.clock.start()
        self.ds = make(self.root, ITEMS)
        self.ds.task("species", "choice", ["jay", "rook"])
        self.sessions = {tab: self._session(tab[0]) for tab in TABS}
        self.outbox: dict[Any, list[dict[str, Any]]] = {tab: [] for tab in TABS}
        self.delivered: list[tuple[Any, dict[str, Any]]] = []
        self.seen: dict[Any, str | None] = {}
        self.chains = {(who, number): Chain() for who in ("anna", "ben") for number in range(ITEMS)}

    def _session(self, who: str) -> Session:
        return Session(Dataset(self.ds.path), "species", annotator=who, identity="verified")

    @rule(
        tab=st.sampled_from(TABS),
        number=st.integers(0, ITEMS - 1),
        value=st.sampled_from(["jay", "rook", None]),
        at_once=st.booleans(),
    )
    def press(self, tab: Any, number: int, value: str | None, at_once: bool) -> None:
        status = "labeled" if value else "skipped"
        act = {"act": new_ulid(), "item": item(number), "kind": "label", "schema": 1, "value": value}
        act |= {"status": status, "supersedes": self.seen.get((tab, number)), "undoes": None}
        self.outbox[tab].append(act)
        self.seen[tab, number] = str(act["act"])
        if at_once:
            self._deliver(tab, [act], forget=True)

    @rule(first=st.sampled_from(["jay", "rook"]), number=st.integers(0, ITEMS - 1))
    def press_in_both_tabs(self, first: str, number: int) -> None:
        second = "rook" if first == "jay" else "jay"
        for value, tab in zip((first, second), TABS[:2], strict=True):
            self.look(tab, number)
            self.press(tab, number, value, at_once=False)
        for tab in TABS[:2]:
            self._deliver(tab, list(self.outbox[tab]), forget=True)

    @rule(tab=st.sampled_from(TABS), number=st.integers(0, ITEMS - 1))
    def take_back(self, tab: Any, number: int) -> None:
        seen = self.seen.get((tab, number))
        if seen is None:
            return
        act = {"act": new_ulid(), "item": item(number), "kind": "undo", "schema": 1, "undoes": seen}
        self.outbox[tab].append(act | {"supersedes": seen})
        self.seen[tab, number] = str(act["act"])

    @rule(tab=st.sampled_from(TABS), number=st.integers(0, ITEMS - 1))
    def look(self, tab: Any, number: int) -> None:
        if not any(act["item"] == item(number) for act in self.outbox[tab]):
            current = self.sessions[tab].item(id=item(number))["current"]
            self.seen[tab, number] = current["act"] if current else None

    @rule(tab=st.sampled_from(TABS), data=st.data(), lost=st.booleans())
    def send(self, tab: Any, data: st.DataObject, lost: bool) -> None:
        waiting = self.outbox[tab]
        if not waiting:
            return
        chosen = data.draw(st.lists(st.sampled_from(range(len(waiting))), min_size=1, max_size=4))
        sent = [waiting[one] for one in chosen]
        self._deliver(tab, sent, forget=not lost)

    @rule(data=st.data())
    def arrive_again(self, data: st.DataObject) -> None:
        if self.delivered:
            tab, act = data.draw(st.sampled_from(self.delivered))
            self._deliver(tab, [act], forget=False)

    @rule(tab=st.sampled_from(TABS))
    def restart(self, tab: Any) -> None:
        self.sessions[tab] = self._session(tab[0])

    @rule(whole=st.booleans())
    def lose_the_index(self, whole: bool) -> None:
        cache = self.ds.path / "metadata/cache"
        if whole:
            shutil.rmtree(cache, ignore_errors=True)
        else:
            (cache / "index.sqlite").unlink(missing_ok=True)

    def _deliver(self, tab: Any, sent: list[dict[str, Any]], *, forget: bool) -> None:
        acks = self.sessions[tab].record(sent)
        assert [ack["act"] for ack in acks] == [act["act"] for act in sent]
        for act, ack in zip(sent, acks, strict=True):
            chain = self.chains[tab[0], self._number(act)]
            known = [one["act"] for one in chain.saved]
            if act["kind"] == "undo" and act["act"] not in known and act["undoes"] not in known:
                assert (ack["saved"], ack["final"]) == (False, False)
                continue
            assert ack["saved"]
            assert ack.get("duplicate", False) == (act["act"] in known)
            if act["act"] not in known:
                if act["kind"] == "undo":
                    value, status = chain.before(act["undoes"])
                    chain.saved.append(act | {"value": value, "status": status})
                else:
                    chain.saved.append(act)
                self.delivered.append((tab, act))
            if forget and act in self.outbox[tab]:
                self.outbox[tab].remove(act)

    def _number(self, act: dict[str, Any]) -> int:
        return next(number for number in range(ITEMS) if item(number) == act["item"])

    @invariant()
    def the_table_is_the_models(self) -> None:
        if not hasattr(self, "chains"):
            return
        expected = {}
        for (who, number), chain in self.chains.items():
            head = chain.head()
            if head is not None and head["status"] != "cleared":
                expected[item(number), who] = (head["value"], head["status"], head["act"])
        table = self.ds.labels("species")
        found = {
            (row["item"], row["annotator"]): (row["value"], row["status"], row["act"])
            for row in table.to_dict("records")
        }
        assert found == expected

    def teardown(self) -> None:
        if hasattr(self, "root"):
            assert len(self.ds.labels("species", history=True)) == 1 + sum(len(c.saved) for c in self.chains.values())
            self.clock.stop()
            shutil.rmtree(self.root)


TestLabeling = Labeling.TestCase
TestLabeling.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
