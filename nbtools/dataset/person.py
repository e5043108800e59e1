"""Who labels in a session: said once, and never by a label itself."""

from __future__ import annotations

from nbtools.errors import LabelError
from nbtools.labels.names import annotator_name


class Person:
    """One annotator, or nobody yet.

    Parameters
    ----------
    name : str or None
        Who it is; None until `introduce`.
    identity : str or None
        How sure that is: verified, environment, self-declared or python.
    """

    def __init__(self, name: str | None = None, identity: str | None = None) -> None:
        self.name = name
        self.identity = (identity or "python") if name is not None else None

    def introduce(self, name: str) -> None:
        """Say who is labeling; once.

        Raises
        ------
        LabelError
            If that is known already, or is no name.
        """
        if self.name is not None:
            raise LabelError(f"{self.name} is labeling here: to change that, open the page again")
        self.name = annotator_name(name)
        self.identity = "self-declared"

    def describe(self) -> dict[str, str | None] | None:
        """Return the person as the front end has them."""
        return None if self.name is None else {"name": self.name, "identity": self.identity}
