"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nbtools import cli, serve
from nbtools.dataset import Dataset
from tests.cli.ran import Ran, Run, Served
from tests.factory import Datasets


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: ``run("show", folder)``."""

    def call(*words: object) -> Ran:
        capsys.readouterr()
        code = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return call


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    """Keep Voilà from starting, and list what would have been served."""
    shown: Served = []

    def note(dashboard: serve.Dashboard, *, port: int, open_browser: bool, say: Callable[[str], None]) -> None:
        shown.append((dashboard, port, open_browser))
        say("served")

    monkeypatch.setattr(serve, "serve_dashboard", note)
    monkeypatch.setenv("LOGNAME", "anna")
    return shown


@pytest.fixture
def birds(datasets: Datasets) -> Dataset:
    """Make five pictures, of which two are labeled."""
    dataset = datasets.images(5, name="birds")
    first, second = dataset.items()["id"][:2]
    dataset.record("species", {first: "jay", second: "rook"}, annotator="anna", origin="person")
    return dataset
