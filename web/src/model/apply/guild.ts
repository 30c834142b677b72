import type { Id } from "../id";
import type { Channel, Guild, GuildCreate, Member, Presence, Role, User } from "../objects";
import { change, put, without, type State } from "../state";
import { withChannel, withGuild } from "./ready";
import { knownUsers } from "./users";

type OfGuild = { readonly guild_id: Id };

/** What a dispatch about guilds, and what they hold, makes of what is known; `undefined`, if it is about something else. */
export function guildDispatch(state: State, t: string, d: unknown): State | undefined {
  switch (t) {
    case "GUILD_CREATE": {
      const guild = d as GuildCreate;
      return guild.channels.reduce(withChannelOf(guild.id), withGuild(state, guild));
    }
    case "GUILD_UPDATE": {
      const told = d as Partial<Guild> & { readonly id: Id; readonly roles?: readonly Role[] };
      const { name, icon, description, owner_id, system_channel_id } = told;
      const fields = { name, icon, description, owner_id, system_channel_id };
      return { ...state, guilds: change(state.guilds, told.id, (guild) => ({ ...guild, ...defined(fields) })) };
    }
    case "GUILD_DELETE":
      return withoutGuild(state, (d as { readonly id: Id }).id);
    case "CHANNEL_CREATE":
    case "CHANNEL_UPDATE":
      return withChannel(state, d as Channel);
    case "CHANNEL_DELETE":
      return withoutChannel(state, (d as Channel).id);
    case "GUILD_ROLE_CREATE":
    case "GUILD_ROLE_UPDATE": {
      const { guild_id, role } = d as OfGuild & { readonly role: Role };
      return { ...state, roles: change(state.roles, guild_id, (roles) => put(roles, role.id, role)) };
    }
    case "GUILD_ROLE_DELETE": {
      const { guild_id, role_id } = d as OfGuild & { readonly role_id: Id };
      return { ...state, roles: change(state.roles, guild_id, (roles) => without(roles, role_id)) };
    }
    case "GUILD_MEMBER_ADD": {
      const member = d as Member & OfGuild;
      return counted(withMembers(state, member.guild_id, [member]), member.guild_id, 1);
    }
    case "GUILD_MEMBER_UPDATE": {
      const member = d as Member & OfGuild;
      return withMembers(state, member.guild_id, [member]);
    }
    case "GUILD_MEMBER_REMOVE": {
      const { guild_id, user } = d as OfGuild & { readonly user: User };
      const left = { ...state, members: change(state.members, guild_id, (members) => without(members, user.id)) };
      return counted(left, guild_id, -1);
    }
    case "GUILD_MEMBERS_CHUNK": {
      const chunk = d as OfGuild & {
        readonly members: readonly Member[];
        readonly presences?: readonly Presence[];
        readonly chunk_index: number;
        readonly chunk_count: number;
        readonly nonce?: string;
      };
      const presences = Object.fromEntries((chunk.presences ?? []).map((presence) => [presence.user.id, presence.status]));
      const next = { ...withMembers(state, chunk.guild_id, chunk.members), presences: { ...state.presences, ...presences } };
      const isLast = chunk.nonce === "all" && chunk.chunk_index + 1 === chunk.chunk_count;
      return isLast ? { ...next, isComplete: put(next.isComplete, chunk.guild_id, true as const) } : next;
    }
    default:
      return undefined;
  }
}

function withChannelOf(guildId: Id): (state: State, channel: Channel) => State {
  return (state, channel) => withChannel(state, { ...channel, guild_id: guildId });
}

function withMembers(state: State, guildId: Id, members: readonly Member[]): State {
  const fresh = Object.fromEntries(members.map((member) => [member.user.id, member]));
  const next = { ...state, members: change(state.members, guildId, (known) => ({ ...known, ...fresh })) };
  return knownUsers(next, members.map((member) => member.user));
}

function counted(state: State, guildId: Id, by: number): State {
  const guilds = change(state.guilds, guildId, (guild) => ({ ...guild, member_count: guild.member_count + by }));
  return { ...state, guilds };
}

function withoutGuild(state: State, id: Id): State {
  const gone = Object.values(state.channels).filter((channel) => channel.guild_id === id);
  const next = gone.reduce((state, channel) => withoutChannel(state, channel.id), state);
  return {
    ...next,
    guilds: without(next.guilds, id),
    roles: without(next.roles, id),
    members: without(next.members, id),
    isComplete: without(next.isComplete, id),
  };
}

function withoutChannel(state: State, id: Id): State {
  return {
    ...state,
    channels: without(state.channels, id),
    timelines: without(state.timelines, id),
    typing: without(state.typing, id),
    reads: without(state.reads, id),
  };
}

/** Those fields that are told. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
