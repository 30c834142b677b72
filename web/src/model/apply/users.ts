import type { User } from "../objects";
import type { State } from "../state";

/** `state` with these accounts, as far as they are new or have changed. */
export function knownUsers(state: State, users: readonly User[]): State {
  const fresh = users.filter((user) => !isSame(state.users[user.id], user));
  if (fresh.length === 0) return state;
  return { ...state, users: { ...state.users, ...Object.fromEntries(fresh.map((user) => [user.id, user])) } };
}

function isSame(known: User | undefined, user: User): boolean {
  return (
    known !== undefined &&
    known.username === user.username &&
    known.global_name === user.global_name &&
    known.avatar === user.avatar &&
    known.bot === user.bot
  );
}
