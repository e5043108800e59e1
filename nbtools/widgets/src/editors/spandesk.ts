/** The spans of the text on the screen, which of them is chosen, and each change that a press makes of them. */

import type { Press } from "../presented.ts";
import type { Value } from "../protocol.ts";
import * as rules from "../rules/spans.ts";
import type { Place } from "./kind.ts";

export type Part = Omit<rules.Span, "id">;
export const EMPTY: rules.Marking = { hash: null, spans: [], relations: [] };

export class SpanDesk {
  marking = EMPTY;
  /** The span or relation that keys and buttons are about. */
  chosen: string | null = null;
  /** The relation that waits for its other span. */
  begun: { readonly type: string; readonly from: string } | null = null;
  readonly #place: Place;
  readonly #hash: () => string | null;
  #value: Value = null;

  /** `hash`: of the text on the screen; of one whose rest is not here the kernel knows it. */
  constructor(place: Place, hash: () => string | null) {
    this.#place = place;
    this.#hash = hash;
  }

  get span(): rules.Span | null {
    return this.marking.spans.find(({ id }) => id === this.chosen) ?? null;
  }

  /** Whether the spans are those of a text that was there before this one. */
  get stale(): boolean {
    const hash = this.#hash();
    return this.marking.hash !== null && hash !== null && this.marking.hash !== hash;
  }

  draw(value: Value): void {
    if (value !== this.#value) this.marking = rules.markingOf(value);
    this.#value = value;
    if (this.chosen !== null && !rules.holds(this.marking, this.chosen)) this.chosen = null;
    if (this.begun !== null && !rules.holds(this.marking, this.begun.from)) this.begun = null;
  }

  release(): void {
    this.chosen = this.begun = null;
  }

  /** Say that there are none. */
  none(press: Press, pressed: Element | null): void {
    this.#place.label(rules.kept({ ...EMPTY, hash: this.#hash() }), press, pressed);
  }

  add(span: Part, press: Press, pressed: Element | null): boolean {
    return !this.#refused(span, null) && this.#edit(rules.added(this.marking, span), press, pressed, null);
  }

  change(span: rules.Span, change: Partial<Part>, press: Press, pressed: Element | null): boolean {
    const run = change.option === undefined ? `ends of ${span.id}` : null;
    if (this.#refused({ ...span, ...change }, span.id)) return false;
    return this.#edit(rules.changed(this.marking, span.id, change), press, pressed, run);
  }

  /** The first press begins a relation at the chosen span, the second one ends it at another. */
  relate(type: string, press: Press, pressed: Element | null): void {
    const { span, begun } = this;
    if (span === null) this.#place.tell(`choose a span first that “${type}” goes from`);
    else if (begun?.type !== type) this.begun = { type, from: span.id };
    else if (begun.from === span.id) this.begun = null;
    else {
      const next = rules.related(this.marking, { ...begun, to: span.id });
      if (next === this.marking) this.#place.tell("that relation is there already");
      else if (this.#edit(next, press, pressed, null)) this.begun = null;
    }
  }

  /** Remove what is chosen. */
  remove(press: Press, pressed: Element | null): boolean {
    return this.chosen !== null && this.#edit(rules.removed(this.marking, this.chosen), press, pressed, null);
  }

  /** Whether a span cannot be so beside the others, which the person is told. */
  #refused(span: Part, self: string | null): boolean {
    const why = rules.refusal(this.#place.task, this.marking, span, self);
    if (why !== null) this.#place.tell(why);
    return why !== null;
  }

  #edit(marking: rules.Marking | null, press: Press, pressed: Element | null, run: string | null): boolean {
    const hash = this.stale ? this.marking.hash : this.#hash();
    const value = marking === null ? null : rules.kept({ ...marking, hash });
    return this.#place.edit(value, { ...press, repeat: run === null && press.repeat }, pressed, run);
  }
}
