import type { Id } from "./id";
import type { Member, Role, User } from "./objects";
import type { State } from "./state";

/** What someone is called, in a guild or outside of any. */
export function nameOf(state: State, user: User, guildId?: Id): string {
  const nick = guildId === undefined ? undefined : state.members[guildId]?.[user.id]?.nick;
  const known = state.users[user.id] ?? user;
  return nick ?? known.global_name ?? known.username;
}

/** The roles of a member, highest first. */
export function rolesOf(roles: Readonly<Record<Id, Role>>, member: Member | undefined): readonly Role[] {
  const own = (member?.roles ?? []).flatMap((id) => roles[id] ?? []);
  return own.sort((a, b) => b.position - a.position);
}

/** The colour of a member's highest coloured role, as `#rrggbb`; `null`, if there is none. */
export function roleColour(state: State, guildId: Id | undefined, userId: Id): string | null {
  if (guildId === undefined) return null;
  const roles = rolesOf(state.roles[guildId] ?? {}, state.members[guildId]?.[userId]);
  const coloured = roles.find((role) => role.color !== 0);
  return coloured === undefined ? null : `#${coloured.color.toString(16).padStart(6, "0")}`;
}

/** A hue of 0 to 359 that stays with an id. */
export function hueOf(id: Id): number {
  let hash = 0;
  for (const digit of id) hash = (hash * 31 + digit.charCodeAt(0)) % 3600;
  return hash % 360;
}

const segmenter = new Intl.Segmenter();

/** The first letters of a name's first two words, for where there is no picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.slice(0, 2).map((word) => [...segmenter.segment(word)][0]?.segment ?? "");
  return letters.join("").toUpperCase();
}
