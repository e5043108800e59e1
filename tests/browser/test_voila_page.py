"""The page around the widgets, in a real browser: what it says, and what it asks for."""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import PHONE, Visitor, picture_all, write_notebook
from tests.browser.proxy import Proxy
from tests.browser.servers import Server, free_port, start, start_voila

TITLE = 'Birds <b>&amp; "more"</b> {{7*7}}'
BUTTON = """
import ipywidgets
button = ipywidgets.Button(description="pressed 0")
button.on_click(lambda _: setattr(button, "description", f"pressed {int(button.description.split()[1]) + 1}"))
button
"""
HTML = "from IPython.display import HTML\nHTML('<div>a table</div>')"
SERVE = """
import sys
from pathlib import Path
from unittest import mock
from nbtools import serve
notebook, port = sys.argv[1:]
with mock.patch.object(serve, "find_notebook", lambda name: Path(notebook)):
    shown = serve.Dashboard("small", Path(notebook).parent, 'Birds <b>&amp; "more"</b> {{7*7}}', annotator="anna")
    serve.serve_dashboard(shown, port=int(port), open_browser=False)
"""
READY = "/voila/templates/nbtools/static/page.css"
OUTSIDE = re.compile(
    r"""(?:src|href|action|content)\s*=\s*["'][^"']*(?:https?:)?//[^"']*["']|@import|url\(\s*["']?(?:https?:)?//"""
)

Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    template: dict[str, object] = {"voila": {"template": "nbtools"}}
    write_notebook(folder / "small.ipynb", [BUTTON], {**template, "title": TITLE})
    write_notebook(folder / "untitled.ipynb", ["1 + 1"], template)
    spoken = write_notebook(folder / "spoken.ipynb", ["print('printed')", HTML], template)
    heading = {"cell_type": "markdown", "id": "words", "metadata": {}, "source": "A heading"}
    notebook = json.loads(spoken.read_text())
    spoken.write_text(json.dumps({**notebook, "cells": [heading, *notebook["cells"]]}))
    write_notebook(folder / "dark.ipynb", ["1 + 1"], {"voila": {"template": "nbtools", "theme": "dark"}})
    write_notebook(folder / "broken.ipynb", ["secret = 'hunter2'\nraise ValueError(secret)", "2 + 2"], template)
    write_notebook(folder / "waits.ipynb", ["1", "open('gate').read()", "3"], template)
    return folder


