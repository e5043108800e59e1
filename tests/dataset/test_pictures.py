"""Pictures of options: from a file into the task, once."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.errors import SchemaError
from tests.factory import picture
from tests.store.making import make


@pytest.fixture
def ds(tmp_path: Path) -> Dataset:
    return make(tmp_path, 1)


def test_a_small_picture_is_kept_as_it_is_and_a_large_one_made_small(ds: Dataset, tmp_path: Path) -> None:
    picture(3).save(tmp_path / "jay.png")
    noise = np.random.default_rng(0).integers(0, 255, (900, 1200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "rook.bmp")
    options: list[Any] = [
        {"name": "corvids", "options": [{"name": "jay", "picture": tmp_path / "jay.png"}]},
        {"name": "rook", "picture": str(tmp_path / "rook.bmp")},
        "none of these",
    ]
    for _ in range(2):
        task = ds.task("species", "choice", options)
        assert task.schema == 1
    jay, rook, none = Dataset(ds.path).task("species").options
    assert (jay.group, none.picture) == ("corvids", None)
    assert jay.picture == f"data:image/png;base64,{base64.b64encode((tmp_path / 'jay.png').read_bytes()).decode()}"
    head, _, body = (rook.picture or "").partition(",")
    assert head == "data:image/jpeg;base64"
    assert Image.open(io.BytesIO(base64.b64decode(body))).size == (160, 120)


def test_a_picture_that_is_none_is_refused(ds: Dataset, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(SchemaError, match=r"text.png' of an option is no image"):
        ds.task("species", "choice", [{"name": "jay", "picture": tmp_path / "text.png"}])
    with pytest.raises(SchemaError, match=r"none.png' of an option cannot be read: No such file"):
        ds.task("species", "choice", [{"name": "jay", "picture": tmp_path / "none.png"}])
    with pytest.raises(SchemaError, match="no small data: URL"):
        ds.task("species", "choice", [{"name": "jay", "picture": "data:text/html,<script>"}])
    assert ds.tasks() == {}
