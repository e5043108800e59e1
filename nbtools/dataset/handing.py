"""What a dataset hands on: a report to look at."""

from __future__ import annotations

import os
from pathlib import Path

from nbtools.dataset.core import Core
from nbtools.dataset.describing import about


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
