"""Sessions of annotate without a widget, and a page that says what the real one says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ulid import ULID

from nbtools.annotations.call import call_of
from nbtools.annotations.session import ExampleSession
from nbtools.dataset.person import Person

TEXTS = ["it was great", "it was not", "so so", "never again"]


def begun(
    examples: Any = TEXTS, options: Any = ("good", "bad"), who: str | None = "anna", **more: Any
) -> ExampleSession:
    return ranged(list(options), examples, who, **more)


def ranged(options: Any, examples: Any = TEXTS, who: str | None = "anna", **more: Any) -> ExampleSession:
    asked = {"shuffle": False, "skip": True, "save": None, "key": None, "kind": None, "shown": True, **more}
    return call_of(examples, options, **asked).begin(Person(who))


class Page:
    """The page of a session: it says of an item what it saw, as the real one does."""

    def __init__(self, session: ExampleSession) -> None:
        self.session = session
        self.queue: Iterator[dict[str, Any]] = iter(session.fetch(None, 200).items)
        self.said: list[dict[str, Any]] = []
        self._heads: dict[str, str] = {}

    def say(self, item: str, value: Any = None, status: str = "labeled", **more: Any) -> dict[str, Any]:
        act = {
            "act": str(ULID()), "item": item, "kind": "label", "schema": self.session.describe()["task"]["schema"],
            "status": status, "value": value, "supersedes": self._heads.get(item), "undoes": None, **more,
        }  # fmt: skip
        self.said.append(act)
        (ack,) = self.session.record([act])
        if ack["saved"]:
            self._heads[item] = act["act"]
        return ack

    def press(self, value: Any) -> dict[str, Any]:
        """Label the next item, or skip it."""
        view = next(self.queue)
        item = view["id"]
        if view["current"] is not None:
            self._heads.setdefault(item, view["current"]["act"])
        return self.say(item, value) if value is not None else self.say(item, status="skipped")

    def undo(self) -> dict[str, Any]:
        last = self.said[-1]
        return self.say(last["item"], status="cleared", kind="undo", undoes=last["act"])


def lines(path: Path | None = None) -> list[dict[str, Any]]:
    """Return what the file holds, as any reader of JSON lines sees it."""
    (file,) = [path] if path else Path.cwd().glob(".nbtools/annotate-*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]
