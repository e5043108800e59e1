"""The SplitBuilder: a split is seen before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from nbtools.errors import MessageError, SplitError
from nbtools.versions.choice import control, python_line
from nbtools.widgets import greetings
from nbtools.widgets import splitmessages as messages
from nbtools.widgets.envelope import Parsers
from nbtools.widgets.identity import identify
from nbtools.widgets.jobs import Progress
from nbtools.widgets.newest import Newest
from nbtools.widgets.overversions import OverVersions
from nbtools.widgets.pairs import Pairs

if TYPE_CHECKING:
    from nbtools.dataset import Dataset
    from nbtools.versions.previews import Preview, Previews


class SplitBuilder(OverVersions):
    """Choose how a version is split, see what comes of it, and save it.

    Parameters
    ----------
    ds : Dataset
        The dataset.
    read_only : bool, optional
        Whether no split can be saved from the page. ``NBTOOLS_READ_ONLY=1`` in the
        environment says so unless given.
    **options : object
        `layout`, `tooltip` and `tabbable`, as of any widget.

    Raises
    ------
    TypeError
        If a keyword is unknown (the nearest known one is named), or `ds` is no dataset.

    Examples
    --------
    >>> nbtools.SplitBuilder(ds)  # doctest: +SKIP
    """

    _bundle: ClassVar[str] = "splits.js"
    _parsers: ClassVar[Parsers] = messages.PARSERS

    def __init__(self, ds: Dataset, read_only: bool | None = None, **options: object) -> None:  # noqa: FBT001 -- as any option of a widget
        self._take(ds, read_only)
        self._author = identify().name
        self._previews: dict[str, Previews] = {}
        self._shown: Preview | None = None
        self._pairs = Pairs(ds)
        self._newest = Newest(self._tell)
        super().__init__(**options)

    def _answered(self, message: messages.Message) -> None:
        match message:
            case greetings.Open():
                self._say("opened", **self._opened())
            case greetings.Ping():
                self._say("pong")
            case messages.GetVersion(request=request, version=version):
                self._say("version", request=request, **self._version(version))
            case messages.GetPreview(request=request, number=number):
                said = self._newest.begin(number, lambda progress: self._preview(message, progress))
                self._say("progress", request=request, number=number, **said)
            case messages.GetProgress(request=request, number=number, cancel=cancel):
                if cancel:
                    self._newest.cancel()
                self._say("progress", request=request, number=number, **self._newest.said(number))
            case messages.GetPairs():
                self._send_pairs(message)
            case _:
                self._answered_job(message)

    def _answered_job(self, message: messages.Save | messages.GetJob) -> None:
        match message:
            case messages.Save(request=request, job=job):
                if self._read_only:
                    raise MessageError("this page is read-only: no split can be saved from it")
                said = self._jobs.start(job, lambda _: self._save(message)).said
                self._say("job", request=request, job=job, **said)
            case messages.GetJob(request=request, job=job):
                self._say("job", request=request, job=job, **self._jobs.get(job).said)

    def _opened(self) -> dict[str, Any]:
        versions = [
            {"name": one.name, "items": one.counts.get("items", 0), "message": one.message}
            for one in self._ds.versions()
        ]
        dataset = {"id": self._ds.id, "name": self._ds.name}
        return {"dataset": dataset, "versions": versions, "read_only": self._read_only}

    def _version(self, name: str) -> dict[str, Any]:
        previews = self._previews_of(name)
        names = [split for version in self._ds.versions() for split in version.splits]
        told = {"columns": previews.columns, "times": previews.times, "items": previews.items.num_rows}
        return {"version": name, **told, **self._decided(name), "splits": names}

    def _decided(self, name: str) -> dict[str, Any]:
        """Return what was decided of pairs with the newest split of a version, unless it is too much for a page."""
        splits = self._ds.version(name).splits
        split = self._ds.split(splits[-1]) if splits else None
        if split is None or max(len(split.links), len(split.dismissed)) > messages.MAX_DECIDED:
            return {"linked": [], "dismissed": []}
        return {"linked": [list(pair) for pair in split.links], "dismissed": [list(pair) for pair in split.dismissed]}

    def _previews_of(self, name: str) -> Previews:
        from nbtools.versions.previews import Previews

        if name not in self._previews:
            record = self._ds.version(name).record
            ranked = self._ds._ranked  # noqa: SLF001 -- a part of the dataset
            # One is enough: a version of a million items takes its room.
            self._previews = {name: Previews(self._ds._folder, record, self._ds.file, ranked)}  # noqa: SLF001 -- a part of the dataset
        return self._previews[name]

    def _preview(self, message: messages.GetPreview, progress: Progress) -> Mapping[str, Any]:
        from nbtools.versions.outlook import compared, outlook

        wanted = message.wanted
        line = python_line(str(self._ds.path), message.version, wanted)
        try:
            previews = self._previews_of(message.version)
            preview = previews.plan(wanted.wanted(), progress, look=message.look)
            said = outlook(preview)
            against = message.against
            if against is not None:
                said["compared"] = compared(preview, against, previews.assignments(self._ds.split(against).record))
        except SplitError as error:
            return {"refused": str(error)[:1_000], "of": control(str(error), wanted), "line": line}
        self._shown = preview
        return {**said, "line": line}

    def _tell(self, number: int, result: Mapping[str, Any]) -> None:
        self._say("preview", number=number, result=result)

    def _send_pairs(self, message: messages.GetPairs) -> None:
        shown = self._shown
        if shown is None or shown.near is None:
            raise MessageError("nobody has looked for near-duplicates yet")
        total, pairs, buffers = self._pairs.page(
            shown, message.start, message.count, anew=message.anew, pictures=message.pictures
        )
        self._say("pairs", buffers, request=message.request, start=message.start, total=total, pairs=pairs)

    def _save(self, message: messages.Save) -> Mapping[str, Any]:
        version = self._ds.version(message.version)
        before = version.splits
        plan = message.wanted.plan(version)
        split = plan.save(message.message.strip(), confirm=message.confirm, author=self._author)
        return {"name": split.name, "made": split.name not in before, "message": split.message}
