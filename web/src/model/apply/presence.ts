import type { Presence, Self, User } from "../objects";
import { put, without, type State } from "../state";
import { knownUsers } from "./users";

/** What a dispatch about people makes of what is known; `undefined`, if it is about something else. */
export function presenceDispatch(state: State, t: string, d: unknown): State | undefined {
  switch (t) {
    case "PRESENCE_UPDATE": {
      const { user, status } = d as Presence;
      const presences = status === "offline" ? without(state.presences, user.id) : put(state.presences, user.id, status);
      return { ...state, presences };
    }
    case "USER_UPDATE": {
      const user = d as Self;
      const next = user.id === state.me?.id ? { ...state, me: { ...state.me, ...user } } : state;
      return knownUsers(next, [user as User]);
    }
    default:
      return undefined;
  }
}
