"""Shapes on pictures, from the declaration of the task to the table of labels."""

from __future__ import annotations

from nbtools.dataset.session import Session
from nbtools.storage import new_ulid
from tests.factory import Datasets


def test_boxes_are_checked_against_their_picture_and_the_log_untouched_where_they_are_refused(
    datasets: Datasets,
) -> None:
    ds = datasets.images(2, task=None)
    ds.task("birds", kind="boxes", options=["jay", "rook"], attributes={"far": bool})
    session = Session(ds, "birds", annotator="anna", identity="verified")
    assert session.describe()["task"]["settings"] == {"attributes": {"far": "bool"}}
    ids = [row.id for row in ds._index.rows()]

    def said(value: object) -> dict[str, object]:
        act = {"act": new_ulid(), "item": ids[0], "kind": "label", "schema": 1, "status": "labeled"}
        return act | {"value": value}

    before = sorted(ds.path.glob("metadata/labels/birds/*"))
    shape = {"x": 150, "y": 100, "w": 20, "h": 10, "label": "jay"}
    (ack,) = session.record([said({"width": 160, "height": 120, "shapes": [shape]})])
    assert "shape 0 (its end) lies at 170 across, outside of the picture, which goes from 0 to 160" in ack["why"]
    (ack,) = session.record([said({"width": 80, "height": 60, "shapes": []})])
    assert "drawn on a picture of 80 × 60 pixels" in ack["why"]
    assert sorted(ds.path.glob("metadata/labels/birds/*")) == before
    (ack,) = session.record([said({"width": 160, "height": 120, "shapes": [{**shape, "x": 140}]})])
    kept = {"id": "s1", **shape, "x": 140, "attributes": {"far": False}}
    assert ack["current"]["value"] == {"width": 160, "height": 120, "shapes": [kept]}
    assert ds.record("birds", {ids[1]: [shape | {"x": 0, "label": "rook"}]}).written == 1
    ds.task("birds", options=["jay"], merge={"rook": "jay"})
    values = list(ds.labels("birds")["value"])
    assert [one["label"] for value in values for one in value["shapes"]] == ["jay", "jay"]


def test_shapes_without_options_and_a_second_call_change_nothing(datasets: Datasets) -> None:
    ds = datasets.images(1, task=None)
    task = ds.task("fields", kind="polygons")
    assert ds.task("fields", kind="polygons") == task
    assert task.options == ()
    (item,) = [row.id for row in ds._index.rows()]
    ring = {"points": [[0, 0], [9, 0], [9, 9]]}
    assert (ds.record("fields", {item: [ring]}).written, ds.record("fields", {item: [ring]}).unchanged) == (1, 1)
