import type { Id } from "./id";
import { nameOf } from "./names";
import type { Channel, User } from "./objects";
import { hasMessages } from "./channels";
import type { State } from "./state";

/** What is being written, where it may be completed: the sign that begins it, what follows, and where it stands. */
export interface Started {
  readonly sign: "@" | "#" | ":";
  readonly word: string;
  readonly from: number;
}

/** Suggestions, at most. */
export const SUGGESTED_MAX = 8;

/** What `text` before the cursor ends with, if it may be completed. An emoji wants two letters, since `:` is written for much. */
export function started(text: string, cursor: number): Started | null {
  const found = /(?:^|[\s(])([@#:])([^\s@#:]{0,32})$/u.exec(text.slice(0, cursor));
  if (found === null) return null;
  const [, sign, word = ""] = found;
  if (sign === ":" && !/^[\w+-]{2,}$/.test(word)) return null;
  return { sign: sign as Started["sign"], word, from: cursor - word.length - 1 };
}

/** Something that what is written may become. */
export interface Suggestion {
  readonly key: string;
  /** What is put in its place. */
  readonly text: string;
  readonly label: string;
  readonly detail: string;
  readonly user?: User;
  readonly glyph?: string;
}

/** Members and roles whose names begin so, or have a word that does. */
export function people(state: State, guildId: Id, word: string): readonly Suggestion[] {
  const wanted = word.toLowerCase();
  const members = Object.values(state.members[guildId] ?? {}).flatMap((member): (Suggestion & { rank: number })[] => {
    const name = nameOf(state, member.user, guildId);
    const rank = Math.min(...[name, member.user.username].map((text) => rankOf(text, wanted)));
    return rank === 9 ? [] : [{ rank, key: member.user.id, text: `<@${member.user.id}>`, label: name, detail: member.user.username, user: member.user }];
  });
  const roles = Object.values(state.roles[guildId] ?? {}).flatMap((role): (Suggestion & { rank: number })[] => {
    const rank = rankOf(role.name.replace(/^@/, ""), wanted) + 1;
    if (rank >= 9 || (role.id !== guildId && !role.mentionable)) return [];
    return [{ rank, key: role.id, text: role.id === guildId ? "@everyone" : `<@&${role.id}>`, label: role.name.startsWith("@") ? role.name : `@${role.name}`, detail: "" }];
  });
  return best([...members, ...roles]);
}

/** Channels whose names begin so, or have a word that does. */
export function channels(state: State, guildId: Id, word: string): readonly Suggestion[] {
  const all = Object.values(state.channels).filter((channel: Channel) => channel.guild_id === guildId && hasMessages(channel));
  return best(
    all.flatMap((channel) => {
      const rank = rankOf(channel.name ?? "", word.toLowerCase());
      const parent = state.channels[channel.parent_id ?? ""]?.name ?? "";
      return rank === 9 ? [] : [{ rank, key: channel.id, text: `<#${channel.id}>`, label: `#${channel.name}`, detail: parent }];
    }),
  );
}

function best(all: readonly (Suggestion & { rank: number })[]): readonly Suggestion[] {
  return [...all].sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label)).slice(0, SUGGESTED_MAX);
}

/** How well a name fits what was written: 0 is best, and 9 does not. */
export function rankOf(name: string, wanted: string): number {
  const lower = name.toLowerCase();
  if (lower.startsWith(wanted)) return 0;
  if (lower.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 2;
  return lower.includes(wanted) ? 4 : 9;
}
