import type { Id } from "./id";
import type { Channel, Guild, Member, Message, Role, Self, Status, User } from "./objects";

/** Things by their ids. */
export type ById<T> = Readonly<Record<Id, T>>;

/** A stretch of a channel's messages without a gap, oldest first. */
export interface Timeline {
  readonly messages: readonly Message[];
  /** Whether there are messages before the first one. */
  readonly hasOlder: boolean;
  /** Whether there are messages after the last one; then new ones are not appended. */
  readonly hasNewer: boolean;
}

/** How far a channel is read. */
export interface Read {
  /** The newest message that was read; `null`, if there was none. */
  readonly upTo: Id | null;
  /** How often one was mentioned since. */
  readonly mentions: number;
}

/** A message that is on its way. */
export interface Pending {
  /** Its mark, which stays with it, so that it is stored once however often it is sent. */
  readonly nonce: string;
  readonly channelId: Id;
  readonly content: string;
  readonly replyTo: Id | null;
  /** Whether who is answered is told of it. */
  readonly pings: boolean;
  /** When it was written, in milliseconds of Unix time. */
  readonly at: number;
  /** Why it was turned down; `null`, while it waits or is sent. */
  readonly failure: string | null;
}

/** All that the client knows; made of events by `apply`, and only read by what shows it. */
export interface State {
  /** Whether the server has told what there is. */
  readonly isReady: boolean;
  readonly me: Self | null;
  readonly guilds: ById<Guild>;
  readonly roles: ById<ById<Role>>;
  readonly channels: ById<Channel>;
  readonly members: ById<ById<Member>>;
  /** The guilds all of whose members are known. */
  readonly isComplete: ById<true>;
  readonly users: ById<User>;
  /** Who is there; who is missing is not. */
  readonly presences: ById<Status>;
  readonly timelines: ById<Timeline>;
  /** Who is writing in a channel, and since when, in milliseconds of Unix time. */
  readonly typing: ById<ById<number>>;
  readonly reads: ById<Read>;
  /** What is on its way, oldest first. */
  readonly outbox: readonly Pending[];
}

/** Nothing is known yet. */
export const nothing: State = {
  isReady: false,
  me: null,
  guilds: {},
  roles: {},
  channels: {},
  members: {},
  isComplete: {},
  users: {},
  presences: {},
  timelines: {},
  typing: {},
  reads: {},
  outbox: [],
};

/** `map` with `value` at `id`. */
export function put<T>(map: ById<T>, id: Id, value: T): ById<T> {
  return { ...map, [id]: value };
}

/** `map` without what is at `id`; itself, if nothing is. */
export function without<T>(map: ById<T>, id: Id): ById<T> {
  if (!(id in map)) return map;
  const { [id]: _, ...rest } = map;
  return rest;
}

/** `map` with the value at `id` changed, if there is one. */
export function change<T>(map: ById<T>, id: Id, to: (value: T) => T): ById<T> {
  const value = map[id];
  if (value === undefined) return map;
  const changed = to(value);
  return changed === value ? map : put(map, id, changed);
}
