import type { Id } from "./id";
import type { Channel } from "./objects";
import type { State } from "./state";

/** The bits that the client asks for. Source: Discord's documentation, "Bitwise Permission Flags". */
export const Permission = {
  CreateInvite: 1n << 0n,
  KickMembers: 1n << 1n,
  BanMembers: 1n << 2n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewAuditLog: 1n << 7n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  ChangeNickname: 1n << 26n,
  ManageNicknames: 1n << 27n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  ModerateMembers: 1n << 40n,
  PinMessages: 1n << 51n,
} as const;

const ALL = (1n << 60n) - 1n;

/** What a member may do in a guild. Source: Discord's documentation, "Permission Overwrites". */
export function inGuild(state: State, guildId: Id, userId: Id): bigint {
  const guild = state.guilds[guildId];
  const member = state.members[guildId]?.[userId];
  if (guild === undefined || member === undefined) return 0n;
  if (guild.owner_id === userId) return ALL;
  const roles = state.roles[guildId] ?? {};
  const bits = [guildId, ...member.roles].reduce((bits, id) => bits | BigInt(roles[id]?.permissions ?? "0"), 0n);
  return bits & Permission.Administrator ? ALL : bits;
}

/** What a member may do in a channel. */
export function inChannel(state: State, channel: Channel, userId: Id): bigint {
  if (channel.guild_id === undefined) return ALL;
  const base = inGuild(state, channel.guild_id, userId);
  if (base === ALL || base === 0n) return base;
  const overwrites = channel.permission_overwrites ?? [];
  const roles = new Set(state.members[channel.guild_id]?.[userId]?.roles ?? []);
  const steps = [
    overwrites.filter((overwrite) => overwrite.id === channel.guild_id),
    overwrites.filter((overwrite) => overwrite.type === 0 && roles.has(overwrite.id)),
    overwrites.filter((overwrite) => overwrite.type === 1 && overwrite.id === userId),
  ];
  return steps.reduce((bits, step) => {
    const union = (key: "allow" | "deny") => step.reduce((all, overwrite) => all | BigInt(overwrite[key]), 0n);
    return (bits & ~union("deny")) | union("allow");
  }, base);
}

/** Whether one may do all of `bits` oneself in a channel. */
export function may(state: State, channel: Channel | undefined, bits: bigint): boolean {
  if (channel === undefined || state.me === null) return false;
  return (inChannel(state, channel, state.me.id) & bits) === bits;
}

/** Whether one may do all of `bits` oneself in a guild. */
export function mayInGuild(state: State, guildId: Id, bits: bigint): boolean {
  return state.me !== null && (inGuild(state, guildId, state.me.id) & bits) === bits;
}

/** The place of a member's highest role; an owner stands above all. */
export function rank(state: State, guildId: Id, userId: Id): number {
  if (state.guilds[guildId]?.owner_id === userId) return Infinity;
  const roles = state.roles[guildId] ?? {};
  return Math.max(0, ...(state.members[guildId]?.[userId]?.roles ?? []).map((id) => roles[id]?.position ?? 0));
}
