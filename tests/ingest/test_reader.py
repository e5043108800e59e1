"""A function of one's own for structures that no rule describes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.items.catalogue import part_names

Put = Callable[[str, "bytes | str"], Path]


def _zip(put: Put, count: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            image = io.BytesIO()
            Image.new("L", (4, 5), number).save(image, "PNG")
            archive.writestr(f"{number}.png", image.getvalue())
    put("all.zip", made.getvalue())


def from_zip(raw: Path) -> Iterator[dict[str, Any]]:
    """Yield what an archive holds, and one file beside it."""
    with zipfile.ZipFile(raw / "all.zip") as archive:
        for name in archive.namelist():
            even = "even" if int(name[0]) % 2 == 0 else "odd"
            yield {
                "bytes": archive.read(name),
                "source": f"all.zip#{name}",
                "attributes": {"number": int(name[0])},
                "labels": {"parity": even},
            }
    yield {"path": raw / "extra.txt", "attributes": {"number": 99}}


def test_bytes_and_paths_with_attributes_and_labels(ds: Dataset, put: Put) -> None:
    _zip(put, 4)
    put("extra.txt", "extra")
    report = ds.ingest(reader=from_zip)
    items = ds.items(labels="parity")
    assert items["number"].tolist() == [0, 1, 2, 3, 99]
    assert items["parity"].tolist()[:4] == ["even", "odd", "even", "odd"]
    assert items["sources"].tolist()[0] == ["raw/all.zip#0.png"]
    assert items["width"].tolist()[0] == 4
    assert report.counts["added"] == 5
    parts = part_names(ds._folder)
    assert ds.ingest(reader=from_zip).counts["unchanged"] == 5
    assert part_names(ds._folder) == parts


def test_what_the_reader_does_not_yield_any_more_is_missing(ds: Dataset, put: Put) -> None:
    _zip(put, 4)
    put("extra.txt", "extra")
    ds.ingest(reader=from_zip)
    _zip(put, 3)
    assert ds.ingest(reader=from_zip).missing["source"].tolist() == ["raw/all.zip#3.png"]
    # Without the reader nothing can be said of what is inside the archive.
    assert ds.ingest().counts["missing"] == 1


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"path": "../../secret"}, "leads out"),
        ({"path": "/etc/passwd"}, "leads out"),
        ({"bytes": b"x", "source": "../x"}, "leads out"),
        ({"bytes": b"x"}, "source"),
        ({"bytes": b"", "source": "x"}, "zero bytes"),
        ({"path": "missing.txt"}, "No such file"),
        ({"file": "a"}, "'path' or 'bytes'"),
        ({"path": "good.txt", "label": {}}, "did you mean 'labels'"),
        ({"path": "good.txt", "attributes": {"Width": 1}}, "cannot be the name"),
        ("good.txt", "'path' or 'bytes'"),
    ],
)
def test_a_wrong_item_is_one_row_in_failed(ds: Dataset, put: Put, item: Any, reason: str) -> None:
    put("good.txt", "good")
    report = ds.ingest(reader=lambda _: [item, {"path": "good.txt"}])
    assert reason in report.failed["reason"][0]
    assert report.counts["added"] == 1


def test_what_a_reader_raises_is_the_users(ds: Dataset, put: Put) -> None:
    put("good.txt", "good")

    def broken(_: Path) -> Iterator[dict[str, Any]]:
        yield {"path": "good.txt"}
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        ds.ingest(reader=broken)
    assert ds.ingest().counts["added"] == 1
