import all from "virtual:emojis";

/** An emoji, and what it is called; names are without their colons. */
export interface Known {
  readonly emoji: string;
  readonly names: readonly string[];
  readonly words: readonly string[];
}

/** All emojis, in the groups that Unicode has. */
export const groups: readonly (readonly [string, readonly Known[]])[] = all.map(([group, emojis]) => [
  group,
  emojis.map(([emoji, names, words]) => ({ emoji, names: names.split(" "), words: words.split(" ") })),
]);

/** Emojis whose names or words begin as `text` does; those that are called so come first. */
export function find(text: string, limit: number): readonly Known[] {
  const wanted = text.toLowerCase().trim();
  if (wanted === "") return [];
  const ranked: [number, Known][] = [];
  for (const [, emojis] of groups) {
    for (const known of emojis) {
      const rank = rankOf(known, wanted);
      if (rank !== null) ranked.push([rank, known]);
    }
  }
  return ranked.sort(([a], [b]) => a - b).slice(0, limit).map(([, known]) => known);
}

function rankOf(known: Known, wanted: string): number | null {
  if (known.names.includes(wanted)) return 0;
  if (known.names.some((name) => name.startsWith(wanted))) return 1;
  if (known.words.some((word) => word.startsWith(wanted))) return 2;
  return known.names.some((name) => name.includes(wanted)) ? 3 : null;
}
