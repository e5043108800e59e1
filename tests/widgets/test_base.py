"""What every widget shares."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from nbtools.errors import LabelError
from nbtools.widgets import greetings, messages
from nbtools.widgets._base import BaseWidget, short_line
from tests.widgets.wire import Browser

ULID = "01JBQ0000000000000000000AB"


class Echo(BaseWidget):
    """Answers a ping, fails at an introduction, and waits at the opening."""

    _bundle: ClassVar[str] = "labeler-choice.js"

    def __init__(self, first: int = 0, **options: object) -> None:
        self.opened = threading.Event()
        self.go_on = threading.Event()
        super().__init__(**options)

    def _summary(self) -> str:
        return "Echo · <b>bold</b>"

    def _answer(self, message: messages.Message) -> Callable[[], None]:
        match message:
            case messages.Introduce():
                raise LabelError("you are known already")
            case messages.Fetch():
                raise RuntimeError("<x>\n" + "secret " * 500)
            case greetings.Open():
                return self._wait
        return lambda: self._say("pong")

    def _wait(self) -> None:
        self.opened.set()
        assert self.go_on.wait(30)
        self._say("opened")


def test_an_unknown_keyword_is_refused_with_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"Echo has no keyword 'frist'; did you mean 'first'\?"):
        Echo(frist=1)
    with pytest.raises(TypeError, match="did you mean 'layout'"):
        Echo(layot={})
    with pytest.raises(TypeError, match="known are first, layout, tabbable, tooltip"):
        Echo(zzzzzz=1)
    assert Echo(first=1, tooltip="words").tooltip == "words"


def test_while_the_front_end_is_worked_on_each_build_is_handed_over(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = threading.Event()
    built = threading.Event()

    def watch(path: Path) -> Iterator[None]:
        assert built.wait(30)
        path.write_text("export default 2", encoding="utf-8")
        yield
        handed.set()

    monkeypatch.setenv("ANYWIDGET_HMR", "1")
    monkeypatch.setitem(sys.modules, "watchfiles", SimpleNamespace(watch=watch))
    widget = Echo()
    assert widget._esm.startswith("export default {}")
    built.set()
    assert handed.wait(30)
    assert widget._esm == "export default 2"


def test_a_missing_bundle_says_how_to_build(bundle: Path) -> None:
    (bundle / "labeler-choice.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"pip install -e \."):
        Echo()


def test_a_message_is_answered() -> None:
    assert Browser(Echo()).ask("ping") == {"v": 1, "type": "pong"}


def test_an_error_of_the_core_is_answered_in_its_words() -> None:
    answer = Browser(Echo()).ask("introduce", name="anna")
    assert answer == {"v": 1, "type": "error", "of": "introduce", "why": "you are known already"}


def test_a_failure_is_answered_and_logged_in_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="nbtools"):
        answer = Browser(Echo()).ask("fetch", request=7, cursor=None, count=1, bytes=1)
    assert (answer["of"], answer["request"]) == ("fetch", 7)
    assert len(answer["why"]) <= 200
    (record,) = caplog.records
    assert len(record.getMessage()) <= 200
    assert "\n" not in record.getMessage()
    assert record.exc_info is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "text",
        {},
        {"method": 5},
        {"method": "nonsense"},
        {"method": "update", "state": {"_esm": "alert(1)", "layout": 5}, "buffer_paths": [["a", "b"]]},
        {"method": "update", "state": None},
        {"method": "update"},
    ],
)
def test_nothing_that_comes_over_the_comm_ends_the_widget_or_changes_it(data: object) -> None:
    widget = Echo()
    before = widget.get_state()
    assert Browser(widget).deliver(data) == []
    assert widget.get_state() == before
    assert Browser(widget).ask("ping")["type"] == "pong"


@pytest.mark.parametrize("content", [None, [], 5, "x" * 10**6, {"type": "x" * 10**6}, {"v": 1, "type": {"a": 1}}])
def test_a_message_of_no_known_type_is_an_error(content: object, caplog: pytest.LogCaptureFixture) -> None:
    (answer,) = Browser(Echo()).send(content)
    assert (answer["type"], answer["of"]) == ("error", "message")
    assert len(answer["why"]) <= 200
    assert all(len(record.getMessage()) <= 200 for record in caplog.records)


def test_the_state_is_sent_when_asked_for() -> None:
    widget = Echo()
    browser = Browser(widget)
    browser.deliver({"method": "request_state"})
    assert widget.comm.sent[-1][0]["state"]["_esm"] == "export default {} // labeler-choice"


def test_what_is_left_to_do_runs_outside_the_lock() -> None:
    widget = Echo()
    browser = Browser(widget)
    thread = threading.Thread(target=lambda: browser.send({"v": 1, "type": "open", "client": ULID}))
    thread.start()
    assert widget.opened.wait(30)
    # The first message is still at work; the second is answered all the same.
    assert [said["type"] for said in browser.send({"v": 1, "type": "ping"})] == ["pong"]
    widget.go_on.set()
    thread.join(30)
    assert [said["type"] for said in browser.said()] == ["pong", "opened"]


def test_without_a_kernel_the_cell_says_what_it_was() -> None:
    bundle = Echo()._repr_mimebundle_()
    assert bundle is not None
    data, _ = bundle
    assert data["text/plain"] == "Echo · <b>bold</b> · run this cell to go on"
    assert data["text/html"] == "<p>Echo · &lt;b&gt;bold&lt;/b&gt; · run this cell to go on</p>"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_every_synced_trait_of_ours_has_help() -> None:
    own = {name: trait for name, trait in Echo.class_traits(sync=True).items() if trait.this_class is BaseWidget}
    assert "_esm" in own
    assert all(trait.help for trait in own.values())


def test_a_line_is_short_and_whole() -> None:
    assert short_line("a\n b\ud83d") == "a b?"
    assert len(short_line("x" * 1000)) == 200
