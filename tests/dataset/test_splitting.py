import json
import pickle  # noqa: TID251 -- what torch does to hand a data set to its workers
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from nbtools.dataset import Dataset
from nbtools.errors import SplitError, UnknownVersionError, VersionError
from nbtools.splits import HashSplit, KFoldSplit, PredefinedSplit, TimeSplit
from nbtools.versions.decided import Decided
from tests.factory import Datasets, picture
from tests.store.making import label

RATIOS = {"train": 0.5, "val": 0.25, "test": 0.25}
SITES = {"north": 8, "south": 4, "east": 4}
SITES_IN_PARTS = {"train": 8, "val": 4, "test": 4}


def photos(sites: dict[str, int], start: int = 0) -> dict[str, bytes]:
    """Return a file for each photo, in a folder for each site."""
    import io

    files = {}
    for site, count in sites.items():
        for _ in range(count):
            data = io.BytesIO()
            picture(start, (64, 48)).save(data, "PNG")
            files[f"{site}/{start:03}.png"] = data.getvalue()
            start += 1
    return files


@pytest.fixture
def birds(datasets: Datasets) -> Dataset:
    ds = datasets.of(photos(SITES), name="birds")
    ds.ingest(attributes={"site": "folder:0"})
    ds.record("species", {item: ("jay", "rook")[at % 2] for at, item in enumerate(ds.items()["id"])})
    return ds


def more(ds: Dataset, sites: dict[str, int], start: int) -> None:
    for path, data in photos(sites, start).items():
        (ds.path / "raw" / path).parent.mkdir(exist_ok=True)
        (ds.path / "raw" / path).write_bytes(data)
    ds.ingest(attributes={"site": "folder:0"})


