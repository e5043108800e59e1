"""The tools of the browser tests do what the tests believe of them."""

from __future__ import annotations

import http.server
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.pages import Visitor, run_in_lab, write_notebook
from tests.browser.proxy import Proxy
from tests.browser.servers import Server, start

COUNTER = """
import ipywidgets
button = ipywidgets.Button(description="pressed 0")
def press(_):
    button.description = f"pressed {int(button.description.split()[1]) + 1}"
button.on_click(press)
button
"""


@pytest.fixture
def hello() -> Iterator[int]:
    """Serve a page that says hello, and return its port."""

    class Hello(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_request_to_another_machine_is_stopped_and_written_down(visitor: Visitor, hello: int) -> None:
    page = visitor.open(f"http://127.0.0.1:{hello}/")
    answered = page.evaluate("() => fetch('http://example.com/x').then(() => 'reached', () => 'stopped')")
    assert answered == "stopped"
    assert visitor.outside == ["http://example.com/x"]
    visitor.outside.clear()


def test_an_exception_on_a_page_fails_its_test_unless_expected(visitor: Visitor, page: Page) -> None:
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('the bug') }) }")
    with pytest.raises(AssertionError, match="the bug"):
        visitor.check()
    visitor.allow("the bug")
    visitor.check()


def test_the_plain_name_leads_here_and_is_no_secure_context(visitor: Visitor, hello: int) -> None:
    page = visitor.open(f"http://{chromium.PLAIN_HOST}:{hello}/")
    assert page.inner_text("body") == "hello"
    assert page.evaluate("() => [isSecureContext, typeof crypto.randomUUID]") == [False, "undefined"]


def test_the_proxy_passes_cuts_and_restores(hello: int) -> None:
    with Proxy(hello) as proxy:
        assert _get(proxy.port) == b"hello"
        proxy.cut()
        with pytest.raises(OSError):
            _get(proxy.port)
        proxy.restore()
        assert _get(proxy.port) == b"hello"


def test_a_named_browser_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBTOOLS_BROWSER", "/nowhere/chromium")
    with pytest.raises(RuntimeError, match="/nowhere/chromium"):
        chromium.chromium.__wrapped__()


def test_no_browser_at_all_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBTOOLS_BROWSER", raising=False)
    monkeypatch.setattr(chromium, "_installed", lambda: None)
    monkeypatch.setattr(chromium, "_install", lambda: "`apt-get` ended with 100: no network")
    with pytest.raises(RuntimeError, match=r"apt install chromium(.|\n)*NBTOOLS_BROWSER(.|\n)*no network"):
        chromium.chromium.__wrapped__()


def test_a_server_that_fails_shows_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3(.|\n)*no such notebook"):
        start(["sh", "-c", "echo no such notebook >&2; exit 3"], tmp_path, port=1)


def test_voila_serves_a_widget_and_stops_with_its_kernel(
    tmp_path: Path, visitor: Visitor, voila: Callable[..., Server]
) -> None:
    server = voila(write_notebook(tmp_path / "counter.ipynb", [COUNTER]))
    page = visitor.open(server.url)
    page.get_by_role("button", name="pressed 0").click()
    expect(page.get_by_role("button", name="pressed 1")).to_be_visible()
    kernel = server.kernel()
    server.stop()
    assert not kernel.is_running()


def test_jupyterlab_runs_a_notebook(tmp_path: Path, visitor: Visitor, lab: Callable[..., Server]) -> None:
    write_notebook(tmp_path / "counter.ipynb", [COUNTER])
    page = run_in_lab(visitor, lab(tmp_path).url, "counter.ipynb")
    page.get_by_role("button", name="pressed 0").click()
    expect(page.get_by_role("button", name="pressed 1")).to_be_visible()


def _get(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        data: bytes = answer.read()
    return data
