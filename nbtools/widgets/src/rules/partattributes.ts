/** What can be said of each shape or region beside its option. Pure. */

import type { Json, Task } from "../protocol.ts";
import type { Fields } from "./form.ts";

export interface Attribute {
  readonly name: string;
  readonly type: "options" | "text" | "number" | "bool";
  readonly options: readonly string[];
}

/** The attributes that a task declares, in their order. */
export function attributesOf({ settings }: Task): readonly Attribute[] {
  const declared = settings["attributes"];
  if (declared === null || typeof declared !== "object" || Array.isArray(declared)) return [];
  return Object.entries(declared).map(([name, type]) =>
    Array.isArray(type)
      ? { name, type: "options", options: type.map(String) }
      : { name, type: type === "number" || type === "bool" ? type : "text", options: [] },
  );
}

/** With one of them said, or, by `null`, no more. */
export function withAttribute(said: Fields, name: string, value: Json): Fields {
  const { [name]: _, ...others } = said;
  return value === null ? others : { ...others, [name]: value };
}

/** What typed words say; `undefined`: nothing that could be kept. */
export function readAs({ type }: Attribute, typed: string): Json | undefined {
  const text = typed.trim();
  if (text === "") return null;
  if (type !== "number") return text;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : undefined;
}
