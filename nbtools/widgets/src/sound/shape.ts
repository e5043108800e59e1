/** A waveform as an SVG path: it takes its color from the style sheet, so that no theme has to be asked. */

const SVG = "http://www.w3.org/2000/svg";

export function svg(name: string): SVGSVGElement {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", name);
  element.setAttribute("preserveAspectRatio", "none");
  element.setAttribute("aria-hidden", "true");
  element.append(document.createElementNS(SVG, "path"));
  return element;
}

/** Show an outline in a box of this width and 2 high. */
export function path(element: SVGSVGElement, d: string, width: number): void {
  element.setAttribute("viewBox", `0 0 ${width} 2`);
  element.firstElementChild?.setAttribute("d", d);
}
