"""Widgets in tests talk over a wire that ends in the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbtools.labels.kinds import KINDS
from nbtools.widgets import _base
from tests.widgets.wire import wired


@pytest.fixture(autouse=True)
def _wire(monkeypatch: pytest.MonkeyPatch) -> None:
    wired(monkeypatch)


@pytest.fixture(autouse=True)
def bundle(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand in for the bundle, so that these tests need no build."""
    static = tmp_path_factory.mktemp("static")
    for name in ("html", "later", "splits", "versions", *(f"labeler-{kind}" for kind in KINDS)):
        (static / f"{name}.js").write_text(f"export default {{}} // {name}", encoding="utf-8")
    monkeypatch.setattr(_base, "_STATIC", static)
    return static
