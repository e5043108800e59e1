"""What a `display_fn` shows, turned into content; what others print meanwhile is theirs."""

from __future__ import annotations

import base64
import io
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from ipykernel.zmqshell import ZMQDisplayPublisher
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.display import HTML, display
from jupyter_client.session import Session
from PIL import Image

from nbtools.widgets import capturing, rendering
from nbtools.widgets.rendering import content_of, rendered

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
ENCODED = base64.b64encode(PNG).decode()


class Sent(Session):
    """A session of a kernel that keeps what would go to the front end."""

    def send(self, stream: Any, message: Any, **more: Any) -> Any:  # type: ignore[override]
        """Keep it."""
        self.metadata.setdefault("sent", []).append(message)
        return message


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Publish as a kernel does, by ipykernel's own publisher."""
    made = ZMQDisplayPublisher(session=Sent(key=b""), pub_socket=object())  # type: ignore[no-untyped-call]
    shell = SimpleNamespace(display_pub=made, display_formatter=DisplayFormatter())
    monkeypatch.setattr(capturing, "get_ipython", lambda: shell)
    monkeypatch.setattr(rendering, "get_ipython", lambda: shell)
    return made


def sent(publisher: Any) -> list[Any]:
    """Return what went to the front end."""
    return list(publisher.session.metadata.get("sent", []))


@pytest.mark.parametrize(
    ("bundle", "fields"),
    [
        ({"text/plain": "x", "image/png": ENCODED, "text/html": "<b>"}, {"media_type": "image/png"}),
        ({"image/jpeg": PNG}, {"media_type": "image/jpeg"}),
        ({"text/plain": "x", "image/svg+xml": ["<svg>", "</svg>"]}, {"media_type": "image/svg+xml"}),
        ({"text/plain": "<Table>", "text/html": ["<b>", "1</b>"]}, {"html": "<b>1</b>"}),
        ({"text/plain": "<M>", "text/markdown": "*a*"}, {"text": "*a*"}),
        ({"text/plain": "\x1b[31mred\x1b[0m"}, {"text": "red"}),
        ({"text/html": "half \ud83d"}, {"html": "half ?"}),
    ],
)
def test_an_output_is_shown_in_its_best_form(bundle: dict[str, Any], fields: dict[str, Any]) -> None:
    assert content_of(bundle).fields == fields


@pytest.mark.parametrize(
    ("bundle", "why"),
    [
        ({"application/vnd.plotly.v1+json": {}}, "showed application/vnd.plotly"),
        ({}, "showed nothing"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}, "a widget"),
        ({"image/png": "AAA"}, "image/png that is none"),
        ({"image/png": bytes(3_500_001)}, "an image of 3,500,001 bytes is too large"),
        ({"text/html": "x" * 3_500_001}, "HTML of 3,500,001 characters is too large"),
    ],
)
def test_what_cannot_be_shown_is_said(bundle: dict[str, Any], why: str) -> None:
    assert why in str(content_of(bundle).fields["error"])


def test_what_is_displayed_and_printed_stands_in_its_order(publisher: Any) -> None:
    def show(example: int) -> None:
        print("number", example)
        print("and more")
        publisher.publish({"image/png": PNG, "text/plain": "<Image>"})
        print("after")

    content = rendered(show, 7)
    assert [part.fields for part in content.parts] == [
        {"text": "number 7\nand more\n"},
        {"media_type": "image/png"},
        {"text": "after\n"},
    ]
    assert content.parts[1].buffer == PNG
    buffers: list[bytes] = []
    numbered: Any = content.numbered(buffers)["parts"]
    assert [part.get("buffer") for part in numbered] == [None, 0, None]
    assert content.size > len(PNG) + 1500
    assert sent(publisher) == []


def test_clearing_takes_back_what_was_shown(publisher: Any) -> None:
    def show(_: object) -> None:
        print("loading")
        publisher.clear_output(wait=True)
        publisher.publish({"text/plain": "there"})

    assert rendered(show, 1).fields == {"text": "there"}


def test_another_thread_shows_and_prints_where_it_should(publisher: Any) -> None:
    # JupyterLab hands messages over beside a running cell.
    inside, said = threading.Event(), threading.Event()

    def cell() -> None:
        inside.wait(30)
        print("of the cell")
        publisher.publish({"text/plain": "of the cell"})
        said.set()

    def show(_: object) -> None:
        inside.set()
        assert said.wait(30)
        print("of the example")

    before, sys.stdout = sys.stdout, io.StringIO()
    try:
        thread = threading.Thread(target=cell)
        thread.start()
        content = rendered(show, 1)
        thread.join(30)
        assert sys.stdout.getvalue() == "of the cell\n"
    finally:
        sys.stdout = before
    assert content.fields == {"text": "of the example\n"}
    assert [message["content"]["data"] for message in sent(publisher)] == [{"text/plain": "of the cell"}]


def test_after_a_failure_everything_goes_where_it_went_before(publisher: Any) -> None:
    before = sys.stdout
    with pytest.raises(ZeroDivisionError):
        rendered(lambda example: 1 // example, 0)
    assert sys.stdout is before
    publisher.publish({"text/plain": "x"})
    assert len(sent(publisher)) == 1


def test_a_shell_that_is_no_kernel_is_captured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = DisplayPublisher()  # type: ignore[no-untyped-call]
    shell = SimpleNamespace(display_pub=plain, display_formatter=DisplayFormatter())
    monkeypatch.setattr(capturing, "get_ipython", lambda: shell)

    def show(_: object) -> None:
        shell.display_pub.publish({"text/html": "<b>b</b>"})

    assert rendered(show, 1).fields == {"html": "<b>b</b>"}
    assert shell.display_pub is plain


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("text", {"text": "text"}),
        (Image.new("RGB", (4, 3)), {"media_type": "image/png"}),
        (HTML("<b>b</b>"), {"html": "<b>b</b>"}),  # type: ignore[no-untyped-call]
        ([1, 2], {"text": "[1, 2]"}),
        (PNG, {"media_type": "image/png"}),
        (b"no image", {"text": "b'no image'"}),
        (None, {"text": "display_fn shows nothing of this example here"}),
    ],
)
def test_what_is_returned_is_shown_where_nothing_else_was(
    value: object, fields: dict[str, Any], publisher: Any
) -> None:
    assert rendered(lambda _: value, 1).fields == fields


def test_what_is_returned_counts_for_nothing_beside_what_was_shown() -> None:
    def show(_: object) -> str:
        print("shown")
        return "returned"

    assert rendered(show, 1).fields == {"text": "shown\n"}
    assert rendered(display, "a text").fields == {"text": "a text"}


def test_figures_left_open_are_shown_and_closed_and_others_left_alone() -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mine = plt.figure()

    def show(example: int) -> None:
        plt.figure(figsize=(1, 1))
        plt.plot([0, example])

    try:
        content = rendered(show, 3)
        assert content.fields == {"media_type": "image/png"}
        assert plt.get_fignums() == [mine.number]
    finally:
        plt.close("all")
