/** The rules of `form`: which fields are asked, and what is said of them. The same as the kernel's. Pure. */

import type { Json, Option, Task, Value } from "../protocol.ts";

export interface Field {
  readonly task: Task;
  /** Asked only if each of these earlier fields holds one of the values. */
  readonly when: { readonly [name: string]: readonly Json[] };
  readonly required: boolean;
}

export type Said = { readonly [name: string]: Json };

const isSaid = (value: Json | undefined): value is Said =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: Json | undefined): string | null => (typeof value === "string" ? value : null);

/** What a value says, by field. */
export const saidIn = (value: Value): Said => (isSaid(value) ? value : {});

/** The fields of a form, each as a task of its own. */
export function fieldsOf({ settings, schema }: Task): readonly Field[] {
  const fields = settings["fields"];
  return (Array.isArray(fields) ? fields : [])
    .filter(isSaid)
    .map(({ name, kind, title, options, when, required, ...rest }) => ({
      task: {
        name: String(name),
        kind: String(kind),
        schema,
        title: textOf(title),
        options: (Array.isArray(options) ? options : []).filter(isSaid).flatMap(optionOf),
        settings: rest,
      },
      when: isSaid(when)
        ? Object.fromEntries(Object.entries(when).map(([each, values]) => [each, listed(values)]))
        : {},
      required: required !== false,
    }));
}

const listed = (values: Json): readonly Json[] => (Array.isArray(values) ? values : [values]);

/** An option that can be chosen. */
function optionOf({ id, name, key, color, description, retired, group, picture }: Said): Option[] {
  const image = textOf(picture);
  const option = {
    id: String(id),
    name: textOf(name) ?? String(id),
    key: textOf(key),
    color: textOf(color),
    description: textOf(description),
    group: textOf(group),
    picture: image?.startsWith("data:image/") === true ? image : null,
  };
  return retired === true ? [] : [option];
}

/** Whether a field is asked, by what was said of those before it; of several options chosen one is enough. */
export const asked = ({ when }: Pick<Field, "when">, said: Said): boolean =>
  Object.entries(when).every(([name, wanted]) => {
    const found = said[name] ?? null;
    return listed(found).some((one) => one !== null && wanted.includes(one));
  });

/** What a value says of the fields that are asked, in their order; of the others it says nothing. */
export function visible(fields: readonly Field[], value: Value): Said {
  const given = saidIn(value);
  const said: Record<string, Json> = {};
  for (const field of fields) {
    const mine = given[field.task.name] ?? null;
    if (mine !== null && asked(field, said)) said[field.task.name] = mine;
  }
  return said;
}

/** The fields that are asked now. */
export const askedOf = (fields: readonly Field[], value: Value): readonly Field[] => {
  const said = visible(fields, value);
  return fields.filter((field) => asked(field, said));
};

/** A value with one field's changed; `null` where nothing is left. */
export function changed(fields: readonly Field[], value: Value, name: string, one: Value): Value {
  const next = visible(fields, { ...saidIn(value), [name]: one });
  return Object.keys(next).length === 0 ? null : next;
}

/** What a field is called. */
export const titleOf = ({ task }: Field): string => task.title ?? task.name.replace(/_/gu, " ");