def test_a_plan_is_looked_at_and_then_kept(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    plan = v1.split(RATIOS, stratify="species", groups="site")
    assert not (birds.path / "versions" / "v1.1").exists()
    assert repr(plan).splitlines()[0] == "a split of v1, not saved yet"
    split = plan.save("by site", author="anna", confirm=True)
    assert (split.name, split.version, split.names, split.message) == (
        "v1.1",
        "v1",
        ["train", "val", "test"],
        "by site",
    )
    assert v1.splits == ["v1.1"]
    by_site: dict[str, set[str]] = {site: set() for site in SITES}
    for name in split:
        for site in split[name]["site"]:
            by_site[site].add(name)
    assert all(len(parts) == 1 for parts in by_site.values()), "a site is in one part"
    assert sorted(len(split[name]) for name in split) == [4, 4, 8]
    assert split.recipe["groups"] == ["site"]
    assert "v1.1" in (birds.path / "metadata" / "CHANGELOG.md").read_text()
    assert "v1.1" in (birds.path / "metadata" / "croissant.json").read_text()
    assert split == birds.split("v1.1")
    assert repr(split).splitlines() == [
        "v1.1 · 16 items: train 8 (50.0%) · val 4 (25.0%) · test 4 (25.0%)",
        f"by site · stratify species · groups site · {split.record.created[:10]}",
        "next: split['train']",
    ]


def test_the_tables_are_plain_parquet(birds: Dataset) -> None:
    split = birds.freeze("first").split(RATIOS, groups="site").save(confirm=True)
    folder = birds.path / "versions" / "v1.1"
    assert sorted(path.name for path in folder.iterdir()) == [
        "test.parquet",
        "train.parquet",
        "val.parquet",
        "version.json",
    ]
    table = pd.read_parquet(folder / "train.parquet")
    assert {"id", "path", "kind", "site", "species"} <= set(table.columns)
    said = json.loads((folder / "version.json").read_text())
    assert (said["parent"], said["counts"]["parts"]["train"]) == ("v1", len(split["train"]))


def test_the_same_again_is_the_same_split(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    first = v1.split(RATIOS, groups="site").save("by site", confirm=True)
    assert v1.split(RATIOS, groups="site").save("by site", confirm=True) == first
    other = v1.split(RATIOS, seed=1).save("at random", confirm=True)
    assert other.name == "v1.2"
    assert [str(row["version"]) for row in birds.versions().rows] == ["v1", "v1.1", "v1.2"]


def test_a_later_version_carries_the_split_on(birds: Dataset) -> None:
    old = birds.freeze("first").split(RATIOS, groups="site").save("by site", confirm=True)
    more(birds, {"west": 3, "north": 2}, 40)
    v2 = birds.freeze("more")
    plan = v2.split(RATIOS, groups="site")
    assert plan.extends == "v1.1"
    assert plan.summary == "extends v1.1: 16 stay, 5 placed, 0 moved"
    new = plan.save("by site", confirm=True)
    assert new.name == "v2.1"
    assert new.assignments[old.assignments.index].equals(old.assignments)
    (north,) = {name for name in new if "north" in set(new[name]["site"])}
    assert (new[north]["site"] == "north").sum() == 10
    assert v2.split(RATIOS, groups="site", fresh=True).extends is None
    assert v2.split({"train": 0.5, "test": 0.5}, groups="site").extends is None, "other parts are another split"


def test_what_is_carried_on_is_said_once_and_a_first_split_says_nothing(
    birds: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    v1 = birds.freeze("first")
    capsys.readouterr()
    v1.split(RATIOS, groups="site").save(confirm=True)
    assert capsys.readouterr().out == ""
    more(birds, {"west": 3, "north": 2}, 40)
    v2 = birds.freeze("more")
    capsys.readouterr()
    v2.split(RATIOS, groups="site").save(confirm=True)
    assert capsys.readouterr().out == "extends v1.1: 16 stay, 5 placed, 0 moved\n"
    v2.split(RATIOS, groups="site", fresh=True)
    assert capsys.readouterr().out == ""


def test_no_item_and_no_group_is_named_in_what_is_never_written_anew(birds: Dataset) -> None:
    v1, ids = birds.freeze("first"), birds.items()["id"].tolist()
    halves = {"train": 0.5, "test": 0.5}
    lists = {"train": ids[:8], "test": ids[8:]}
    plans = [
        v1.split(halves, groups="site", links=[tuple(ids[:2]), tuple(ids[1:3])]),
        v1.split(HashSplit(halves), near_duplicates=True, links=list(zip(ids[:8], ids[8:], strict=True))),
        v1.split(PredefinedSplit(lists=lists), groups="site"),
    ]
    assert all(any(one.count for one in plan.report.leaks) for plan in plans[1:])
    for plan in plans:
        split = plan.save(confirm=True)
        said = (split.path / "version.json").read_text()
        assert not [one for one in (*ids, *SITES) if one in said]
        leaks = split.record.said["report"]["leaks"]
        assert [leak["count"] for leak in leaks] == [one.count for one in plan.report.leaks]
        assert split.record.said["report"]["component"].keys() == {"items", "share"}
    assert plans[2].recipe["call"] == "PredefinedSplit(lists=…)"
    assert "held together by" in repr(plans[0].report)
    assert "held together by" not in json.dumps(v1.split(halves, groups="site").report.as_kept())


def test_what_joins_two_parts_later_is_taken_out_of_train(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    old = v1.split({"train": 0.75, "test": 0.25}).save(confirm=True)
    tested, trained = (old[name]["id"].iloc[0] for name in ("test", "train"))
    birds.attach(pd.DataFrame({"id": [tested, trained], "nest": ["n1", "n1"]}), on="id")
    v2 = birds.freeze("nests")
    new = v2.split({"train": 0.75, "test": 0.25}, groups="nest", missing="alone").save(confirm=True)
    assert new.assignments[tested] == "test"
    assert new.assignments[trained] == "quarantine"
    assert trained not in set(new["train"]["id"])
    (row,) = pd.read_parquet(new.path / "quarantine.parquet").to_dict("records")
    assert (row["id"], row["was"], row["keeps"]) == (trained, "train", "test")


def test_images_that_look_alike_stay_together(datasets: Datasets, tmp_path: Path) -> None:
    import io

    files = photos({"a": 12})
    for at, data in enumerate(list(files.values())):
        copy = io.BytesIO()
        Image.open(io.BytesIO(data)).save(copy, "JPEG", quality=60)
        files[f"copies/{at:03}.jpg"] = copy.getvalue()
    ds = datasets.of(files)
    v1 = ds.freeze("with copies")
    told: list[tuple[int, int | None]] = []
    plan = v1.split({"train": 0.5, "test": 0.5}, near_duplicates=True, on_progress=lambda *at: told.append(at))
    assert told[-1] == (24, 24)
    assert sum(len(link) for link in plan.plan.links) >= 12
    told.clear()
    again = v1.split({"train": 0.5, "test": 0.5}, near_duplicates=True, on_progress=lambda *at: told.append(at))
    assert told == [], "each image is hashed once"
    assert again.assignments.equals(plan.assignments)


def test_pairs_are_linked_and_dismissed_by_hand_and_carried_on(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    halves = {"train": 0.5, "test": 0.5}
    near = v1.split(halves, near_duplicates=True)
    image = next(link for link in near.plan.links if link.kind == "near image")
    ids = v1.items["id"]
    found = [(ids[left], ids[right]) for left, right in zip(image.left, image.right, strict=True)]
    free = v1.split(halves, near_duplicates=True, dismissed=found)
    assert (len(free.plan.units), free.recipe["dismissed"]) == (16, len(found))
    apart = v1.split(halves)
    one, other = apart.plan.positions("train")[0], apart.plan.positions("test")[0]
    pair = (min(ids[one], ids[other]), max(ids[one], ids[other]))
    plan = v1.split(halves, links=[pair[::-1]], dismissed=pd.DataFrame(found[:1]))
    assert plan.assignments[pair[0]] == plan.assignments[pair[1]]
    assert plan.recipe["links"] == {"given link": 1}
    split = plan.save("by hand", confirm=True)
    assert (split.links, split.dismissed, split.names) == ([pair], found[:1], ["train", "test"])
    again = v1.split(halves, links=[pair], dismissed=found[:1]).save(confirm=True)
    assert again == split
    assert v1.split(halves, links=[pair]).save(confirm=True) != split, "other decisions are another split"
    more(birds, {"west": 4}, 60)
    v2 = birds.freeze("more")
    later = v2.split(halves, links=found[:1])
    assert (later.extends, later.decided) == ("v1.2", Decided(frozenset({pair, found[0]})))
    assert v2.split(halves, links=found[:1], fresh=True).decided.linked == {found[0]}
    birds.erase([pair[0]], reason="consent withdrawn")
    assert birds.split("v1.1").links == []


def test_links_that_a_program_found_are_taken_too(birds: Dataset) -> None:
    import numpy as np

    from nbtools.splits import near_vectors

    v1 = birds.freeze("first")
    vectors = np.repeat(np.eye(8), 2, axis=0)
    plan = v1.split({"train": 0.5, "test": 0.5}, links=near_vectors(vectors))
    assert (len(plan.plan.units), plan.recipe["links"]) == (8, {"near embedding": 8})
    pair = tuple(v1.items["id"][:2])
    assert len(v1.split({"train": 0.5, "test": 0.5}, links=[near_vectors(vectors)], dismissed=[pair]).plan.units) == 9


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"links": [("a", "b")]}, "no pair of links or dismissed, such as ('a', 'b'), is of two items of v1"),
        ({"links": [("a", "b")], "dismissed": [("b", "a")]}, "the pair ('a', 'b') is in links and in dismissed"),
        ({"links": [("a", "a")]}, "links pairs 'a' with itself"),
        ({"dismissed": [("a", 7)]}, "dismissed holds ('a', 7), which is no pair of ids"),
        ({"links": "ab"}, "links holds 'ab', which is no pair of ids"),
        ({"dismissed": pd.DataFrame({"id": ["a"]})}, "dismissed holds ('a',)"),
    ],
)
def test_pairs_that_cannot_be_are_refused(birds: Dataset, how: dict[str, object], said: str) -> None:
    with pytest.raises(SplitError, match=re.escape(said)):
        birds.freeze("first").split({"train": 0.5, "test": 0.5}, **how)  # type: ignore[arg-type]


def test_labels_that_a_ranker_chose_are_named_and_kept_from_tests(birds: Dataset) -> None:
    halves = {"train": 0.5, "test": 0.5}
    ids = birds.items()["id"].tolist()
    first = birds.freeze("first").split(halves, seed=1).save(confirm=True)
    more(birds, {"west": 8}, 60)
    new = [item for item in birds.items()["id"] if item not in ids]
    why = {"order": "uncertainty", "rank": 1, "round": 1}
    acts = [label(0, "jay", item=item, why=why) for item in new[:6]]
    birds._log.append("species", [*acts, label(0, "rook", item=new[6], why={"random": True})])
    v2 = birds.freeze("more", truth="latest")
    plan = v2.split(halves)
    told = plan.report.ranked
    tested = [item for item in new[:6] if plan.assignments[item] == "test"]
    assert [(one.task, one.split, one.items) for one in told] == [("species", "test", len(tested))]
    assert f"test: {len(tested)} of {told[0].of} labels of species" in repr(plan.report)
    assert 'eval="random"' in repr(plan.report)
    random = v2.split(halves, eval="random")
    assert random.report.ranked == []
    assert all(random.assignments[item] == "train" for item in new[:6])
    assert random.assignments[ids].to_dict() == first.assignments[ids].to_dict()
    assert random.summary == "extends v1.1: 16 stay, 8 placed, 0 moved"
    assert random.recipe["eval"] == "random"
    with pytest.raises(SplitError, match="eval='best' is no choice"):
        v2.split(halves, eval="best")
    with pytest.raises(SplitError, match="goes with ratios, and KFoldSplit"):
        v2.split(KFoldSplit(2), eval="random")


def test_what_a_ranker_chose_and_belongs_with_a_tested_item_is_in_no_part(birds: Dataset) -> None:
    halves = {"train": 0.5, "test": 0.5}
    ids = birds.items()["id"].tolist()
    first = birds.freeze("first").split(halves, seed=1).save(confirm=True)
    more(birds, {"west": 4}, 60)
    new = [item for item in birds.items()["id"] if item not in ids]
    tested, trained = (first[part]["id"].iloc[0] for part in ("test", "train"))
    why = {"order": "uncertainty", "rank": 1, "round": 1}
    birds._log.append("species", [label(0, "jay", item=item, why=why) for item in new[:2]])
    nests = {tested: "n1", new[0]: "n1", new[2]: "n1", trained: "n2", new[1]: "n2"}
    birds.attach(pd.DataFrame({"id": list(nests), "nest": list(nests.values())}), on="id")
    v2 = birds.freeze("more", truth="latest")
    plan = v2.split(halves, groups="nest", missing="alone", eval="random")
    assert plan.assignments[list(nests)].tolist() == ["test", "quarantine", "test", "train", "train"]
    assert plan.assignments[ids].to_dict() == first.assignments[ids].to_dict(), "tests are never touched"
    (row,) = plan.quarantine.to_dict("records")
    because = f"a ranker chose it, and it shares nest 'n1' with '{tested}', which is in test"
    assert row == {"id": new[0], "was": None, "keeps": "test", "reason": f'eval="random": {because}'}
    assert plan.summary == "extends v1.1: 16 stay, 3 placed, 0 moved, 1 in quarantine"
    plan.save(confirm=True)
    more(birds, {"west": 2}, 80)
    later = birds.freeze("later", truth="latest").split(halves, groups="nest", missing="alone")
    assert later.assignments[new[0]] == "quarantine", "nothing moves back by itself"


def test_short_texts_are_reported_and_texts_are_compared_once(
    datasets: Datasets, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "seven bright birds watch from an old wooden fence"
    texts = ["ok", "OK!", "no finding", long, f"{long} again", "a quick fox jumps over the lazy dog"]
    ds = datasets.of({f"{at}.txt": text.encode() for at, text in enumerate(texts)})
    v1 = ds.freeze("texts")
    report = v1.split({"train": 0.5, "test": 0.5}, near_duplicates=True).report
    assert report.unlinked == {"near text": 3}
    assert "near text: 3 items say too little to be compared" in repr(report)
    assert report.units == 5, "the two long ones are one"
    (kept,) = (ds.path / "metadata" / "cache").glob("near-texts-*.parquet")
    with monkeypatch.context() as patch:
        patch.setattr("nbtools.splits.links.texts._near", lambda *_: pytest.fail("texts are compared once"))
        again = v1.split({"train": 0.5, "test": 0.5}, near_duplicates=True).report
    assert (again.unlinked, again.units) == (report.unlinked, report.units)
    for broken in (b"", pd.DataFrame({"left": [9], "right": [1], "measure": [1.0]}).to_parquet()):
        kept.write_bytes(broken)
        assert v1.split({"train": 0.5, "test": 0.5}, near_duplicates=True).report.units == 5, "a cache is made again"


def test_a_hashed_split_tells_of_its_leaks(birds: Dataset) -> None:
    plan = birds.freeze("first").split(HashSplit({"train": 0.5, "test": 0.5}), near_duplicates=True)
    assert [leak.kind for leak in plan.report.leaks if leak.count] == ["near image"]
    assert any("pairs of near image are in more than one split" in said for said in plan.report.to_confirm)


def test_folds_are_kept_beside_what_is_tested_on(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    split = v1.split(KFoldSplit(3, test=0.25), stratify="species").save("folds", confirm=True)
    assert split.names == ["train", "test"]
    assert (len(split["train"]), len(split["test"])) == (12, 4)
    assert split.folds is not None
    assert sorted(split.folds["fold"].value_counts().to_dict().items()) == [("fold1", 4), ("fold2", 4), ("fold3", 4)]
    assert set(split.folds["id"]) == set(split["train"]["id"])
    assert v1.split(KFoldSplit(3, test=0.25), stratify="species").save("folds", confirm=True) == split
    more(birds, {"west": 4}, 80)
    later = birds.freeze("more").split(KFoldSplit(3, test=0.25), stratify="species")
    assert (later.extends, later.plan.counts["moved"], later.plan.counts["stay"]) == ("v1.1", 0, 16)


def test_other_strategies_are_handed_over(birds: Dataset) -> None:
    v1 = birds.freeze("first")
    hashed = v1.split(HashSplit({"train": 0.5, "test": 0.5}), groups="site")
    assert hashed.recipe["strategy"] == "HashSplit"
    official = v1.split(PredefinedSplit(folders="source", names={"north": "train", "south": "val", "east": "test"}))
    assert {name: len(official.plan.positions(name)) for name in official.plan.names} == SITES_IN_PARTS
    with pytest.raises(SplitError, match="seed=3 belongs to the strategy"):
        v1.split(HashSplit({"train": 0.5, "test": 0.5}), seed=3)


def test_by_time(birds: Dataset) -> None:
    taken = [f"2026-01-{at + 1:02}" for at in range(16)]
    birds.attach(pd.DataFrame({"id": birds.items()["id"], "taken": taken}), on="id")
    split = birds.freeze("dated").split(TimeSplit({"train": 0.75, "test": 0.25}, time="taken")).save(confirm=True)
    assert max(split["train"]["taken"]) < min(split["test"]["taken"])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"ratios": {"train": 0.5, "test": 0.6}}, "add up to 1.1"),
        ({"stratify": "specie"}, "did you mean 'species'"),
        ({"groups": ["side"]}, "did you mean 'site'"),
        ({"missing": "maybe"}, "missing='maybe'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(birds: Dataset, how: dict[str, object], said: str) -> None:
    v1 = birds.freeze("first")
    before = sorted(birds.path.rglob("*"))
    given = {"ratios": RATIOS, "groups": "site"} | how
    with pytest.raises(SplitError, match=re.escape(said)):
        v1.split(given.pop("ratios"), **given)  # type: ignore[arg-type]
    assert sorted(birds.path.rglob("*")) == before


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"groups": "nest"}, "14 of 16 items have no value in the group column 'nest', the first is"),
        ({"ratios": TimeSplit({"train": 0.5, "test": 0.5}, time="year")}, "14 items have no time, the first is"),
    ],
)
def test_an_item_that_keeps_a_split_from_being_made_is_named(birds: Dataset, how: dict[str, Any], said: str) -> None:
    table = {"id": birds.items()["id"][:2], "nest": ["n1", "n2"], "year": [2023, 2024]}
    birds.attach(pd.DataFrame(table), on="id")
    v1 = birds.freeze("first")
    first = v1.items[v1.items["nest"].isna()].iloc[0]
    named = f"{said} '{first['id'][:12]}' ({first['sources'][0].removeprefix('raw/')}). Choose"
    with pytest.raises(SplitError, match=re.escape(named)):
        v1.split(how.get("ratios", RATIOS), groups=how.get("groups"))


