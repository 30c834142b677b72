import { isNewer, type Id } from "../id";
import type { Emoji, Message, Reaction } from "../objects";
import { change, put, without, type Read, type State, type Timeline } from "../state";
import { changed, withChanged, withNew, withoutMessages } from "../timeline";
import { knownUsers } from "./users";

type OfMessage = { readonly channel_id: Id; readonly message_id: Id };
type OfReaction = OfMessage & { readonly user_id: Id; readonly emoji: Emoji };

/** What a dispatch about messages makes of what is known; `undefined`, if it is about something else. */
export function messageDispatch(state: State, t: string, d: unknown): State | undefined {
  switch (t) {
    case "MESSAGE_CREATE":
      return said(state, d as Message);
    case "MESSAGE_UPDATE": {
      const message = d as Message;
      return inTimeline(state, message.channel_id, (timeline) => withChanged(timeline, message));
    }
    case "MESSAGE_DELETE": {
      const { id, channel_id } = d as { readonly id: Id; readonly channel_id: Id };
      return inTimeline(state, channel_id, (timeline) => withoutMessages(timeline, new Set([id])));
    }
    case "MESSAGE_DELETE_BULK": {
      const { ids, channel_id } = d as { readonly ids: readonly Id[]; readonly channel_id: Id };
      return inTimeline(state, channel_id, (timeline) => withoutMessages(timeline, new Set(ids)));
    }
    case "MESSAGE_REACTION_ADD":
      return reacted(state, d as OfReaction, 1);
    case "MESSAGE_REACTION_REMOVE":
      return reacted(state, d as OfReaction, -1);
    case "MESSAGE_REACTION_REMOVE_ALL":
      return onMessage(state, d as OfMessage, (message) => ({ ...message, reactions: [] }));
    case "MESSAGE_REACTION_REMOVE_EMOJI": {
      const gone = d as OfMessage & { readonly emoji: Emoji };
      return onMessage(state, gone, (message) => ({ ...message, reactions: (message.reactions ?? []).filter((reaction) => !isSame(reaction.emoji, gone.emoji)) }));
    }
    case "MESSAGE_ACK": {
      const ack = d as OfMessage & { readonly mention_count?: number; readonly manual?: boolean };
      // What was read here meanwhile is further than what was heard of it.
      if (!ack.manual && !isNewer(ack.message_id, state.reads[ack.channel_id]?.upTo)) return state;
      return { ...state, reads: put(state.reads, ack.channel_id, { upTo: ack.message_id, mentions: ack.mention_count ?? 0 }) };
    }
    case "CHANNEL_PINS_UPDATE": {
      const { channel_id, last_pin_timestamp = null } = d as { readonly channel_id: Id; readonly last_pin_timestamp?: string | null };
      return { ...state, channels: change(state.channels, channel_id, (channel) => ({ ...channel, last_pin_timestamp })) };
    }
    case "TYPING_START": {
      const { channel_id, user_id, timestamp } = d as { readonly channel_id: Id; readonly user_id: Id; readonly timestamp: number };
      if (user_id === state.me?.id) return state;
      return { ...state, typing: put(state.typing, channel_id, put(state.typing[channel_id] ?? {}, user_id, timestamp * 1000)) };
    }
    default:
      return undefined;
  }
}

/** Somebody said something. */
function said(state: State, message: Message): State {
  const channel = state.channels[message.channel_id];
  if (channel === undefined) return state;
  const next = knownUsers(state, [message.author]);
  const isOwn = message.author.id === state.me?.id;
  return {
    ...next,
    channels: isNewer(message.id, channel.last_message_id) ? put(next.channels, channel.id, { ...channel, last_message_id: message.id }) : next.channels,
    timelines: change(next.timelines, channel.id, (timeline) => withNew(timeline, message)),
    typing: change(next.typing, channel.id, (users) => without(users, message.author.id)),
    outbox: isOwn ? next.outbox.filter((pending) => pending.nonce !== message.nonce) : next.outbox,
    reads: put(next.reads, channel.id, readAfter(next, message, isOwn)),
  };
}

/** How far a channel is read when `message` was said in it: who writes has read it. */
function readAfter(state: State, message: Message, isOwn: boolean): Read {
  const read = state.reads[message.channel_id] ?? { upTo: null, mentions: 0 };
  if (isOwn) return { upTo: message.id, mentions: 0 };
  return mentions(state, message) ? { ...read, mentions: read.mentions + 1 } : read;
}

/** Whether a message calls oneself. */
export function mentions(state: State, message: Message): boolean {
  const me = state.me?.id;
  if (me === undefined || message.author.id === me) return false;
  if (message.mention_everyone || message.mentions.some((user) => user.id === me)) return true;
  const guildId = state.channels[message.channel_id]?.guild_id;
  const own = guildId === undefined ? undefined : state.members[guildId]?.[me];
  return own !== undefined && message.mention_roles.some((role) => own.roles.includes(role));
}

function reacted(state: State, event: OfReaction, by: 1 | -1): State {
  const isOwn = event.user_id === state.me?.id;
  return onMessage(state, event, (message) => ({ ...message, reactions: counted(message.reactions ?? [], event.emoji, by, isOwn) }));
}

function counted(reactions: readonly Reaction[], emoji: Emoji, by: 1 | -1, isOwn: boolean): readonly Reaction[] {
  const known = reactions.find((reaction) => isSame(reaction.emoji, emoji));
  if (known === undefined) return by === 1 ? [...reactions, { emoji, count: 1, me: isOwn }] : reactions;
  const next = { ...known, count: known.count + by, me: isOwn ? by === 1 : known.me };
  return reactions.flatMap((reaction) => (reaction !== known ? [reaction] : next.count > 0 ? [next] : []));
}

/** Whether two emojis are the same one: those of a guild have an id, the others their name. */
export function isSame(a: Emoji, b: Emoji): boolean {
  return a.id === b.id && (a.id !== null || a.name === b.name);
}

function onMessage(state: State, { channel_id, message_id }: OfMessage, to: (message: Message) => Message): State {
  return inTimeline(state, channel_id, (timeline) => changed(timeline, message_id, to));
}

function inTimeline(state: State, channelId: Id, to: (timeline: Timeline) => Timeline): State {
  const timelines = change(state.timelines, channelId, to);
  return timelines === state.timelines ? state : { ...state, timelines };
}
