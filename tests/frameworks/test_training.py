"""Parts of a split, read by the frameworks that train on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
import torch
from torch.utils.data import DataLoader

from tests.factory import Datasets

if TYPE_CHECKING:
    from pathlib import Path

    from nbtools.versions.split import Split


@pytest.fixture
def split(tmp_path: Path) -> Split:
    ds = Datasets(tmp_path).images(20)
    ds.record("species", {item: ("jay", "rook")[at % 2] for at, item in enumerate(ds.items()["id"])})
    return ds.freeze("all").split({"train": 0.5, "test": 0.5}, stratify="species").save()


def as_tensor(image: Any) -> torch.Tensor:
    """Return an image as a tensor of shape (height, width, 3)."""
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(image.height, image.width, 3)


def test_a_data_loader_with_two_workers_reads_a_part(split: Split) -> None:
    examples = split.torch("train", target="species", transform=as_tensor)
    loader: Any = DataLoader(cast("Any", examples), batch_size=4, num_workers=2)
    batches = list(loader)
    assert [tuple(images.shape) for images, _ in batches] == [(4, 120, 160, 3), (4, 120, 160, 3), (2, 120, 160, 3)]
    numbers = torch.cat([targets for _, targets in batches]).tolist()
    assert numbers == [examples.class_to_idx[species] for species in split["train"]["species"]]


def test_datasets_holds_all_parts(split: Split) -> None:
    parts = split.hf()
    assert {name: len(part) for name, part in parts.items()} == {"train": 10, "test": 10}
    assert parts["test"]["species"] == list(split["test"]["species"])
