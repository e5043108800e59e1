"""Two thousand messages, valid and not, against a Labeler with a real store."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from nbtools.widgets.labeler import Labeler
from tests.widgets.birds import OPTIONS, birds
from tests.widgets.strategies import ITEMS, MESSAGES, mutated
from tests.widgets.wire import Browser


def _with_items(value: Any, items: dict[str, str]) -> Any:
    """Put the ids of real items in the place of the made-up ones."""
    if isinstance(value, dict):
        return {key: _with_items(inner, items) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_items(inner, items) for inner in value]
    return items.get(value, value) if isinstance(value, str) else value


def test_only_valid_acts_are_stored_and_the_widget_lives(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ds = birds(tmp_path / "birds", 3)
    browser = Browser(Labeler(ds, "species", annotator="anna"))
    real = [entry["id"] for entry in browser.ask("fetch", request=0, cursor=None, count=9, bytes=10**6)["items"]]
    items = dict(zip(ITEMS, real, strict=False))
    saved: set[str] = set()
    caplog.set_level(logging.INFO, logger="nbtools")

    @settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(MESSAGES | mutated(MESSAGES))
    def send(message: Any) -> None:
        for answer in browser.send(_with_items(message, items)):
            assert len(answer.get("why", "")) <= 200
            for ack in answer.get("acks", []):
                assert ack["saved"] or len(ack["why"]) <= 200
                saved.update({ack["act"]} if ack["saved"] else ())
        assert all(len(record.getMessage()) <= 200 for record in caplog.records)
        caplog.clear()

    send()
    assert browser.ask("ping")["type"] == "pong"
    lines = [
        json.loads(line)
        for file in ds.path.glob("metadata/labels/species/*.jsonl")
        for line in file.read_bytes().splitlines()
    ]
    stored = [line for line in lines if line["type"] == "label"]
    assert sorted(line["act"] for line in stored) == sorted(saved)
    assert len(saved) > 20  # or the strategies make nothing valid any more
    for line in stored:
        assert line["annotator"] == "anna"
        assert line["item"] in real
        assert line["status"] in ("labeled", "skipped", "cleared")
        assert line.get("value") in ([*OPTIONS] if line["status"] == "labeled" else [None])
    current = ds.labels("species")
    assert set(current["item"]) <= set(real)
    assert set(current["value"].dropna()) <= set(OPTIONS)
