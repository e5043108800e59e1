/** What is drawn by chance and yet the same each time: for the same words the same number. Pure. */

/** A number of 32 bits: Fowler, Noll and Vo's hash of the words, its bits mixed as MurmurHash3 ends. */
export function drawn(...words: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(words.join("\n"))) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Things in an order drawn by chance. */
export function shuffled(things: readonly string[], ...words: readonly string[]): readonly string[] {
  const place = new Map(things.map((thing) => [thing, drawn(...words, thing)]));
  return [...things].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}
