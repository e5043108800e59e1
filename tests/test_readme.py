"""Whoever follows the README to the letter is not stopped: its blocks run in their order, on such photos as it has."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from nbtools import cli, serve
from nbtools.dataset import Dataset
from tests.factory import picture

README = (Path(__file__).parents[1] / "README.md").read_text()
PYTHON = re.findall(r"^```python\n(.+?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^    (nbtools (?!demo).+)$", README, re.MULTILINE)
SITES = [f"site {number:02}" for number in range(20)]
SPECIES = ("jay", "rook", "magpie")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the photos that the README has, in the home of whoever follows it, who stands in a folder of their own."""
    number = 0
    for site in SITES:
        home = tmp_path / "photos" / "birds" / site
        home.mkdir(parents=True)
        for _ in SPECIES:
            picture(number, (48, 36)).save(home / f"{number:03}.png")
            number += 1
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("NBTOOLS_ANNOTATOR", "anna")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def _shown(value: object) -> None:
    """Show what a line of a notebook comes to, as Jupyter does."""
    if value is not None:
        assert repr(value)


def _run(block: str, names: dict[str, Any]) -> None:
    tree = ast.parse(block)
    for line in tree.body:
        if isinstance(line, ast.Expr):
            line.value = ast.Call(ast.Name("_shown", ast.Load()), [line.value], [])
    exec(compile(ast.fix_missing_locations(tree), "README.md", "exec"), names)


def _label(ds: Dataset) -> None:
    """Label as the page would: a third of the photos of each site is of each species."""
    said = {sources[0]: SPECIES[int(sources[0][-7:-4]) % len(SPECIES)] for sources in ds.items()["sources"]}
    ds.record("species", said, origin="person")


def test_the_blocks_of_python_run_in_their_order_and_again(folder: Path) -> None:
    assert len(PYTHON) > 8
    state = []
    for _ in range(2):
        names: dict[str, Any] = {"_shown": _shown}
        for at, block in enumerate(PYTHON):
            _run(block, names)
            if at == 0:
                _label(names["ds"])
        split = names["split"]
        assert (split.name, names["v2"].name) == ("v2.1", "v2")
        assert sorted(path.name for path in (folder / "parts" / "train").iterdir()) == ["jay", "magpie", "rook"]
        assert {frame["site"].nunique() for frame in (split[name] for name in split.names)} == {2, 16}
        tasks = names["ds"].tasks()
        assert set(tasks) == {"species", "birds", "visit"}
        state.append((len(names["ds"].history()), tasks["species"].schema, len(names["ds"].versions())))
    assert len(set(state)) == 1, "run again it changes nothing"


def test_the_commands_run_in_their_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "serve_dashboard", lambda *_, **__: None)
    assert len(COMMANDS) > 5
    for _ in range(2):
        for command in COMMANDS:
            words = [str(Path(word).expanduser()) if word.startswith("~") else word for word in shlex.split(command)]
            assert cli.main(words[1:]) == 0, (command, capsys.readouterr().err)
    assert set(Dataset(folder / "birds").items()["site"]) == set(SITES)
