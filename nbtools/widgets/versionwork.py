"""What a VersionBrowser does in the background: see what a freeze would change, freeze, verify, restore, report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtools.errors import MessageError, UnsafePathError
from nbtools.labels.names import annotator_name
from nbtools.versions.names import find
from nbtools.versions.record import Record, read_record
from nbtools.widgets.browsermessages import Start
from nbtools.widgets.checks import shorten
from nbtools.widgets.identity import Identity, is_voila
from nbtools.widgets.jobs import Progress, Work
from nbtools.widgets.places import MARK

if TYPE_CHECKING:
    from nbtools.dataset import Dataset

_MOST_WRONG = 200
_WRITES = ("preview", "freeze", "restore")


class Worker:
    """Makes work of what a page asks for.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    who : Identity
        Who is at the page, as far as that is known.
    read_only : bool
        Whether nothing is to be written.
    environ : mapping, optional
        The environment; the process's own unless given.

    Attributes
    ----------
    made : dict of str to bytes
        The file that a job has made, by the job's id.
    """

    def __init__(self, ds: Dataset, who: Identity, *, read_only: bool, environ: Mapping[str, str] = os.environ) -> None:
        self._ds = ds
        self._who = who
        self._read_only = read_only
        self._environ = environ
        self.made: dict[str, bytes] = {}

    @property
    def person(self) -> str | None:
        """Who a version that is made here is by; None where the page has to ask."""
        return self._who.name

    @property
    def place(self) -> str | None:
        """The folder below which files are restored; None where it may be any."""
        return None if self._anywhere else self._ds.path.parent.name

    @property
    def _anywhere(self) -> bool:
        return not is_voila(self._environ) or self._environ.get("NBTOOLS_SINGLE_USER") == "1"

    def work(self, order: Start) -> Work:
        """Return the work that is asked for, checked as far as it can be before it begins.

        Raises
        ------
        MessageError
            If the page may not ask for it, or not like this.
        """
        if self._read_only and order.do in _WRITES:
            raise MessageError("this page is read-only: nothing can be made from it")
        if order.do in ("verify", "restore") and order.version is None:
            raise MessageError(f"{order.do} names a version")
        if order.do == "preview":
            return lambda _: self._ds._would_freeze(order.truth, order.tasks, order.where)  # noqa: SLF001 -- the page's own way of asking
        if order.do == "freeze":
            return lambda told: self._freeze(order, told)
        if order.do == "verify":
            return lambda told: self._verify(order, told)
        if order.do == "restore":
            destination = self._destination(order.destination)
            return lambda told: self._restore(order, destination, told)
        return lambda _: self._report(order.job)

    def _freeze(self, order: Start, told: Progress) -> dict[str, Any]:
        author = self._who.name or annotator_name(order.author or "")
        done = self._ds._frozen(  # noqa: SLF001 -- without its words, which would land below some cell
            order.message, order.tasks, order.where, order.truth, None, author, told
        )
        return {"version": str(done.record.name), "made": done.made}

    def _verify(self, order: Start, told: Progress) -> dict[str, Any]:
        from nbtools.versions.verify import verify

        folder, record = self._ds._folder, self._record(order)  # noqa: SLF001 -- of splits, too
        found = verify(folder, record, self._ds.file, order.level, told)
        said = found.to_json()
        return {**said, "wrong": said["wrong"][:_MOST_WRONG], "count": len(found.found)}

    def _record(self, order: Start) -> Record:
        folder = self._ds._folder  # noqa: SLF001 -- as above
        return read_record(folder, find(folder, order.version))

    def _restore(self, order: Start, destination: Path, told: Progress) -> dict[str, Any]:
        from nbtools.versions.restore import restore

        folder, record = self._ds._folder, self._record(order)  # noqa: SLF001 -- of splits, too
        done = restore(
            folder, record, self._ds.file, destination, layout=order.layout, target=order.target, on_progress=told
        )
        said = done.to_json()
        return {**said, "failed": said["failed"][:_MOST_WRONG], "count": len(done.failed)}

    def _report(self, job: str) -> dict[str, Any]:
        data = self._ds._report_page().encode("utf-8", "replace")  # noqa: SLF001 -- the page is handed to the browser, no file is written
        # One is enough: whoever wants it again asks again.
        self.made = {job: data}
        return {"bytes": len(data), "name": f"{self._ds.path.name}-report.html"}

    def _destination(self, given: str) -> Path:
        name = given.strip()
        if not name or "\0" in name or "://" in name:
            raise MessageError(f"a folder to restore to, not {shorten(given)}")
        if self._anywhere:
            return Path(name).expanduser().absolute()
        root = self._ds.path.parent.resolve()
        unsafe = name.startswith(("/", "~", ".")) or "\\" in name or ".." in name.split("/")
        path = root if unsafe else (root / name).resolve()
        if unsafe or not path.is_relative_to(root) or path == root:
            raise UnsafePathError(
                f"from this page files are restored below {root.name}: name a folder in it, not {shorten(given)}"
            )
        # Another dataset is not to be added to by a visitor.
        inside = next(
            (one for one in (path, *path.parents) if one.is_relative_to(root) and (one / MARK).exists()), None
        )
        if inside is not None:
            raise UnsafePathError(f"{inside.name} is a dataset: name a folder beside it")
        return path
