"""Who labels: from the caller or the environment, never from a message about a label."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass

from nbtools.errors import LabelError
from nbtools.labels.names import annotator_name


@dataclass(frozen=True, slots=True)
class Identity:
    """An annotator's name, and how it is known; both None where nobody knows yet.

    Parameters
    ----------
    name : str or None
        The annotator.
    how : str or None
        "python", "verified" or "environment".
    """

    name: str | None
    how: str | None


def is_voila(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this kernel was started by Voilà, for a visitor of a page."""
    return any(name.startswith("VOILA_") for name in environ)


def identify(annotator: str | None = None, environ: Mapping[str, str] = os.environ) -> Identity:
    """Find out who labels in this kernel.

    Parameters
    ----------
    annotator : str, optional
        The name that the notebook gives; it goes before everything else.
    environ : mapping, optional
        The environment; the process's own unless given.

    Returns
    -------
    Identity
        Under Voilà the user that the server verified (``HTTP_X_NBTOOLS_USER``), else
        ``NBTOOLS_ANNOTATOR`` but only beside ``NBTOOLS_SINGLE_USER=1``, else nobody: the
        page then asks. Elsewhere ``NBTOOLS_ANNOTATOR``, else the user of the system.

    Raises
    ------
    LabelError
        If the name given can't be one.
    """
    if annotator is not None:
        return Identity(annotator_name(annotator), "python")
    declared = _clean(environ.get("NBTOOLS_ANNOTATOR", ""))
    if not is_voila(environ):
        name = declared or _clean(_system_user())
        return Identity(name, "environment" if name else None)
    verified = _clean(environ.get("HTTP_X_NBTOOLS_USER", ""))
    if verified:
        return Identity(verified, "verified")
    if declared and environ.get("NBTOOLS_SINGLE_USER") == "1":
        return Identity(declared, "environment")
    return Identity(None, None)


def _clean(name: str) -> str | None:
    try:
        return annotator_name(name)
    except LabelError:
        return None


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return ""
