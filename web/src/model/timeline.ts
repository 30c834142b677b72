import { compareIds, isNewer } from "./id";
import type { Id } from "./id";
import type { Message } from "./objects";
import type { PageOf } from "./event";
import type { Timeline } from "./state";

/**
 * Messages of a channel that are kept, at most. What is farther away is let go of, and fetched again by who scrolls there.
 * Two hundred are some eight screens, all of which are drawn.
 */
export const MESSAGES_KEPT_MAX = 200;

/** `timeline` with a page of `limit` messages at most, newest first, as the API answers it. */
export function withPage(timeline: Timeline | undefined, page: readonly Message[], of: PageOf, limit: number): Timeline {
  const messages = [...page].reverse();
  const isFull = page.length >= limit;
  if (of.at === "newest") return { messages, hasOlder: isFull, hasNewer: false };
  if (of.at === "around" || timeline === undefined) {
    const older = messages.filter((message) => of.at === "around" && compareIds(message.id, of.id) < 0).length;
    const newer = messages.filter((message) => of.at === "around" && compareIds(message.id, of.id) > 0).length;
    return { messages, hasOlder: older >= Math.floor(limit / 2) - 1, hasNewer: newer >= Math.floor(limit / 2) - 1 };
  }
  const known = new Set(timeline.messages.map((message) => message.id));
  const fresh = messages.filter((message) => !known.has(message.id));
  if (of.at === "before") {
    const all = [...fresh, ...timeline.messages];
    const kept = all.slice(0, MESSAGES_KEPT_MAX);
    return { messages: kept, hasOlder: isFull, hasNewer: timeline.hasNewer || kept.length < all.length };
  }
  const all = [...timeline.messages, ...fresh];
  const kept = all.slice(-MESSAGES_KEPT_MAX);
  return { messages: kept, hasOlder: timeline.hasOlder || kept.length < all.length, hasNewer: isFull };
}

/** `timeline` with a message that was just said. Where newer ones are missing already, it is one of those. */
export function withNew(timeline: Timeline, message: Message): Timeline {
  if (timeline.hasNewer) return timeline;
  const last = timeline.messages.at(-1);
  if (last !== undefined && !isNewer(message.id, last.id)) return withChanged(timeline, message);
  const all = [...timeline.messages, message];
  // One in ten more may stay for a while, so that not every message copies the list twice.
  if (all.length <= MESSAGES_KEPT_MAX * 1.1) return { ...timeline, messages: all };
  return { ...timeline, messages: all.slice(-MESSAGES_KEPT_MAX), hasOlder: true };
}

/** `timeline` with what is known of a message changed, if it is there. What `message` does not tell stays. */
export function withChanged(timeline: Timeline, message: Partial<Message> & { readonly id: Id }): Timeline {
  return changed(timeline, message.id, (before) => ({ ...before, ...message }));
}

/** `timeline` with one message changed, and what it is to the messages that answer it. */
export function changed(timeline: Timeline, id: Id, to: (message: Message) => Message): Timeline {
  let isChanged = false;
  const messages = timeline.messages.map((message) => {
    const isIt = message.id === id;
    const answersIt = message.referenced_message?.id === id;
    if (!isIt && !answersIt) return message;
    isChanged = true;
    return isIt ? to(message) : { ...message, referenced_message: to(message.referenced_message as Message) };
  });
  return isChanged ? { ...timeline, messages } : timeline;
}

/** `timeline` without these messages; who answers one of them is told that it is gone. */
export function withoutMessages(timeline: Timeline, ids: ReadonlySet<Id>): Timeline {
  const messages = timeline.messages
    .filter((message) => !ids.has(message.id))
    .map((message) =>
      message.referenced_message && ids.has(message.referenced_message.id) ? { ...message, referenced_message: null } : message,
    );
  return { ...timeline, messages };
}
