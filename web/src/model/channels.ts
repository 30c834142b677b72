import { isNewer, type Id } from "./id";
import { ChannelKind, type Channel } from "./objects";
import type { State } from "./state";

/** A category with its channels; the first of all has no category. */
export interface Section {
  readonly category: Channel | null;
  readonly channels: readonly Channel[];
}

/** Whether messages stand in a channel. */
export function hasMessages(channel: Channel): boolean {
  return channel.type !== ChannelKind.Category && channel.type !== ChannelKind.Voice;
}

/** The channels of a guild that one sees, in order. Source: Discord's documentation, "Channel Object": voice stands below. */
export function sections(state: State, guildId: Id): readonly Section[] {
  const all = Object.values(state.channels).filter((channel) => channel.guild_id === guildId);
  const order = (a: Channel, b: Channel) =>
    Number(a.type === ChannelKind.Voice) - Number(b.type === ChannelKind.Voice) ||
    (a.position ?? 0) - (b.position ?? 0) ||
    (isNewer(a.id, b.id) ? 1 : -1);
  const categories = all.filter((channel) => channel.type === ChannelKind.Category).sort(order);
  const known = new Set(categories.map((category) => category.id));
  const within = (parent: Id | null) =>
    all
      .filter((channel) => channel.type !== ChannelKind.Category)
      .filter((channel) => (known.has(channel.parent_id ?? "") ? channel.parent_id === parent : parent === null))
      .sort(order);
  return [{ category: null, channels: within(null) }, ...categories.map((category) => ({ category, channels: within(category.id) }))];
}

/** The channel to open in a guild: the first with messages. */
export function firstChannel(state: State, guildId: Id): Channel | undefined {
  return sections(state, guildId).flatMap((section) => section.channels).find(hasMessages);
}

/** Whether something was said in a channel since it was read. */
export function isUnread(state: State, channel: Channel): boolean {
  const read = state.reads[channel.id];
  return hasMessages(channel) && read !== undefined && isNewer(channel.last_message_id, read.upTo);
}

/** What is new in a guild: whether anything is, and how often one was mentioned. */
export function news(state: State, guildId: Id): { readonly isUnread: boolean; readonly mentions: number } {
  let unread = false;
  let mentions = 0;
  for (const channel of Object.values(state.channels)) {
    if (channel.guild_id !== guildId || !isUnread(state, channel)) continue;
    unread = true;
    mentions += state.reads[channel.id]?.mentions ?? 0;
  }
  return { isUnread: unread, mentions };
}
