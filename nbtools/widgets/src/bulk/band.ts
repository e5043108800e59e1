/** A rubber band: cells that a drag of the mouse touches. A finger scrolls. */

import { h } from "../dom.ts";

const BEGINS_PX = 6;

export function band(scroller: HTMLElement, over: HTMLElement, touched: (positions: number[]) => void): void {
  const box = h("div", { class: "nbt-band", hidden: true, "aria-hidden": "true" });
  over.append(box);
  let from: { readonly x: number; readonly y: number } | null = null;
  let dragging = false;
  scroller.addEventListener("pointerdown", (event) => {
    // A press on the scroll bar is none.
    const inside = event.offsetX < scroller.clientWidth || event.target !== scroller;
    if (event.pointerType === "mouse" && event.button === 0 && inside) from = { x: event.clientX, y: event.clientY };
  });
  scroller.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!dragging && Math.hypot(dx, dy) < BEGINS_PX) return;
    if (!dragging) scroller.setPointerCapture(event.pointerId);
    dragging = true;
    const area = new DOMRect(
      Math.min(from.x, event.clientX),
      Math.min(from.y, event.clientY),
      Math.abs(dx),
      Math.abs(dy),
    );
    const frame = over.getBoundingClientRect();
    box.hidden = false;
    Object.assign(box.style, {
      left: `${area.left - frame.left}px`,
      top: `${area.top - frame.top}px`,
      width: `${area.width}px`,
      height: `${area.height}px`,
    });
    touched(
      [...scroller.querySelectorAll<HTMLElement>("[data-position]")]
        .filter((cell) => overlap(cell.getBoundingClientRect(), area))
        .map((cell) => Number(cell.dataset["position"])),
    );
  });
  const end = (): void => {
    from = null;
    box.hidden = true;
  };
  scroller.addEventListener("pointerup", end);
  scroller.addEventListener("pointercancel", end);
  // The click that ends a drag chooses nothing.
  scroller.addEventListener(
    "click",
    (event) => {
      if (dragging) event.stopPropagation();
      dragging = false;
    },
    { capture: true },
  );
}

const overlap = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