@pytest.fixture(scope="module")
def server(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the folder of notebooks, as `voila.json` has it."""
    running = start_voila(notebooks, tmp_path_factory.mktemp("voila"))
    yield running
    running.stop()


def _url(server: Server, name: str, query: str = "") -> str:
    return f"http://127.0.0.1:{server.port}/voila/render/{name}.ipynb{query}"


def _fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _button(page: Page, presses: int = 0) -> None:
    expect(page.get_by_role("button", name=f"pressed {presses}")).to_be_visible()


def _banner(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def _wait_gone(processes: list[psutil.Process], seconds: float = 20) -> None:
    _, left = psutil.wait_procs(processes, timeout=seconds)
    assert left == []


# ── what every page has ─────────────────────────────────────────────────────────


def test_a_page_is_titled_by_its_notebook_and_has_one_main_part(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "small"))
    _button(page)
    assert page.title() == TITLE
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("button", name="pressed 0")).to_be_visible()
    expect(page.locator("#loading")).to_have_count(0)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert not [error for error in visitor.errors if "Content Security Policy" in error]


def test_a_widget_works_in_it(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "small"))
    page.get_by_role("button", name="pressed 0").click()
    _button(page, 1)


def test_without_a_title_the_page_is_named_after_its_file(visitor: Visitor, server: Server) -> None:
    assert visitor.open(_url(server, "untitled")).title() == "nbtools · untitled"


def test_what_a_cell_says_does_not_touch_the_edge(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "spoken"), phone=True)
    for words in ("A heading", "printed", "a table"):
        said = page.get_by_text(words, exact=True)
        expect(said).to_be_visible()
        box = said.bounding_box()
        assert box is not None
        assert box["x"] == PHONE["width"] - box["x"] - box["width"] == 16


@pytest.mark.parametrize("path", ["voila/render/untitled.ipynb", "voila/render/none.ipynb", "", "voila/tree/none"])
def test_no_page_names_another_host(server: Server, path: str) -> None:
    status, html = _fetch(f"http://127.0.0.1:{server.port}/{path}")
    assert status == (404 if "none" in path else 200)
    assert "nbtools" in html
    assert OUTSIDE.findall(html) == []


def test_the_pattern_finds_what_the_parent_template_links() -> None:
    link = '<link rel="stylesheet" href="https://cdn.example/npm/font-awesome/all.min.css" type="text/css" />'
    assert OUTSIDE.search(link)
    assert OUTSIDE.search('<script src="//cdn.example/x.js">')


@pytest.mark.parametrize(
    "query", ["?theme=%22%3E%3Cscript%3Ewindow.__x=1%3C/script%3E", "?template=lab", "?template=none"]
)
def test_a_visitor_can_change_neither_theme_nor_template(visitor: Visitor, server: Server, query: str) -> None:
    page = visitor.open(_url(server, "small", query))
    _button(page)
    assert page.evaluate("[window.__x, document.body.dataset.theme]") == [None, "light"]


def test_a_theme_is_text_even_where_visitors_may_choose_it(visitor: Visitor, voila: Serve, notebooks: Path) -> None:
    server = voila(notebooks / "small.ipynb", options=["--VoilaConfiguration.allow_theme_override=YES"])
    theme = '"><script>window.__x=1</script>'
    page = visitor.open(server.url + "?theme=" + urllib.request.quote(theme))  # type: ignore[attr-defined]
    expect(page.locator("body")).to_have_attribute("data-theme", theme)
    _button(page)
    assert page.evaluate("window.__x") is None


def test_the_colors_follow_the_persons_preference_and_its_change(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "small"), dark=True)
    _button(page)
    body = page.locator("body")
    expect(body).to_have_css("background-color", "rgb(17, 17, 17)")
    expect(body).to_have_attribute("data-jp-theme-light", "false")
    page.emulate_media(color_scheme="light")
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(body).to_have_attribute("data-jp-theme-light", "true")


def test_a_notebook_that_asks_for_dark_is_dark(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "dark"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 17, 17)"


def test_an_error_in_a_cell_is_said_without_its_text(visitor: Visitor, server: Server) -> None:
    page = visitor.open(_url(server, "broken"))
    expect(page.get_by_text("terminal in which this dashboard was started")).to_be_visible()
    assert "hunter2" not in page.content()


@pytest.mark.parametrize("path", ["voila/render/none.ipynb", "", "voila/render/broken.ipynb"])
@pytest.mark.parametrize("dark", [False, True])
def test_pages_are_readable_by_everyone(visitor: Visitor, server: Server, path: str, *, dark: bool) -> None:
    page = visitor.open(f"http://127.0.0.1:{server.port}/{path}", dark=dark)
    page.locator("#loading").wait_for(state="detached")
    found = Axe().run(page, options={"rules": {"landmark-one-main": {"enabled": True}}})
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]] == []


# ── while it loads ──────────────────────────────────────────────────────────────


@pytest.fixture
def waiting(notebooks: Path) -> Iterator[Callable[[], None]]:
    """Let a notebook wait at its second cell; call it to let go."""
    gate = notebooks / "gate"
    os.mkfifo(gate)

    def let_go() -> None:
        if gate.exists():
            handle = os.open(gate, os.O_RDWR | os.O_NONBLOCK)  # so that the reader, if there is one, sees the end
            gate.unlink()
            os.close(handle)

    yield let_go
    let_go()


def test_while_loading_the_page_says_what_it_waits_for(
    visitor: Visitor, page: Page, server: Server, waiting: Callable[[], None]
) -> None:
    page.clock.install()
    page.goto(_url(server, "waits"), wait_until="commit")
    status = page.get_by_role("status")
    expect(status).to_contain_text("Running cell 2 of 3")
    expect(page.get_by_text("longer than usual")).to_have_count(0)
    before = page.locator("#loading_text").bounding_box()
    page.clock.fast_forward(31_000)
    expect(status).to_contain_text("longer than usual")
    assert page.locator("#loading_text").bounding_box() == before
    waiting()
    expect(status).to_have_count(0)


def test_there_is_no_moment_without_words_or_widget(page: Page, server: Server) -> None:
    page.add_init_script("""
        window.moments = [];
        const hittable = new CSSStyleSheet();
        hittable.replaceSync("#loading { pointer-events: auto !important; }");
        document.adoptedStyleSheets = [hittable];
        new MutationObserver(() => {
            const loading = document.querySelector("#loading"), button = document.querySelector("main button");
            const { x, y } = document.querySelector("#loading_text")?.getBoundingClientRect() ?? {};
            const words = () => loading.contains(document.elementFromPoint(x + 1, y + 1)) ? "words" : "covered";
            const moment = loading ? words() : button?.offsetHeight ? "widget" : "nothing";
            if (window.moments.at(-1) !== moment) window.moments.push(moment);
        }).observe(document, { subtree: true, childList: true, attributes: true });
    """)
    page.goto(_url(server, "small"))
    expect(page.locator("#loading")).to_have_count(0)
    expect(page.locator("main")).to_have_css("opacity", "1")
    assert page.evaluate("window.moments.join()") == "nothing,words,widget"


def test_nothing_turns_for_those_who_want_no_motion(page: Page, server: Server, waiting: Callable[[], None]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(_url(server, "waits"), wait_until="commit")
    expect(page.get_by_role("status")).to_contain_text("Running cell 2 of 3")
    expect(page.locator(".nbtools-spinner")).to_be_hidden()
    waiting()


def test_without_javascript_the_page_says_so(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(_url(server, "untitled"))
    expect(page.locator(".nbtools-noscript")).to_be_visible()
    expect(page.locator("#loading")).to_be_hidden()
    context.close()


# ── when what is behind it is gone ──────────────────────────────────────────────


def test_a_kernel_that_died_and_came_back_empty_is_said(visitor: Visitor, voila: Serve, notebooks: Path) -> None:
    server = voila(notebooks / "small.ipynb")
    page = visitor.open(server.url)
    _button(page)
    before = page.get_by_role("button", name="pressed 0").bounding_box()
    server.kernel().kill()
    _banner(page, "has stopped")
    assert page.get_by_role("button", name="pressed 0").bounding_box() == before
    picture_all(page, "voila-stopped")
    page.set_viewport_size(PHONE)
    box = page.get_by_role("alert").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])
    found = Axe().run(page, context="#nbtools-banner")
    assert [each["id"] for each in found.response["violations"]] == []
    page.get_by_role("button", name="Reload this page").click()
    _button(page)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_server_that_is_gone_is_said_and_one_that_came_back_too(
    visitor: Visitor, voila: Serve, notebooks: Path
) -> None:
    server = voila(notebooks / "small.ipynb")
    page = visitor.open(server.url)
    _button(page)
    server.stop()
    _banner(page, "can't be reached")
    voila(notebooks / "small.ipynb", port=server.port)
    _banner(page, "has stopped")


def test_a_connection_that_was_cut_is_said_until_it_is_back(visitor: Visitor, voila: Serve, notebooks: Path) -> None:
    server = voila(notebooks / "small.ipynb")
    with Proxy(server.port) as proxy:
        page = visitor.open(server.via(proxy.port))
        _button(page)
        proxy.cut()
        _banner(page, "can't be reached")
        proxy.restore()
        expect(page.get_by_role("alert")).to_be_hidden(timeout=90_000)
        page.get_by_role("button", name="pressed 0").click()
        _button(page, 1)


# ── as `nbtools label` serves it ────────────────────────────────────────────────


@pytest.fixture(scope="module")
def served(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a small notebook as our own commands do."""
    port, folder = free_port(), tmp_path_factory.mktemp("served")
    command = [sys.executable, "-c", SERVE, str(notebooks / "small.ipynb"), str(port)]
    running = start(command, folder, port=port, ready=READY, env={"XDG_STATE_HOME": str(folder / "state")})
    yield running
    running.stop()


def test_a_closed_tab_ends_its_kernel(visitor: Visitor, served: Server) -> None:
    page = visitor.open(served.url)
    _button(page)
    assert page.title() == f"nbtools · {TITLE}"
    kernels = served.kernels()
    assert len(kernels) == 1
    page.close(run_before_unload=True)
    _wait_gone(kernels)


def test_a_reload_leaves_one_kernel(visitor: Visitor, served: Server) -> None:
    page = visitor.open(served.url)
    _button(page)
    kernels = served.kernels()
    page.reload()
    _button(page)
    _wait_gone(kernels)
    assert len(served.kernels()) == 1
    page.close(run_before_unload=True)
    _wait_gone(served.kernels())
