import type { Id } from "../id";
import type { Channel, Guild, GuildCreate, Member, Ready, Role } from "../objects";
import { put, type Read, type State } from "../state";
import { knownUsers } from "./users";

/**
 * What is known when a session begins: what READY tells, and what is the person's own: what is on its way and what was
 * read. Messages are fetched again, since some may have been missed.
 */
export function ready(state: State, told: Ready): State {
  let next: State = {
    ...state,
    isReady: true,
    me: told.user,
    guilds: {},
    roles: {},
    channels: {},
    members: {},
    isComplete: {},
    presences: {},
    timelines: {},
    typing: {},
  };
  next = knownUsers(next, [told.user]);
  told.guilds.forEach((guild, nth) => {
    if (guild.unavailable) return;
    next = withGuild(next, { ...guild, members: [...(guild.members ?? []), ...(told.merged_members?.[nth] ?? [])] });
  });
  for (const channel of told.private_channels ?? []) next = withChannel(next, channel);
  return { ...next, reads: reads(next, told) };
}

/** `state` with a guild and all that it holds. */
export function withGuild(state: State, told: GuildCreate): State {
  const guild: Guild = {
    id: told.id,
    name: told.name,
    icon: told.icon,
    description: told.description,
    owner_id: told.owner_id,
    system_channel_id: told.system_channel_id,
    member_count: told.member_count,
    joined_at: told.joined_at,
  };
  const channels = told.channels.map((channel): [Id, Channel] => [channel.id, { ...channel, guild_id: told.id }]);
  const members = told.members.map((member): [Id, Member] => [member.user.id, member]);
  const roles = told.roles.map((role): [Id, Role] => [role.id, role]);
  const presences = (told.presences ?? []).map((presence) => [presence.user.id, presence.status] as const);
  const next: State = {
    ...state,
    guilds: put(state.guilds, told.id, guild),
    roles: put(state.roles, told.id, Object.fromEntries(roles)),
    channels: { ...state.channels, ...Object.fromEntries(channels) },
    members: put(state.members, told.id, Object.fromEntries(members)),
    presences: { ...state.presences, ...Object.fromEntries(presences) },
  };
  return knownUsers(next, told.members.map((member) => member.user));
}

/** `state` with a channel. What is new counts as read up to where it is. */
export function withChannel(state: State, channel: Channel): State {
  return {
    ...knownUsers(state, channel.recipients ?? []),
    channels: put(state.channels, channel.id, channel),
    reads: state.reads[channel.id] ? state.reads : put(state.reads, channel.id, { upTo: channel.last_message_id ?? null, mentions: 0 }),
  };
}

/** How far each channel is read: as the server says, else as was known here, else up to where it is. */
function reads(state: State, told: Ready): State["reads"] {
  const reads: Record<Id, Read> = {};
  for (const channel of Object.values(state.channels)) {
    reads[channel.id] = state.reads[channel.id] ?? { upTo: channel.last_message_id ?? null, mentions: 0 };
  }
  for (const entry of told.read_state?.entries ?? []) {
    reads[entry.id] = { upTo: entry.last_message_id, mentions: entry.mention_count ?? 0 };
  }
  return reads;
}
