/** Shares that always add up to one: whole tenths of a percent, so that no rounding is left over. */

export const WHOLE = 1000;

export interface Part {
  readonly name: string;
  readonly share: number;
}

/** Give one part a share; the others share the rest in proportion to what they had in `parts`, and keep at least a tenth. */
export function moved(parts: readonly Part[], at: number, share: number): readonly Part[] {
  const others = parts.filter((_, index) => index !== at);
  if (others.length === 0 || !Number.isFinite(share)) return parts;
  const own = Math.min(Math.max(Math.round(share), 1), WHOLE - others.length);
  const rest = dealt(
    others.map((part) => part.share),
    WHOLE - own,
  );
  return parts.map((part, index) => {
    if (index === at) return { ...part, share: own };
    return { ...part, share: rest[index < at ? index : index - 1] ?? 1 };
  });
}

/** Deal out `total` in proportion to weights: whole numbers of at least 1, what is left to the largest remainders. */
export function dealt(weights: readonly number[], total: number): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const wanted = weights.map((weight) => (sum > 0 ? (total * weight) / sum : total / weights.length));
  const given = wanted.map((one) => Math.max(1, Math.floor(one)));
  for (let left = total - given.reduce((a, b) => a + b, 0); left !== 0; left -= Math.sign(left)) {
    const lacking = given.map((one, index) =>
      left > 0 || one > 1 ? ((wanted[index] ?? 0) - one) * Math.sign(left) : -Infinity,
    );
    const at = lacking.indexOf(Math.max(...lacking));
    given[at] = (given[at] ?? 0) + Math.sign(left);
  }
  return given;
}

/** The parts that a text such as `train, val, test` names; those that were there keep their proportion. */
export function named(parts: readonly Part[], text: string): readonly Part[] {
  const names = [...new Set(text.split(/[\s,;]+/).filter((name) => name !== ""))];
  const known = new Map(parts.map((part) => [part.name, part.share]));
  const typical = WHOLE / 10;
  const shares = dealt(
    names.map((name) => known.get(name) ?? typical),
    WHOLE,
  );
  return names.map((name, index) => ({ name, share: shares[index] ?? 1 }));
}

/** `800` → `80`, `333` → `33.3`. */
export const percent = (share: number): string => (share % 10 === 0 ? String(share / 10) : (share / 10).toFixed(1));

/** `80`, `12,5` or `33.3 %` → tenths of a percent; `null` for what is no share. */
export function read(text: string): number | null {
  const found = /^\s*(\d{1,3}(?:[.,]\d*)?)\s*%?\s*$/.exec(text);
  const share = Math.round(Number(found?.[1]?.replace(",", ".")) * 10);
  return found !== null && share >= 1 && share < WHOLE ? share : null;
}