def test_names_of_splits(birds: Dataset) -> None:
    birds.freeze("first")
    with pytest.raises(UnknownVersionError, match=r"there is no version 'v1.1'"):
        birds.split("v1.1")
    with pytest.raises(VersionError, match="v1 is a version"):
        birds.split("v1")
    with pytest.raises(SplitError, match="did you mean 'train'"):
        birds.version("v1").split(RATIOS).save(confirm=True)["trian"]


def test_parts_are_read_by_training(birds: Dataset) -> None:
    split = birds.freeze("first").split(RATIOS, stratify="species").save(confirm=True)
    examples = split.torch("train", target="species")
    assert (len(examples), examples.classes, examples.class_to_idx) == (8, ["jay", "rook"], {"jay": 0, "rook": 1})
    image, number = examples[0]
    assert (image.size, image.mode, number) == ((64, 48), "RGB", examples.class_to_idx[split["train"]["species"][0]])
    assert repr(examples) == "v1.1 train: 8 examples; classes jay, rook"
    with pytest.raises(IndexError):
        examples[8]
    assert [number for _, number in (examples[at] for at in range(8))].count(0) == 4
    copied = pickle.loads(pickle.dumps(examples))
    assert copied[0][1] == number, "worker processes are handed a copy"
    sizes = split.torch("train", target="species", transform=lambda image: image.size)
    assert sizes[0][0] == (64, 48)
    table, answers = split.sklearn("test", target="species")
    assert len(table) == len(answers) == 4
    assert "species" not in table
    paths = split.paths("train")
    assert [path.stem for path in paths] == list(split["train"]["id"])
    assert all(path.is_file() for path in paths)


def test_only_what_has_an_answer_is_learned_from(birds: Dataset) -> None:
    more(birds, {"west": 4}, 60)
    split = birds.freeze("some unlabeled").split({"train": 0.5, "test": 0.5}, stratify="species").save(confirm=True)
    examples = [split.torch(name, target="species") for name in split]
    assert sum(map(len, examples)) == 16
    assert sum(len(split[name]) for name in split) == 20
    assert ": the others have no answer" in "".join(map(repr, examples))
    with pytest.raises(SplitError, match="target='colour' is no task"):
        split.torch("train", target="colour")


def test_a_folder_for_each_part_and_answer(birds: Dataset, tmp_path: Path) -> None:
    split = birds.freeze("first").split(RATIOS, stratify="species").save(confirm=True)
    done = split.restore(tmp_path / "out", target="species")
    assert done.written == 16
    found = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.png"))
    wanted = [
        f"{name}/{species}/{item}.png"
        for name in split
        for item, species in zip(split[name]["id"], split[name]["species"], strict=True)
    ]
    assert found == sorted(wanted)
    assert split.restore(tmp_path / "out", target="species").unchanged == 16
