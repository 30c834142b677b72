import { expect, test } from "vitest";
import type { Message } from "./objects";
import { rows } from "./rows";
import { MESSAGES_KEPT_MAX, withNew, withPage } from "./timeline";

const user = (id: string) => ({ id, username: id });

/** A message of `by`, so many minutes after noon. */
function message(id: number, by: string, minutes: number, more: Partial<Message> = {}): Message {
  const timestamp = new Date(Date.UTC(2026, 2, 1, 12, minutes)).toISOString();
  return { id: String(id), channel_id: "9", type: 0, author: user(by), content: "", timestamp, edited_timestamp: null, mention_everyone: false, mentions: [], mention_roles: [], attachments: [], embeds: [], pinned: false, ...more };
}

/** Rows in a form that is short to read: a message's id, with `^` where it has a head. */
function short(messages: readonly Message[], readUpTo?: string): string {
  return rows(messages, readUpTo, "me").map((row) => (row.kind === "message" ? (row.hasHead ? "^" : "") + row.key : row.kind)).join(" ");
}

test("messages of one person stand together for a while", () => {
  expect(short([message(1, "ana", 0), message(2, "ana", 3), message(3, "ben", 4), message(4, "ana", 5), message(5, "ana", 13)])).toBe("day ^1 2 ^3 ^4 ^5");
});

test("an answer has a head, and so has what a guest of another name says", () => {
  const guest = (id: number, username: string) => message(id, "9", 0, { webhook_id: "9", author: { id: "9", username } });
  expect(short([message(1, "ana", 0), message(2, "ana", 0, { type: 19 }), message(3, "ana", 0)])).toBe("day ^1 ^2 3");
  expect(short([guest(1, "Gast"), guest(2, "Gast"), guest(3, "Eve")])).toBe("day ^1 2 ^3");
});

test("a line stands before what is new, and not before one's own words", () => {
  expect(short([message(1, "ana", 0), message(2, "ben", 1), message(3, "ben", 2)], "1")).toBe("day ^1 new ^2 3");
  expect(short([message(1, "ana", 0), message(2, "me", 1), message(3, "ben", 2)], "1")).toBe("day ^1 ^2 new ^3");
  expect(short([message(1, "ana", 0)], "1")).toBe("day ^1");
});

test("a day begins with a line", () => {
  expect(short([message(1, "ana", 0), message(2, "ana", 24 * 60)])).toBe("day ^1 day ^2");
});

const page = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, nth) => message(to - nth, "ana", 0));

test("pages are put together without a gap and without a repeat", () => {
  let timeline = withPage(undefined, page(101, 150), { at: "newest" }, 50);
  timeline = withPage(timeline, page(51, 100), { at: "before", id: "101" }, 50);
  timeline = withPage(timeline, page(41, 60), { at: "before", id: "51" }, 50);
  expect(timeline.messages.map((message) => message.id)).toEqual(Array.from({ length: 110 }, (_, nth) => String(41 + nth)));
  expect([timeline.hasOlder, timeline.hasNewer]).toEqual([false, false]);
});

test("what is far away is let go of, and new messages do not leave a gap there", () => {
  let timeline = withPage(undefined, page(9951, 10_000), { at: "newest" }, 50);
  for (let first = 9951; timeline.messages.length < MESSAGES_KEPT_MAX || !timeline.hasNewer; first -= 50) {
    timeline = withPage(timeline, page(first - 50, first - 1), { at: "before", id: String(first) }, 50);
  }
  expect(timeline.messages.length).toBe(MESSAGES_KEPT_MAX);
  expect(withNew(timeline, message(10_001, "ben", 0))).toBe(timeline);
  const last = Number(timeline.messages.at(-1)?.id);
  timeline = withPage(timeline, page(last + 1, last + 50), { at: "after", id: String(last) }, 50);
  expect(timeline.messages.at(-1)?.id).toBe(String(last + 50));
  expect(timeline.hasOlder).toBe(true);
});

test("however much is said, only so much is kept", () => {
  let timeline = withPage(undefined, [], { at: "newest" }, 50);
  for (let id = 1; id <= 3 * MESSAGES_KEPT_MAX; id += 1) timeline = withNew(timeline, message(id, "ana", 0));
  expect(timeline.messages.length).toBeLessThanOrEqual(MESSAGES_KEPT_MAX * 1.1);
  expect(timeline.messages.at(-1)?.id).toBe(String(3 * MESSAGES_KEPT_MAX));
});
