"""A process that is killed while it saves: every act that was acknowledged is there, once."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from tests.store.making import make

ACTS = 10_000
PAIR = 800
ROUNDS = 30 if os.environ.get("NBTOOLS_FAULTS") == "many" else 2

_WRITER = """
import sys
from nbtools.dataset import Dataset
from nbtools.dataset.session import Session
from nbtools.storage import new_ulid
ds = Dataset(sys.argv[1])
session = Session(ds, "species", annotator=sys.argv[2], identity="verified")
items = [view["id"] for view in session.fetch(None, 100).items]
heads = {}
for start in range(0, int(sys.argv[3]), 8):
    acts = []
    for number in range(start, start + 8):
        item = items[number % len(items)]
        act = {"act": new_ulid(), "item": item, "kind": "label", "schema": 1, "status": "labeled",
               "value": ["jay", "rook"][number % 2], "supersedes": heads.get(item)}
        heads[item] = act["act"]
        acts.append(act)
    for ack in session.record(acts):
        assert ack["saved"], ack
        print(ack["act"], ack["current"]["act"], flush=True)
"""


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_every_acknowledged_act_is_there_once(tmp_path: Path, seed: int) -> None:
    ds = make(tmp_path, 100)
    ds.task("species", "choice", ["jay", "rook"])
    rng = random.Random(seed)
    acknowledged: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(ds.path), "anna", str(ACTS)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        limit = rng.randrange(200, 2_500)
        for line in writer.stdout:
            acknowledged.append(line.split()[0])
            if len(acknowledged) == limit:
                writer.send_signal(signal.SIGKILL)
    assert limit <= len(acknowledged) < ACTS
    history = Dataset(ds.path).labels("species", history=True)["act"].tolist()[1:]
    assert len(history) == len(set(history))
    assert set(acknowledged) <= set(history)
    assert history[: len(acknowledged)] == acknowledged
    assert len(history) - len(acknowledged) < 16


def test_another_process_reads_each_act_as_it_is_acknowledged(tmp_path: Path) -> None:
    ds = make(tmp_path, 100)
    ds.task("species", "choice", ["jay", "rook"])
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(ds.path), "anna", "160"], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            act, _ = line.split()
            ds._index.refresh()
            assert ds._index.act(act) is not None
    assert writer.returncode == 0
    assert len(ds.labels("species")) == 100
    assert not ds.labels("species")["conflict"].any()


def test_two_processes_save_at_once(tmp_path: Path) -> None:
    ds = make(tmp_path, 100)
    ds.task("species", "choice", ["jay", "rook"])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(ds.path), who, str(PAIR)], stdout=subprocess.PIPE, text=True
        )
        for who in ("anna", "ben")
    ]
    said = [line.split()[0] for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(said) == 2 * PAIR
    assert sorted(ds.labels("species", history=True)["act"][1:]) == sorted(said)
    assert len(ds.labels("species")) == 200
