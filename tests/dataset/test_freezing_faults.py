"""Versions that are made while processes are killed, and by several processes at once."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nbtools.dataset import Dataset
from nbtools.versions import commit as committing
from tests.factory import Datasets

_PROGRAM = Path(__file__).with_name("killed_freezes.py")
_WRITER = """
import sys
from pathlib import Path
from nbtools.dataset import Dataset
ds = Dataset(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    name = f"{sys.argv[2]}-{line.strip()}"
    (ds.raw / f"{name}.txt").write_text(name)
    ds.ingest()
    version = ds.freeze(f"with {name}")
    print("made", name, version.name, flush=True)
"""
_PROCESSES = 8


@pytest.mark.faults
def test_a_freeze_that_is_killed_at_any_step_is_whole_or_not_there(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    every = rounds(9, 1)
    done = subprocess.run(
        [sys.executable, str(_PROGRAM), str(tmp_path), str(every)], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("same"), done.stdout + done.stderr


@pytest.mark.faults
def test_several_processes_add_and_freeze_at_once(datasets: Datasets, rounds: Callable[[int, int], int]) -> None:
    ds = datasets.texts(1)
    each = rounds(1, 10)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(ds.path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(_PROCESSES)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    said = "".join(f"{number}\n" for number in range(each))
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(said)
        writer.stdin.flush()
    lines = [line.split() for writer in writers for line in writer.communicate()[0].splitlines()]
    made = [(name, version) for word, name, version in (line for line in lines if len(line) == 3) if word == "made"]
    assert [writer.returncode for writer in writers] == [0] * _PROCESSES
    assert len(made) == _PROCESSES * each

    versions = list(Dataset(ds.path).versions())
    texts = {version.name: set(version.items["text"]) for version in versions}
    assert texts[versions[-1].name] == {name for name, _ in made} | {"text number 0"}
    assert [name for name, version in made if name not in texts[version]] == []
    assert [version.name for version in versions] == [f"v{number}" for number in range(1, len(versions) + 1)]
    assert [version.parent for version in versions] == [None, *(version.name for version in versions[:-1])]
    sizes = [len(version) for version in versions]
    assert sizes == sorted(sizes)
    assert not list((ds.path / "versions").glob(".*"))


def test_a_rename_whose_answer_was_lost_is_no_conflict(datasets: Datasets, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = datasets.texts(2)

    def lost(staged: Path, target: Path) -> None:
        staged.rename(target)
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))

    monkeypatch.setattr(committing, "_rename", lost)
    assert ds.freeze("m").name == "v1"
    assert [version.name for version in ds.versions()] == ["v1"]
