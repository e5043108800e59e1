"""Pictures of options: read from files once, made small, and kept in the task itself."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbtools.errors import SchemaError
from nbtools.media import HEAD_BYTES, smaller, sniff

SIDE = 160
_AS_IT_IS = 24_000
_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")


def with_pictures(options: Sequence[Any]) -> list[Any]:
    """Return options in which each picture that is a path has become the picture itself.

    Parameters
    ----------
    options : sequence
        As ``ds.task`` takes them.

    Raises
    ------
    SchemaError
        If a file is not there, or no picture.
    """
    return [with_picture(one) for one in options]


def with_picture(one: Any) -> Any:
    """Return an option in which a picture that is a path has become the picture itself; so of all options within it.

    Raises
    ------
    SchemaError
        If a file is not there, or no picture.
    """
    if not isinstance(one, Mapping):
        return one
    found = dict(one)
    if isinstance(found.get("options"), Sequence) and not isinstance(found["options"], str):
        found["options"] = with_pictures(found["options"])
    picture = found.get("picture")
    if isinstance(picture, os.PathLike) or (isinstance(picture, str) and not picture.startswith("data:")):
        found["picture"] = _data_url(Path(picture).expanduser())
    return found


def _data_url(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"the picture {str(path)!r} of an option cannot be read: {error.strerror}") from error
    media = sniff(data[:HEAD_BYTES])
    media_type = media.media_type if media is not None else None
    if media_type not in _TYPES or len(data) > _AS_IT_IS:
        media_type, data = "image/jpeg", _smaller(path, data)
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def _smaller(path: Path, data: bytes) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as opened:
            image = smaller(ImageOps.exif_transpose(opened), SIDE).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise SchemaError(f"the picture {str(path)!r} of an option is no image that can be read: {error}") from error
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return stream.getvalue()
