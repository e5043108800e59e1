import pytest

from nbtools.errors import LabelError, SchemaError
from nbtools.labels.names import RESERVED, annotator_name, check_name


@pytest.mark.parametrize("name", ["a", "site", "patient_id", "x9", "a" * 63])
def test_a_column_name_is_taken(name: str) -> None:
    assert check_name(name, "task") == name


@pytest.mark.parametrize("name", ["", "Site", "9x", "_x", "a" * 64, "a b", "a-b", "é", "../x", 7, None])
def test_a_malformed_name_is_refused_with_a_proposal_that_is_taken(name: object) -> None:
    with pytest.raises(SchemaError, match="such as") as caught:
        check_name(name, "task")
    proposal = str(caught.value).rsplit("'", 2)[1]
    assert check_name(proposal, "task") == proposal


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_column_that_every_dataset_has_is_refused(name: str) -> None:
    with pytest.raises(SchemaError, match="column of its own"):
        check_name(name, "attribute")


def test_tasks_and_attributes_share_one_namespace() -> None:
    with pytest.raises(SchemaError, match="site_2"):
        check_name("site", "task", ["site"])


def test_a_person_is_kept_under_a_normalized_name() -> None:
    assert annotator_name("  Zoe\u0308 ") == "Zoë"


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 65, "\x00", None, 5, "import", "\ud800"])
def test_what_is_no_name_is_refused(name: object) -> None:
    with pytest.raises(LabelError):
        annotator_name(name)
