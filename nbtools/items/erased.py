"""What was erased on request: the list by which nothing that was erased comes back.

Each erasure leaves two files in ``metadata/erased/``. ``<ulid>.json`` says when and
why, and holds a keyed hash of each id: it says nothing to who has no key, and may lie
in git. ``private/<ulid>.json`` holds the key and the ids; it is readable by the owner
alone, and git does not take it. A version from which something was erased has a file
``erased-<ulid>.json`` like the first.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbtools.errors import ErasedError
from nbtools.storage import Folder, new_ulid

ERASED = "metadata/erased"
PRIVATE = f"{ERASED}/private"
FORMAT = 1
_NAME = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}\.json")
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure.

    Attributes
    ----------
    name : str
        Its ULID.
    at, reason : str
        When (RFC 3339, UTC) and why.
    key : bytes
        What the hashes are keyed with.
    ids : frozenset of str
        The items.
    sizes : frozenset of int
        How many bytes their raw files had, by which they are found where they come again.
    """

    name: str
    at: str
    reason: str
    key: bytes
    ids: frozenset[str]
    sizes: frozenset[int] = frozenset()

    def hashed(self, ids: Iterable[str]) -> list[str]:
        """Return the keyed hashes of some ids, sorted."""
        return sorted(hmac.new(self.key, one.encode(), hashlib.sha256).hexdigest() for one in ids)

    def told(self, ids: Iterable[str] | None = None, **more: object) -> bytes:
        """Return what is said of it to everybody, as JSON: hashes, time, reason."""
        items = self.hashed(self.ids if ids is None else ids)
        said = {"format": FORMAT, "at": self.at, "reason": self.reason, "items": items, **more}
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


class Blocked(Mapping[str, Erasure]):
    """The erased items, by id.

    Parameters
    ----------
    erasures : iterable of Erasure
        In their order.
    """

    def __init__(self, erasures: Iterable[Erasure] = ()) -> None:
        self.erasures = tuple(erasures)
        self._by_id = {one: erasure for erasure in self.erasures for one in erasure.ids}

    def __getitem__(self, item: str) -> Erasure:
        """Return by what an item was erased."""
        return self._by_id[item]

    def __iter__(self) -> Any:
        """Iterate over the ids."""
        return iter(self._by_id)

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self._by_id)

    def why(self, item: str) -> str:
        """Return in words that an item was erased, and why."""
        erasure = self._by_id[item]
        return f"erased on request on {erasure.at[:10]}: {erasure.reason}"


def read_blocked(folder: Folder) -> Blocked:
    """Return what was erased from a dataset.

    Raises
    ------
    ErasedError
        If it cannot be known, because a key is missing or cannot be read: then
        nothing may be taken in.
    """
    return Blocked(_read(folder, name) for name in _names(folder))


def add_erasure(folder: Folder, ids: Iterable[str], sizes: Iterable[int], reason: str) -> Erasure:
    """Note an erasure, before anything is erased; it is on the disk on return.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    erasure = Erasure(new_ulid(), at, reason, secrets.token_bytes(32), frozenset(ids), frozenset(sizes))
    save_erasure(folder, erasure)
    return erasure


def save_erasure(folder: Folder, erasure: Erasure) -> None:
    """Write what is not written yet of an erasure; the private part first.

    Raises
    ------
    NotSavedError
        If the disk refuses.
    """
    secret: dict[str, Any] = {"format": FORMAT, "at": erasure.at, "reason": erasure.reason, "key": erasure.key.hex()}
    text = json.dumps(
        secret | {"ids": sorted(erasure.ids), "sizes": sorted(erasure.sizes)}, ensure_ascii=False, indent=1
    )
    private, public = f"{PRIVATE}/{erasure.name}.json", f"{ERASED}/{erasure.name}.json"
    _ignore(folder)
    if not folder.exists(private):
        folder.create(private, text.encode() + b"\n", mode=0o660)
    if not folder.exists(public):
        folder.create(public, erasure.told())


def _ignore(folder: Folder) -> None:
    # Older datasets have a .gitignore that does not know of this folder.
    if not folder.exists(f"{ERASED}/.gitignore"):
        folder.replace(f"{ERASED}/.gitignore", b"private/\n")


def _names(folder: Folder) -> list[str]:
    names = {*folder.sizes(ERASED, ".json"), *folder.sizes(PRIVATE, ".json")}
    return sorted(name for name in names if _NAME.fullmatch(name))


def _read(folder: Folder, name: str) -> Erasure:
    place = f"{PRIVATE}/{name}"
    try:
        return _erasure(name.removesuffix(".json"), json.loads(folder.read(place)))
    except FileNotFoundError:
        raise ErasedError(
            f"{folder.root} had items erased on request, and {place}, which says which, is not here (git does not "
            "take it). Bring it from the copy in which they were erased, so that nothing comes back"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise ErasedError(f"{folder.path(place)} cannot be understood: {error}. Bring it back from a backup") from error


def _erasure(name: str, found: Mapping[str, Any]) -> Erasure:
    ids, at, reason = frozenset(found["ids"]), found["at"], found["reason"]
    if not all(isinstance(text, str) for text in (at, reason, *ids)):
        raise TypeError("its time, reason and ids are text")
    if not all(map(_ID.fullmatch, ids)):
        raise ValueError("it holds what is no id")
    sizes = frozenset(int(size) for size in found.get("sizes", ()))
    return Erasure(name, at, reason, bytes.fromhex(found["key"]), ids, sizes)
