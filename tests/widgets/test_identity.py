"""Who labels comes from the caller or the environment."""

from __future__ import annotations

import getpass

import pytest

from nbtools.errors import LabelError
from nbtools.widgets.identity import Identity, identify, is_voila

VOILA = {"SERVER_SOFTWARE": "voila/0.5.13", "VOILA_REQUEST_URL": "http://localhost:8866/"}


@pytest.mark.parametrize(
    ("environ", "name", "how"),
    [
        (VOILA, None, None),
        ({**VOILA, "NBTOOLS_ANNOTATOR": "anna"}, None, None),
        ({**VOILA, "NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_SINGLE_USER": "0"}, None, None),
        ({**VOILA, "NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_SINGLE_USER": "1"}, "anna", "environment"),
        ({**VOILA, "HTTP_X_NBTOOLS_USER": " ben "}, "ben", "verified"),
        (
            {**VOILA, "HTTP_X_NBTOOLS_USER": "ben", "NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_SINGLE_USER": "1"},
            "ben",
            "verified",
        ),
        ({**VOILA, "HTTP_X_NBTOOLS_USER": "\n"}, None, None),
        ({"NBTOOLS_ANNOTATOR": "anna"}, "anna", "environment"),
        # A header is believed only where a server that checked it can have set it.
        ({"NBTOOLS_ANNOTATOR": "anna", "HTTP_X_NBTOOLS_USER": "ben"}, "anna", "environment"),
        ({"VOILA_PREHEAT": "True", "NBTOOLS_ANNOTATOR": "anna"}, None, None),
    ],
)
def test_the_environment_names_the_annotator(environ: dict[str, str], name: str | None, how: str | None) -> None:
    assert identify(environ=environ) == Identity(name, how)


def test_in_jupyterlab_it_is_the_user_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "carla")
    assert identify(environ={}) == Identity("carla", "environment")


def test_a_user_without_a_name_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert identify(environ={}) == Identity(None, None)


def test_the_argument_goes_first() -> None:
    assert identify(" dora ", VOILA) == Identity("dora", "python")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65, "a\0", "import"])
def test_a_name_is_one_visible_line(name: str) -> None:
    with pytest.raises(LabelError):
        identify(name, {})
    assert identify(environ={**VOILA, "HTTP_X_NBTOOLS_USER": name}) == Identity(None, None)


def test_voila_is_known_by_what_it_sets() -> None:
    assert is_voila(VOILA)
    assert not is_voila({"SERVER_SOFTWARE": "jupyter"})
