import type { Id } from "./id";
import { nameOf, rolesOf } from "./names";
import type { Channel, Member, Role } from "./objects";
import { inChannel, Permission } from "./permission";
import type { State } from "./state";

/** Members under one heading: those who are there, by their highest role that is shown apart, then those who are not. */
export interface Group {
  readonly key: string;
  readonly role: Role | null;
  readonly isThere: boolean;
  readonly members: readonly Member[];
}

/** Who may see `channel`, in groups. */
export function roster(state: State, channel: Channel): readonly Group[] {
  const guildId = channel.guild_id;
  if (guildId === undefined) return [];
  const roles = state.roles[guildId] ?? {};
  const groups = new Map<string, { role: Role | null; isThere: boolean; members: Member[] }>();
  for (const member of Object.values(state.members[guildId] ?? {})) {
    if (!(inChannel(state, channel, member.user.id) & Permission.ViewChannel)) continue;
    const isThere = state.presences[member.user.id] !== undefined;
    const role = (isThere && rolesOf(roles, member).find((role) => role.hoist)) || null;
    const key = isThere ? (role?.id ?? "online") : "offline";
    const group = groups.get(key) ?? { role, isThere, members: [] };
    group.members.push(member);
    groups.set(key, group);
  }
  const place = (group: { role: Role | null; isThere: boolean }) => (group.isThere ? (group.role?.position ?? 0) : -1);
  return [...groups]
    .sort(([, a], [, b]) => place(b) - place(a))
    .map(([key, group]) => ({ key, ...group, members: byName(state, guildId, group.members) }));
}

function byName(state: State, guildId: Id, members: readonly Member[]): readonly Member[] {
  const named = members.map((member) => [nameOf(state, member.user, guildId).toLocaleLowerCase(), member] as const);
  return named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, member]) => member);
}
