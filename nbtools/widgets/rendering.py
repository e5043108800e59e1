"""`display_fn=`: what it shows of an example, turned into content.

pigeon's function displays or prints, and what it returns counts for nothing. Here what
it returns is shown where it has shown nothing else: a function that forgets to display
leaves no empty page.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.formatters import DisplayFormatter
from IPython.core.getipython import get_ipython
from IPython.display import display

from nbtools.widgets.capturing import Bundle, captured
from nbtools.widgets.content import MAX_BUFFER, Content, failed, of_html, of_image, of_text, stacked
from nbtools.widgets.display import to_content

_IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp")
_TEXTS = ("text/markdown", "text/latex", "text/plain")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_WIDGET = "application/vnd.jupyter.widget-view+json"


def rendered(display_fn: Callable[[Any], object], example: Any) -> Content:
    """Return what a function shows of an example.

    Parameters
    ----------
    display_fn : callable
        As pigeon takes it; ``IPython.display.display`` shows the example itself.
    example : object
        The example.

    Notes
    -----
    Whatever the function raises is raised; the caller makes it the error of this one
    example.
    """
    if display_fn is display and isinstance(example, str):
        # Its repr, with quotes and \n, is what a notebook shows; a person wants to read the text.
        return of_text(example)
    before = _figures()
    with captured() as kept:
        value = display_fn(example)
    parts = [content_of(output) for output in kept.outputs]
    parts += [to_content(figure) for figure in _opened_since(before)]
    if not parts and value is not None:
        parts = [_returned(value)]
    # It may be shown elsewhere: whoever called it so knows what is labeled.
    return stacked(parts) if parts else of_text("display_fn shows nothing of this example here")


def content_of(bundle: Bundle) -> Content:
    """Return one output of a notebook as content: its best form that can be shown without running anything.

    Parameters
    ----------
    bundle : mapping of media type to data
        As a display message has it; images are in base64 there.
    """
    for media_type in _IMAGES:
        if media_type in bundle:
            return _image(bundle[media_type], media_type)
    if "image/svg+xml" in bundle:
        return _sized(_joined(bundle["image/svg+xml"]).encode(), "image/svg+xml")
    if _WIDGET in bundle:
        return failed("display_fn showed a widget, which cannot be made ahead: let it show text, HTML or an image")
    if "text/html" in bundle:
        html = _joined(bundle["text/html"])
        if len(html) > MAX_BUFFER:
            return failed(f"HTML of {len(html):,} characters is too large to show; at most {MAX_BUFFER:,}")
        return of_html(html)
    text = next((bundle[media_type] for media_type in _TEXTS if media_type in bundle), None)
    if text is None:
        return failed(f"display_fn showed {', '.join(bundle) or 'nothing'}: let it show text, HTML or an image")
    return of_text(_ANSI.sub("", _joined(text)))


def _image(data: Any, media_type: str) -> Content:
    try:
        return _sized(base64.b64decode(data) if isinstance(data, str) else bytes(data), media_type)
    except (binascii.Error, TypeError) as error:
        return failed(f"display_fn showed {media_type} that is none: {error}")


def _sized(data: bytes, media_type: str) -> Content:
    if len(data) > MAX_BUFFER:
        return failed(f"an image of {len(data):,} bytes is too large to show; at most {MAX_BUFFER:,}")
    return of_image(data, media_type)


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _returned(value: Any) -> Content:
    try:
        return to_content(value)
    except (TypeError, ValueError):
        shell: Any = get_ipython()
        formatter = DisplayFormatter() if shell is None else shell.display_formatter
        with captured() as kept:
            # An object may display itself rather than say what it looks like.
            bundle, _ = formatter.format(value)
        outputs = [*kept.outputs, *([bundle] if bundle else [])]
        return stacked([content_of(output) for output in outputs]) if outputs else of_text(str(value))


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set() if pyplot is None else set(pyplot.get_fignums())


def _opened_since(before: set[int]) -> list[Any]:
    # Left open, it would be drawn below the cell once the message is worked off, and never be closed.
    pyplot = sys.modules.get("matplotlib.pyplot")
    return [] if pyplot is None else [pyplot.figure(number) for number in sorted(set(pyplot.get_fignums()) - before)]
