import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { apply } from "./apply";
import type { Event } from "./event";
import { compareIds, type Id } from "./id";
import { nothing, type State } from "./state";

/** The golden event logs that clients are held to; `protocol/gateway/README.md` tells how they are read. */
const folder = fileURLToPath(new URL("../../../protocol/gateway/", import.meta.url));

type Step = { readonly event: { readonly t: string; readonly d: unknown } } | { readonly local: unknown } | { readonly shows: unknown };

/** What a log's `shows` compares: the part of what is known that a person sees. */
function shown(state: State): unknown {
  const inOrder = <T>(map: Readonly<Record<Id, T>>, of: (value: T, id: Id) => unknown) =>
    Object.fromEntries(Object.keys(map).sort(compareIds).map((id) => [id, of(map[id] as T, id)]));
  return {
    guilds: inOrder(state.guilds, (guild) => `${guild.name} (${guild.member_count})`),
    channels: inOrder(state.channels, (channel, id) => `${channel.name} ${state.reads[id]?.upTo === channel.last_message_id ? "read" : `unread ${state.reads[id]?.mentions}`}`),
    messages: inOrder(state.timelines, (timeline) =>
      timeline.messages.map((message) => {
        const reactions = (message.reactions ?? []).map((reaction) => `${reaction.emoji.name}${reaction.count}${reaction.me ? "!" : ""}`);
        return [`${message.author.username}: ${message.content}`, ...(message.edited_timestamp === null ? [] : ["edited"]), ...(message.pinned ? ["pinned"] : []), ...reactions].join(" ");
      }),
    ),
    typing: inOrder(state.typing, (users) => Object.keys(users)),
    outbox: state.outbox.map((pending) => pending.content),
    here: Object.keys(state.presences).sort(compareIds),
  };
}

test.each(["chat.jsonl", "guild.jsonl"])("%s", (name) => {
  let state = nothing;
  let comparisons = 0;
  const lines = readFileSync(folder + name, "utf8").split("\n").filter((line) => line !== "");
  for (const [nth, line] of lines.entries()) {
    const step = JSON.parse(line) as Step;
    if ("event" in step) state = apply(state, { kind: "dispatch", ...step.event });
    else if ("local" in step) state = apply(state, step.local as Event);
    else {
      comparisons += 1;
      expect(shown(state), `line ${nth + 1}`).toMatchObject(step.shows as object);
    }
  }
  expect(comparisons).toBeGreaterThan(0);
});

test("what is not known changes nothing", () => {
  const ready = apply(nothing, { kind: "dispatch", t: "READY", d: { user: { id: "1", username: "ana" }, guilds: [], private_channels: [], session_id: "s" } });
  expect(apply(ready, { kind: "dispatch", t: "CONFETTI", d: { many: true } })).toBe(ready);
});

test("nothing is known before READY", () => {
  expect(apply(nothing, { kind: "dispatch", t: "GUILD_DELETE", d: { id: "1" } })).toBe(nothing);
});
