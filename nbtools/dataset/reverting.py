"""Takes back acts by appending their reverse; nothing is ever removed from the log."""

from __future__ import annotations

import hashlib

from nbtools.dataset.core import Core
from nbtools.dataset.inbox import now
from nbtools.dataset.recording import Recorded
from nbtools.errors import LabelError
from nbtools.labels.act import Act
from nbtools.labels.current import before, distinct, resolve
from nbtools.storage import new_ulid
from nbtools.store.log import ITEMS

_OPPOSITE = {"exclude": "include", "include": "exclude"}


def revert(ds: Core, act: object) -> Recorded:
    """Take back an act, or all acts of one call.

    Raises
    ------
    LabelError
        If there is no such act.
    NotSavedError
        If the disk refuses.
    """
    wanted = act if isinstance(act, str) and act.isascii() else ""
    found = ds._index.act(wanted)
    acts = [found] if found is not None else ds._index.bulk(wanted)
    if not acts:
        raise LabelError(f"there is no act {act!r}: ds.history() lists them, with the bulk acts that they are part of")
    if any(one.type == "schema" for one in acts):
        raise LabelError("a change of a task is not reverted but made again: call ds.task with what is to hold")
    # Reverted twice it is reverted once: the reverse of an act has an id of its own.
    bulk = new_ulid()
    made = [_reverse_of_label(ds, one, bulk) if one.type == "label" else _reverse(ds, one, bulk) for one in acts]
    new = [one for one in made if one is not None]
    for place in sorted({_place(one) for one in new}):
        ds._log.append(place, [one for one in new if _place(one) == place])
    return Recorded(bulk if new else None, len(new), len(acts) - len(new))


def _place(act: Act) -> str:
    return act.task or ITEMS


def _reverse_of_label(ds: Core, act: Act, bulk: str) -> Act | None:
    acts: dict[str, Act] = distinct(ds._index.acts(act.task or "", act.item or "", act.annotator or ""))
    head, _ = resolve(acts.values())
    if head is None or head.act != act.act:
        return None
    answer = before(acts, act.act)
    return Act(
        act=_id(act),
        task=act.task,
        schema=act.schema,
        item=act.item,
        annotator=act.annotator,
        identity="python",
        value=answer.value,
        status=answer.status,
        flagged=answer.flagged,
        unsure=answer.unsure,
        comment=answer.comment,
        origin=act.origin,
        supersedes=act.act,
        undoes=act.act,
        received_at=now(),
        bulk=bulk,
    )


def _reverse(ds: Core, act: Act, bulk: str) -> Act | None:
    out = (act.item or "") in ds._index.excluded()
    if out != (act.type == "exclude") or ds._index.act(_id(act)) is not None:
        return None
    return Act(
        act=_id(act), type=_OPPOSITE[act.type], item=act.item, identity="python", undoes=act.act,
        received_at=now(), bulk=bulk,
    )  # fmt: skip


def _id(act: Act) -> str:
    return "revert-" + hashlib.sha256(act.act.encode()).hexdigest()[:32]
