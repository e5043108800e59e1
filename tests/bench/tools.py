"""The tools that are measured beside each other: their notebooks, and how to press, watch and read back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import NamedTuple

from playwright.async_api import Page

from tests.browser.pages import write_notebook
from tests.browser.servers import Server

OPTIONS = [f"label {letter}" for letter in "abcde"]

_PIGEON = """
import json, os, signal, pathlib
from IPython.display import Image, display
from pigeon import annotate

files = sorted(pathlib.Path({items!r}).iterdir())
show = (lambda f: print(f.read_text())) if {kind!r} == "text" else (lambda f: display(Image(filename=str(f))))
labels = annotate(files, options={options!r}, include_skip=False, display_fn=show)

def save(*_):
    out = pathlib.Path({out!r})
    out.with_suffix(".part").write_text(json.dumps([[f.stem, label] for f, label in labels]))
    out.with_suffix(".part").rename(out)
_ = signal.signal(signal.SIGUSR1, save)
"""
_OURS = """
import nbtools as nb
nb.Labeler(nb.Dataset({dataset!r}), "letter", annotator={annotator!r})
"""
_PIGEON_KEYS = {
    "text": "() => [...document.querySelectorAll('.jp-OutputArea-output pre')].at(-1)?.textContent || null",
    "image": "() => [...document.querySelectorAll('.jp-OutputArea-output img')].at(-1)?.src ?? null",
}


class Kept(NamedTuple):
    """One label that was kept; `at`, seconds since the epoch, is when it was given, where the tool says so."""

    item: int
    label: str
    at: float | None = None


@dataclass
class Tool:
    """A tool with items of one kind.

    Attributes
    ----------
    name, kind : str
        ``pigeon`` or ``nbtools``; ``text`` or ``image``.
    notebook : Path
        What shows it.
    key : str
        JavaScript that tells the shown item from the next.
    button : str
        A selector for the button of an option, by its number from 1.
    """

    name: str
    kind: str
    notebook: Path
    key: str
    button: str

    def stored(self, server: Server) -> list[Kept]:
        """Return what the tool has kept, in order."""
        raise NotImplementedError

    async def settled(self, page: Page) -> None:
        """Wait until nothing is on its way to the kernel."""


class Pigeon(Tool):
    """pigeon-jupyter, which keeps its labels in the kernel's memory."""

    def __init__(self, folder: Path, kind: str, items: Path) -> None:
        self._out = folder / f"pigeon-{kind}.json"
        code = _PIGEON.format(items=str(items), kind=kind, options=OPTIONS, out=str(self._out))
        notebook = write_notebook(folder / f"pigeon-{kind}.ipynb", [code])
        super().__init__("pigeon", kind, notebook, _PIGEON_KEYS[kind], "button.jupyter-button >> nth={}")

    def stored(self, server: Server) -> list[Kept]:
        """Ask the kernel, by a signal, to write down what it holds."""
        self._out.unlink(missing_ok=True)
        os.kill(server.kernel().pid, signal.SIGUSR1)
        pause, end = Event(), time.monotonic() + 10
        while not self._out.exists() and time.monotonic() < end:
            pause.wait(0.02)
        return [Kept(int(stem), label) for stem, label in json.loads(self._out.read_text())]


class Ours(Tool):
    """nbtools' Labeler, whose labels are read from the files that it leaves."""

    def __init__(self, folder: Path, kind: str, items: Path, annotator: str) -> None:
        self.dataset = _dataset(folder / f"dataset-{kind}", items)
        self.annotator = annotator
        code = _OURS.format(dataset=str(self.dataset), annotator=annotator)
        notebook = write_notebook(folder / f"{annotator}-{kind}.ipynb", [code])
        key = "() => document.querySelector('.nbt-item')?.dataset.itemId || null"
        super().__init__("nbtools", kind, notebook, key, ".nbt-option >> nth={}")

    def stored(self, server: Server) -> list[Kept]:
        """Read the log of acts, and find items by the hash of their bytes."""
        items = sorted((self.dataset / "raw").iterdir())
        numbers = {hashlib.sha256(path.read_bytes()).hexdigest()[:32]: int(path.stem) for path in items}
        logs = (self.dataset / "metadata" / "labels" / "letter").glob("*.jsonl")
        acts = [json.loads(line) for log in logs for line in log.read_bytes().splitlines()]
        mine = [act for act in acts if act["type"] == "label" and act["annotator"] == self.annotator]
        return [
            Kept(numbers[act["item"]], act["value"], dt.datetime.fromisoformat(act["sent_at"]).timestamp())
            for act in sorted(mine, key=lambda act: act["act"])
        ]

    async def settled(self, page: Page) -> None:
        """Wait until every act is acknowledged."""
        await page.wait_for_selector(".nbt-status[data-unsaved='0']", state="attached")


def _dataset(folder: Path, items: Path) -> Path:
    from nbtools.dataset import Dataset

    if not folder.exists():
        (folder / "raw").mkdir(parents=True)
        for path in sorted(items.iterdir()):
            os.link(path, folder / "raw" / path.name)
        dataset = Dataset.create(folder)
        dataset.ingest()
        dataset.task("letter", kind="choice", options=OPTIONS)
    return folder
