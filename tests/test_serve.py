"""Dashboards are served at one address, to this machine alone, and nothing is left behind."""

from __future__ import annotations

import html
import http.client
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

import nbtools
from nbtools import serve
from nbtools.errors import ServeError
from nbtools.serve import places, ports
from tests.browser.pages import write_notebook
from tests.browser.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
SHOW = """
import os
print({name: value for name, value in sorted(os.environ.items()) if name.startswith("NBTOOLS_")})
"""
# Tests that run in the background of a shell have inherited that SIGINT is ignored.
SERVE = """
import signal
import sys
from pathlib import Path
from unittest import mock
from nbtools import serve
signal.signal(signal.SIGINT, signal.default_int_handler)
notebook, port, task = sys.argv[1:]
with mock.patch.object(serve, "find_notebook", lambda name: Path(notebook)):
    shown = serve.Dashboard("small", Path(notebook).parent, "Birds & <bees>", task=task or None, annotator="anna")
    serve.serve_dashboard(shown, port=int(port), open_browser=False, say=lambda text: print(text, flush=True))
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the variables under which servers are started: nothing of the person's own."""
    folder = tmp_path_factory.mktemp("surroundings")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NBTOOLS_")}
    own = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    return {**kept, **own, "XDG_STATE_HOME": str(folder / "state"), "NBTOOLS_ROOT": "/", "NBTOOLS_TASK": "stale"}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notebooks") / "small.ipynb"
    (path.parent / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return write_notebook(path, [SHOW])


@pytest.fixture(scope="module")
def start(notebook: Path, surroundings: dict[str, str]) -> Iterator[Start]:
    """Start a server as our commands do; all are ended after the tests."""
    started: list[subprocess.Popen[str]] = []

    def begin(port: int, task: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SERVE, str(notebook), str(port), task]
        process = subprocess.Popen(
            command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def port(start: Start) -> int:
    """Return the port of a server that runs through this file's tests."""
    chosen = free_port()
    assert f"http://127.0.0.1:{chosen}/" in _line(start(chosen))
    return chosen


@pytest.fixture(scope="module")
def page(port: int) -> tuple[http.client.HTTPResponse, str]:
    """Return the served page: its answer and its text."""
    return _get(port, "/")


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def _below(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def _assert_gone(processes: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(processes, timeout=30)
    assert left == []


# ── where things lie ────────────────────────────────────────────────────────────


def test_a_notebook_is_found_in_the_checkout() -> None:
    assert serve.find_notebook("annotate") == ROOT / "notebooks" / "annotate.ipynb"


def test_an_installed_notebook_is_found_below_the_prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nbtools, "__file__", str(tmp_path / "lib" / "nbtools" / "__init__.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    installed = tmp_path / "share" / "nbtools" / "notebooks" / "annotate.ipynb"
    with pytest.raises(ServeError, match=re.escape(str(installed))):
        serve.find_notebook("annotate")
    installed.parent.mkdir(parents=True)
    installed.write_text("{}")
    (tmp_path / "share" / "nbtools" / "voila.json").write_text("{}")
    assert places.checkout() is None
    assert serve.find_notebook("annotate") == installed
    assert places.config_folder() == tmp_path / "share" / "nbtools"


def test_no_python_lies_below_voila() -> None:
    # It would be imported in the place of Voilà by whoever starts Python in the checkout.
    assert [path for path in (ROOT / "voila").rglob("*") if path.suffix in {".py", ".pyc"}] == []


def test_each_notebook_names_template_and_theme_and_is_small() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        metadata = json.loads(path.read_text())["metadata"]
        assert metadata["voila"] == {"template": "nbtools", "theme": "light"}, path.name
        assert metadata["title"].startswith("nbtools · "), path.name
        assert path.stat().st_size < 10_000, path.name


# ── the port ────────────────────────────────────────────────────────────────────


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> serve.Dashboard:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return serve.Dashboard("annotate", tmp_path, "Birds")


def test_a_port_of_another_program_is_left_to_it(mine: serve.Dashboard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {taken} is taken by another program.*--port"):
            serve.serve_dashboard(mine, port=taken)


def test_a_note_that_was_left_behind_is_not_believed(mine: serve.Dashboard) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        taken = other.server_address[1]
        with ports.recorded(ports.Running(1, str(mine.dataset), None, "annotate"), taken):
            assert ports.holder(taken) is None
        other.shutdown()
        thread.join()


def test_another_order_is_another_page() -> None:
    one = ports.Running(1, "birds", "species", "annotate", "shuffled")
    assert one.shows_same(ports.Running(2, "birds", "species", "annotate", "shuffled"))
    assert not one.shows_same(ports.Running(1, "birds", "species", "annotate"))


@pytest.mark.parametrize("wrong", [-1, 70_000])
def test_what_is_no_port_is_refused(mine: serve.Dashboard, wrong: int) -> None:
    with pytest.raises(ServeError, match=f"{wrong} is no port"):
        serve.serve_dashboard(mine, port=wrong)


def test_a_second_time_joins_the_first(port: int, start: Start, notebook: Path) -> None:
    again = start(port)
    said, _ = again.communicate(timeout=30)
    assert again.returncode == 0
    assert "served already" in said
    other = start(port, "species")
    said, _ = other.communicate(timeout=30)
    assert other.returncode == 1
    assert f"taken by another page of {notebook.parent}, with another task or order" in said


# ── what a visitor gets ─────────────────────────────────────────────────────────


def test_the_title_is_the_datasets_name_as_text(page: tuple[http.client.HTTPResponse, str]) -> None:
    assert "<title>nbtools · Birds &amp; &lt;bees&gt;</title>" in page[1]


def test_the_kernel_knows_the_dataset_and_its_one_person(
    page: tuple[http.client.HTTPResponse, str], notebook: Path
) -> None:
    found = re.search(r"\{'NBTOOLS_[^}]*\}", html.unescape(page[1]))
    assert found is not None
    wanted = {"NBTOOLS_ANNOTATOR": "anna", "NBTOOLS_DATASET": str(notebook.parent), "NBTOOLS_SINGLE_USER": "1"}
    assert found[0] == str(wanted)


def test_the_page_may_not_be_framed_nor_reach_elsewhere(page: tuple[http.client.HTTPResponse, str]) -> None:
    headers = page[0].headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_sets_the_cookie_by_which_it_can_end_its_kernel(page: tuple[http.client.HTTPResponse, str]) -> None:
    assert any(cookie.startswith("_xsrf=") for cookie in page[0].headers.get_all("Set-Cookie", []))


def test_a_foreign_name_for_this_machine_is_refused(port: int) -> None:
    for name in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:1"):
        answer, text = _get(port, "/", Host=name)
        assert answer.status == 403, name
        assert "jupyter-config-data" not in text
    answer, _ = _get(port, "/api/kernels/00000000-0000-0000-0000-000000000000", Host=f"localhost:{port}")
    assert answer.status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/picture.svg",
        "/voila/files/small.ipynb",
        "/voila/files/../../etc/passwd",
        "/voila/static/../../../../etc/passwd",
        "/voila/templates/nbtools/static/../conf.json",
        "/voila/templates/nbtools/static/..%2f..%2f..%2fvoila.json",
    ],
)
def test_no_file_is_served(port: int, path: str) -> None:
    answer, text = _get(port, path)
    assert answer.status >= 400, text


def test_neither_kernels_nor_files_can_be_listed(port: int) -> None:
    for path in ("/api/kernels", "/api/contents", "/api/sessions", "/api/terminals", "/voila/api/contents/"):
        answer, _ = _get(port, path)
        assert answer.status in {302, 403, 404}, path


# ── what is left behind ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_nothing_is_left(start: Start, how: signal.Signals) -> None:
    chosen = free_port()
    process = start(chosen)
    _line(process)
    _get(chosen, "/")
    below = _below(process)
    assert any("ipykernel_launcher" in each.cmdline() for each in below)
    process.send_signal(how)
    process.wait(60)
    assert process.returncode == (-how if how == signal.SIGKILL else 0)
    _assert_gone(below)
    assert ports.is_free(chosen)


def test_a_server_that_ends_by_itself_is_an_error(start: Start) -> None:
    chosen = free_port()
    process = start(chosen)
    _line(process)
    for each in _below(process):
        each.kill()
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ended by itself" in said


def test_what_keeps_the_server_from_starting_is_an_error(
    mine: serve.Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "find_notebook", lambda _: mine.dataset / "none.ipynb")
    with pytest.raises(ServeError, match="before it could answer"):
        serve.serve_dashboard(mine, port=free_port())
