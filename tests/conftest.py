"""What every test can use: quiet surroundings and small datasets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.factory import Datasets

MANY = os.environ.get("NBTOOLS_FAULTS") == "many"

hypothesis.settings.register_profile("few", deadline=None, print_blob=True)
hypothesis.settings.register_profile("many", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("many" if MANY else "few")


@pytest.fixture(autouse=True, scope="session")
def _quiet_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a person's settings out of the tests, and the tests out of a person's folders."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("NBTOOLS_") and name not in {"NBTOOLS_BROWSER", "NBTOOLS_FAULTS"}:
                patch.delenv(name)
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        yield


@pytest.fixture
def datasets(tmp_path: Path) -> Datasets:
    """Make small datasets, ingested, below the test's own folder."""
    return Datasets(tmp_path)


@pytest.fixture(scope="session")
def rounds() -> Rounds:
    """Say how often to repeat a fault: a few times, or many in ``make test-faults``."""
    return Rounds()


class Rounds:
    """Picks between the two numbers of rounds that a fault test names."""

    def __call__(self, few: int, many: int) -> int:
        """Return `many` under ``make test-faults`` and else `few`."""
        return many if MANY else few
