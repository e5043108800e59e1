"""What a page is sent of an item whose columns are compared: texts, or the items that they name."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from nbtools.dataset import Dataset
from nbtools.widgets.content import Content
from nbtools.widgets.labeler import Labeler
from tests.factory import Datasets, picture


def png(number: int) -> bytes:
    stream = io.BytesIO()
    picture(number).save(stream, "PNG")
    return stream.getvalue()


def with_rows(datasets: Datasets, files: dict[str, bytes]) -> Dataset:
    """Return a dataset of files and of the rows of tables beside them."""
    ds = datasets.of(files, task=None)
    ds.ingest(rows=True)
    return ds


def contents(ds: Dataset, task: str) -> list[Content]:
    """Return what is sent of each row of a table."""
    labeler = Labeler(ds, task, where="kind = 'record'", annotator="anna")
    views: list[dict[str, Any]] = labeler._session.fetch(None, 10).items
    return [labeler._content(view) for view in views]


def test_texts_stand_beside_each_other_and_the_other_columns_above(datasets: Datasets) -> None:
    ds = datasets.of({"pairs.csv": b"prompt,x,y\nwhat?,a jay,a rook\nwhere?,here,\n"}, task=None)
    ds.task("better", kind="compare", of=["y", "x"])
    whole, lacking = contents(ds, "better")
    assert whole.fields == {"candidates": ["y", "x"]}
    assert [part.fields for part in whole.parts] == [
        {"record": {"prompt": "what?"}},
        {"text": "a rook"},
        {"text": "a jay"},
    ]
    assert lacking.fields == {"error": "this item has no y"}


def test_items_that_columns_name_are_sent_as_they_are(datasets: Datasets) -> None:
    files = {f"img/{n}.png": png(n) for n in range(3)}
    rows = b"x,y,z\nimg/0.png,raw/img/1.png,../../etc/passwd\n"
    ds = with_rows(datasets, {**files, "pairs.csv": rows})
    ds.task("order", kind="rank", of=["x", "y", "z"], shows="items")
    (sent,) = contents(ds, "order")
    above, first, second, strange = sent.parts
    assert above.fields == {"record": {}}
    assert (first.buffer, second.buffer) == (png(0), png(1))
    assert "names no item of this dataset" in str(strange.fields["error"])
    buffers: list[bytes] = []
    assert sent.numbered(buffers)["candidates"] == ["x", "y", "z"]
    assert len(buffers) == 2


def test_a_file_outside_is_never_opened(datasets: Datasets, tmp_path: Path) -> None:
    rows = f"x,y\n0.png,{tmp_path}/copy.png\n".encode()
    inside = with_rows(datasets, {"0.png": png(0), "pairs.csv": rows})
    (tmp_path / "copy.png").write_bytes(png(0))
    inside.task("better", kind="compare", of=["x", "y"], shows="items")
    (sent,) = contents(inside, "better")
    assert "names no item" in str(sent.parts[2].fields["error"])
