/** A snowflake: a number of up to 20 digits, as text, since it does not fit into a JavaScript number. */
export type Id = string;

/** The moment that Discord counts from, in milliseconds of Unix time. */
const EPOCH_MS = 1_420_070_400_000n;

/** Orders ids by age: negative, if `a` is older than `b`. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `a` is newer than `b`; anything is newer than nothing. */
export function isNewer(a: Id | null | undefined, b: Id | null | undefined): boolean {
  if (a == null) return false;
  return b == null || compareIds(a, b) > 0;
}

/** When what has this id was made, in milliseconds of Unix time. */
export function madeAt(id: Id): number {
  return /^\d{1,20}$/.test(id) ? Number((BigInt(id) >> 22n) + EPOCH_MS) : 0;
}

/** The id that something made at this moment would have, at least. */
export function idAt(unixMs: number): Id {
  return (((BigInt(Math.floor(unixMs)) - EPOCH_MS) << 22n) & 0xffff_ffff_ffff_ffffn).toString();
}
