import { isNewer, type Id } from "./id";
import type { Message } from "./objects";

/** What stands in a list of messages. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "message"; readonly key: Id; readonly message: Message; readonly hasHead: boolean };

/** Time within which messages of one person stand together, in milliseconds. Discord's. */
const TOGETHER_MS = 7 * 60_000;

/** Messages as rows: a line where a day begins, one before what is new, and who speaks only where that changes. */
export function rows(messages: readonly Message[], readUpTo: Id | null | undefined, me: Id | undefined): readonly Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  let hasNewLine = false;
  for (const message of messages) {
    const isNewDay = before === undefined || dayOf(before) !== dayOf(message);
    if (isNewDay) rows.push({ kind: "day", key: `day-${dayOf(message)}`, at: Date.parse(message.timestamp) });
    const isFirstNew: boolean = !hasNewLine && readUpTo !== undefined && isNewer(message.id, readUpTo) && message.author.id !== me;
    if (isFirstNew && before !== undefined) rows.push({ kind: "new", key: "new" });
    hasNewLine ||= isFirstNew;
    const hasHead = isNewDay || isFirstNew || before === undefined || !belongs(before, message);
    rows.push({ kind: "message", key: message.id, message, hasHead });
    before = message;
  }
  return rows;
}

/** Whether two rows with the same key look alike. */
export function isSameRow(a: Row, b: Row): boolean {
  return a === b || (a.kind === "message" && b.kind === "message" ? a.message === b.message && a.hasHead === b.hasHead : a.kind === b.kind && a.key === b.key);
}

/** Whether `message` stands under the same head as the one before it. */
function belongs(before: Message, message: Message): boolean {
  const isSame =
    before.author.id === message.author.id && (message.webhook_id == null || before.author.username === message.author.username);
  const isSaid = message.type === 0 && (before.type === 0 || before.type === 19);
  return isSame && isSaid && Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER_MS;
}

/** The day of a message where the reader is, such as `2026-3-1`. */
function dayOf(message: Message): string {
  const at = new Date(message.timestamp);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}
