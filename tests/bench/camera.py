"""Which item was on the screen, read from the frames that the browser showed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Self

from PIL import Image
from playwright.async_api import Browser, Page

from tests.bench.material import CELLS, MARK, read

Point = tuple[float, float]

_CATEGORIES = ["blink.user_timing", "disabled-by-default-devtools.screenshot"]

_TEXT_CELLS = """() => {
  const roots = [document];
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.shadowRoot) roots.push(node.shadowRoot);
      const at = node.nodeType === 3 ? node.data.search(/[█▁]{13}/) : -1;
      if (at < 0 || !node.parentElement?.checkVisibility()) continue;
      return Array.from({ length: 13 }, (_, place) => {
        const range = document.createRange();
        range.setStart(node, at + place);
        range.setEnd(node, at + place + 1);
        const box = range.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
      });
    }
  }
  return null;
}"""


@dataclass
class Camera:
    """Films a page; used as an async context manager around the presses.

    The browser's tracing keeps every frame. A screencast would leave out those for
    which it has not been thanked in time, on a busy machine the ones that matter.

    Attributes
    ----------
    frames : list of (float, bytes)
        Seconds since the epoch at which a frame was to be shown, and its JPEG, in order.
    """

    browser: Browser
    page: Page
    points: list[Point]
    frames: list[tuple[float, bytes]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Start filming; returns once the browser keeps frames."""
        await self.browser.start_tracing(page=self.page, screenshots=True, categories=_CATEGORIES)
        await self.page.evaluate("() => performance.mark('camera')")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop filming."""
        events = json.loads(await self.browser.stop_tracing())["traceEvents"]
        origin = await self.page.evaluate("() => performance.timeOrigin") / 1000
        mark = next(event for event in events if event["name"] == "camera")
        # The trace's clock, in microseconds, against the page's.
        offset = mark["ts"] / 1e6 - mark["args"]["data"]["startTime"] / 1000 - origin
        self.frames = sorted(
            (int(event["args"]["expected_display_time"]) / 1e6 - offset, base64.b64decode(event["args"]["snapshot"]))
            for event in events
            if event["name"] == "Screenshot"
        )

    def seen_at(self, moment: float) -> int | None:
        """Return the number on the last frame that was shown before a moment.

        Parameters
        ----------
        moment : float
            Seconds since the epoch.
        """
        before = [data for shown, data in self.frames if shown <= moment]
        # An item may have been on the screen since before the camera ran.
        known = before[-1] if before else self.frames[0][1] if self.frames else None
        return None if known is None else self.number(known)

    def number(self, picture: bytes) -> int | None:
        """Return the number in a picture of the page, or None if there is none to read."""
        image = Image.open(BytesIO(picture)).convert("L")
        size = self.page.viewport_size
        scale = image.width / size["width"] if size else 1
        levels = []
        for x, y in self.points:
            spot = image.crop((int(x * scale) - 1, int(y * scale) - 1, int(x * scale) + 2, int(y * scale) + 2))
            levels.append(sum(spot.tobytes()) / 9)
        return read(levels)


async def find_code(page: Page, kind: str) -> list[Point]:
    """Return where, in pixels of the page, the cells of the shown item's code are.

    Raises
    ------
    RuntimeError
        If no code is on the page.
    """
    if kind == "text":
        points: list[Point] | None = await page.evaluate(_TEXT_CELLS)
    else:
        points = _between_marks(Image.open(BytesIO(await page.screenshot())).convert("RGB"))
    if not points:
        raise RuntimeError("no item with a code is on the page")
    return points


def _between_marks(image: Image.Image) -> list[Point] | None:
    width, height = image.size
    data = image.tobytes()
    marked = [
        (place % width, place // width)
        for place in range(width * height)
        if all(abs(data[3 * place + band] - MARK[band]) < 60 for band in range(3))
    ]
    if not marked:
        return None
    left, right = min(x for x, _ in marked), max(x for x, _ in marked)
    middle = (min(y for _, y in marked) + max(y for _, y in marked)) / 2
    step = (right - left + 1) / (CELLS + 2)
    return [(left + (place + 1.5) * step, middle) for place in range(CELLS)]
