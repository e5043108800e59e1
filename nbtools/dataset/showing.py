"""What a dataset says of itself in a notebook: what there is, and the next sensible call."""

from __future__ import annotations

import html

from nbtools.dataset.core import Core
from nbtools.errors import NbtoolsError
from nbtools.store.tasks import read_task, task_names

_SHOWN = 6


def describe(ds: Core) -> str:
    """Return a few lines: what there is, and the next sensible call."""
    try:
        ds._index.refresh()
        return "\n".join([f"{ds.name} · {ds.path}", *_lines(ds), f"next: {next_call(ds)}"])
    except NbtoolsError as error:
        return f"{ds.name} · {ds.path}\n{type(error).__name__}: {error}"


def describe_html(ds: Core) -> str:
    """Return the same as HTML, in which nothing from the data is markup."""
    return f"<pre>{html.escape(describe(ds))}</pre>"


def next_call(ds: Core) -> str:
    """Return the call that most likely comes next."""
    names = task_names(ds._folder)
    if ds._index.total() == 0:
        return "ds.ingest()" if _has_raw(ds) else 'ds.add("~/photos"), which copies files into raw/'
    if not names:
        return 'ds.task("species", kind="choice", options=["jay", "rook"])'
    return f'nbtools.Labeler(ds, "{names[0]}")'


def _lines(ds: Core) -> list[str]:
    count, out = ds._index.count(), ds._index.total() - ds._index.count()
    lines = [f"{count:,} item{'' if count == 1 else 's'}" + (f", {out:,} excluded" if out else "")]
    attributes = ds._index.attributes()
    if attributes:
        lines.append(f"attributes: {', '.join(attributes[:_SHOWN])}{' …' if len(attributes) > _SHOWN else ''}")
    for name in task_names(ds._folder):
        task = read_task(ds._folder, name)
        offered = [option.name for option in task.offered] if task is not None else []
        labeled = ds._index.counts(name).get("labeled", 0)
        listed = f"{', '.join(offered[:_SHOWN])}{' …' if len(offered) > _SHOWN else ''}"
        told = listed or (task.kind if task is not None else "")
        lines.append(f"task {name} ({told}): {labeled:,} label{'' if labeled == 1 else 's'}")
    return lines


def _has_raw(ds: Core) -> bool:
    try:
        return next(ds.raw.iterdir(), None) is not None
    except (OSError, NbtoolsError):
        return False
