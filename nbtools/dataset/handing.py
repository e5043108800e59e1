"""What a dataset hands on: a version as one file, and a report to look at."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from nbtools.dataset.core import Core
from nbtools.dataset.describing import about
from nbtools.dataset.manifest import MANIFEST, OWN_RAW
from nbtools.versions.names import VersionName, find, own_names
from nbtools.versions.record import read_record
from nbtools.versions.version import Version

Progress = Callable[[int, "int | None"], None]


class Handing(Core):
    """What a dataset hands on."""

    def report(self, path: str | os.PathLike[str] = "report.html") -> Path:
        """Write a page that shows the versions, what they hold and how they differ.

        One file of HTML with everything in it: it needs no server, no network and no
        script. The same versions give the same page.

        Parameters
        ----------
        path : str or Path
            The file. A report that is there already is replaced; any other file is not.

        Returns
        -------
        Path
            Where it lies.

        Raises
        ------
        VersionError
            If there is no version yet, or another file is in its place.
        DatasetError
            If a version cannot be read.
        NotSavedError
            If the disk refuses.
        """
        from nbtools.formats.report import write_report

        target = Path(path).expanduser().absolute()
        write_report(self._folder, about(self), self.file, target)
        return target

    def bundle(
        self, version: Version | str, path: str | os.PathLike[str], *, on_progress: Progress | None = None
    ) -> Path:
        """Write a version to one zip file to hand on; unpacked, it opens as a dataset.

        In it are the version with its splits, its items' files, its tasks, and its
        labels under pseudonyms. Not in it: raw data, other items, the history of the
        labels, and who the annotators are. The same version gives the same file.

        Parameters
        ----------
        version : Version or str
            Such as ``v2``; of a split (``v2.1``) the version goes with that split only.
        path : str or Path
            The file. One that is the same already stays, one of the same version from before
            a further split is replaced, and any other is refused.
        on_progress : callable, optional
            Called with the number of files done and of all.

        Returns
        -------
        Path
            Where it lies.

        Raises
        ------
        UnknownVersionError
            If there is no such version.
        VersionError
            If another file is there already.
        DatasetError
            If a file of the version is missing or damaged.
        NotSavedError
            If the disk refuses; nothing is left then.
        """
        from nbtools.formats.bundle import write_bundle

        name = find(self._folder, version if isinstance(version, str) else str(version.record.name))
        names = [name.version, *([name] if name.is_split else self._splits(name))]
        records = [read_record(self._folder, one) for one in names]
        # The raw data stays here: whoever opens the bundle shall not be sent to look for it.
        manifest = json.loads(self._folder.read(MANIFEST)) | {"raw": OWN_RAW}
        text = json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"
        target = Path(path).expanduser().absolute()
        write_bundle(self._folder, about(self), text, records, self.file, target, on_progress)
        return target

    def _splits(self, version: VersionName) -> list[VersionName]:
        return [one for one in own_names(self._folder) if one.is_split and one.version == version]

    def _report_page(self) -> str:
        """Return the page that `report` writes."""
        from nbtools.formats.report import report

        return report(self._folder, about(self), self.file)
