"""Datasets with raw data to ingest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nbtools.dataset import Dataset


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return Dataset.create(tmp_path / "birds", "Birds")


@pytest.fixture
def picture(ds: Dataset) -> Callable[..., Path]:
    """Return a function that writes a picture of one shade into raw/."""

    def draw(path: str, shade: int = 0, size: tuple[int, int] = (8, 6), **saved: object) -> Path:
        target = ds.raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", size, shade).save(target, **saved)  # type: ignore[arg-type]
        return target

    return draw


@pytest.fixture
def put(ds: Dataset) -> Callable[[str, bytes | str], Path]:
    """Return a function that writes a file into raw/."""

    def write(path: str, content: bytes | str) -> Path:
        target = ds.raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    return write
