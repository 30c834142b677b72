import { hasMessages, isUnread } from "./channels";
import { rankOf } from "./completion";
import type { State } from "./state";

/** A place to go to. */
export interface Goal {
  readonly key: string;
  readonly kind: "channel" | "guild";
  readonly guildId: string;
  readonly channelId: string | null;
  readonly label: string;
  readonly detail: string;
  readonly isUnread: boolean;
  readonly mentions: number;
}

/** Goals that are listed, at most. */
const LISTED_MAX = 12;

/** Places whose names fit `text`; without one, those where something is new, and then the rest. */
export function goals(state: State, text: string): readonly Goal[] {
  const wanted = text.trim().toLowerCase().replace(/^#/, "");
  const all: (Goal & { rank: number })[] = [];
  for (const channel of Object.values(state.channels)) {
    const guild = state.guilds[channel.guild_id ?? ""];
    const rank = wanted === "" ? 5 : rankOf(channel.name ?? "", wanted);
    if (!hasMessages(channel) || guild === undefined || rank === 9) continue;
    const unread = isUnread(state, channel);
    const mentions = state.reads[channel.id]?.mentions ?? 0;
    all.push({ rank: rank - (unread ? 1 : 0) - (mentions > 0 ? 1 : 0), key: channel.id, kind: "channel", guildId: guild.id, channelId: channel.id, label: channel.name ?? "", detail: guild.name, isUnread: unread, mentions });
  }
  for (const guild of Object.values(state.guilds)) {
    const rank = wanted === "" ? 6 : rankOf(guild.name, wanted) + 1;
    if (rank < 9) all.push({ rank, key: guild.id, kind: "guild", guildId: guild.id, channelId: null, label: guild.name, detail: "", isUnread: false, mentions: 0 });
  }
  return all.sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label)).slice(0, LISTED_MAX);
}
