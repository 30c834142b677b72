import type { Client } from "../app/client";
import { go, pathTo } from "../app/router";
import { prefer, preferences } from "../app/preferences";
import { hasMessages, isUnread, sections } from "../model/channels";
import type { Channel } from "../model/objects";
import { overlay, show } from "./overlay";

/** What the keys do that work everywhere; `words().shortcuts.list` says them. */
export function pressed(event: KeyboardEvent, client: Client, channel: Channel | undefined): void {
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return act(event, () => show({ is: "switcher" }));
  if (overlay() !== null) return;
  if (control && event.key === "/") return act(event, () => show({ is: "shortcuts" }));
  if (control && event.key === ",") return act(event, () => show({ is: "settings" }));
  if (control && !event.shiftKey && event.key.toLowerCase() === "u") return act(event, () => prefer("showsMembers", !preferences.showsMembers));
  if (channel === undefined) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    return act(event, () => walk(client, channel, event.key === "ArrowUp" ? -1 : 1, event.shiftKey));
  }
  // In the composer, Esc ends what is being done there first.
  if (event.key === "Escape" && !event.defaultPrevented) act(event, () => client.read(channel));
}

function act(event: KeyboardEvent, run: () => void): void {
  event.preventDefault();
  run();
}

/** Goes to the next channel, or to the next unread one; from the last one to the first. */
function walk(client: Client, from: Channel, step: 1 | -1, isUnreadOnly: boolean): void {
  const state = client.state();
  const guildId = from.guild_id;
  if (guildId === undefined) return;
  const all = sections(state, guildId).flatMap((section) => section.channels).filter(hasMessages);
  const at = all.findIndex((channel) => channel.id === from.id);
  for (let nth = 1; nth <= all.length; nth += 1) {
    const next = all[(at + step * nth + all.length * 2) % all.length];
    if (next === undefined || (isUnreadOnly && !isUnread(state, next))) continue;
    if (next.id !== from.id) go(pathTo(guildId, next.id));
    return;
  }
}
