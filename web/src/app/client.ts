import { batch, createSignal, type Accessor } from "solid-js";
import { Gateway, type Line } from "../api/gateway";
import { Problem } from "../api/problem";
import { Rest } from "../api/rest";
import { apply } from "../model/apply";
import type { Event, PageOf } from "../model/event";
import { isNewer, type Id } from "../model/id";
import type { Channel, Emoji, Message } from "../model/objects";
import { nothing, type Pending, type State } from "../model/state";
import { newNonce, Outbox } from "./outbox";
import { keep, kept } from "./storage";

/** Messages that are fetched at once. */
export const PAGE = 50;

/** How long someone counts as writing after they were last seen to, in milliseconds. Discord's. */
const TYPING_MS = 10_000;

/** How long the server waits to hear again what was read, in milliseconds: each time is a write. */
const ACKNOWLEDGE_MS = 1_000;

/** Channels of which one call may say how far they are read. The server's. */
const ACKNOWLEDGED_MAX = 100;

/** How long what is told may wait for more, in milliseconds: a frame's time, so that a busy channel is drawn no oftener than it is seen. */
const GATHER_MS = 16;

/** One person, signed in at one server: what is known, and what can be done. */
export class Client {
  readonly state: Accessor<State>;
  readonly line: Accessor<Line>;
  readonly rest: Rest;
  private readonly gateway: Gateway;
  private readonly outbox: Outbox;
  private readonly loading = new Map<Id, Promise<void>>();
  private readonly typed = new Map<Id, number>();
  private saving: ReturnType<typeof setTimeout> | undefined;
  private readonly set: (events: readonly Event[]) => void;
  private told: Event[] = [];
  private toldAt = 0;
  /** How far channels are read that the server has not heard of yet. */
  private readonly marks = new Map<Id, Id>();
  private marking: ReturnType<typeof setTimeout> | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private readonly forgetting: ReturnType<typeof setInterval>;

  constructor(
    readonly token: string,
    private readonly onSignedOut: () => void,
  ) {
    const saved = kept<{ reads: State["reads"]; outbox: readonly Pending[] } | null>(`state.${accountOf(token)}`, null);
    const [state, setState] = createSignal<State>({ ...nothing, reads: saved?.reads ?? {}, outbox: saved?.outbox ?? [] });
    const [line, setLine] = createSignal<Line>("connecting");
    this.state = state;
    this.line = line;
    this.set = (events) => {
      const before = state();
      const after = events.reduce(apply, before);
      setState(() => after);
      if (after.reads !== before.reads || after.outbox !== before.outbox) this.save();
    };
    this.rest = new Rest(token, () => this.signedOut());
    this.outbox = new Outbox(this.rest, state, this.tell);
    this.gateway = new Gateway(token, {
      told: (t, d) => this.gather({ kind: "dispatch", t, d }),
      line: (line) => {
        setLine(line);
        if (line === "open") void this.outbox.send();
      },
      signedOut: () => this.signedOut(),
    });
    this.forgetting = setInterval(() => {
      if (Object.keys(state().typing).length > 0) this.tell({ kind: "quiet", before: Date.now() - TYPING_MS });
    }, 1_000);
    addEventListener("pagehide", this.saveNow);
  }

  /** Has what is known changed by what happened, after what was told before. */
  tell = (event: Event): void => {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const events = [...this.told, event];
    this.told = [];
    batch(() => this.set(events));
  };

  /** The same for what the server tells: at once, if it tells little, and else once a frame. */
  private gather(event: Event): void {
    const wait = this.toldAt + GATHER_MS - performance.now();
    if (wait <= 0) {
      this.tell(event);
      this.toldAt = performance.now();
      return;
    }
    this.told.push(event);
    this.gathering ??= setTimeout(() => {
      const last = this.told.pop();
      if (last !== undefined) this.tell(last);
      this.toldAt = performance.now();
    }, wait);
  }

  /** Ends the line; nothing is known after it. */
  close(): void {
    this.saveNow();
    removeEventListener("pagehide", this.saveNow);
    clearInterval(this.forgetting);
    clearTimeout(this.gathering);
    clearTimeout(this.marking);
    this.gateway.close();
  }

  async signOut(): Promise<void> {
    await this.rest.post("/auth/logout").catch(() => undefined);
    this.signedOut();
  }

  /** Fetches a page of a channel, one at a time: who asks for more of what is being fetched gets that; another place waits. */
  async load(channelId: Id, of: PageOf): Promise<void> {
    const running = this.loading.get(channelId);
    if (running !== undefined) {
      if (of.at === "before" || of.at === "after") return running;
      // Whether it came or not, what is asked for comes after it.
      await running.catch(() => undefined);
    }
    const query = of.at === "newest" ? "" : `&${of.at}=${of.id}`;
    const newest = () => this.state().channels[channelId]?.last_message_id ?? null;
    const before = newest();
    const call = this.rest
      .get<readonly Message[]>(`/channels/${channelId}/messages?limit=${PAGE}${query}`)
      .then((messages) => this.tell({ kind: "page", channelId, messages, of, limit: PAGE }))
      .finally(() => this.loading.delete(channelId));
    this.loading.set(channelId, call);
    await call;
    // What was said while the page was on its way is not in it, and came too early to be put behind it.
    const timeline = this.state().timelines[channelId];
    const last = timeline?.messages.at(-1)?.id ?? null;
    if (newest() !== before && timeline?.hasNewer === false && isNewer(newest(), last)) {
      await this.load(channelId, last === null ? { at: "newest" } : { at: "after", id: last });
    }
  }

  /** Asks who is in a guild, once. */
  loadMembers(guildId: Id): void {
    if (this.state().isComplete[guildId]) return;
    this.gateway.send({ op: 8, d: { guild_id: guildId, query: "", limit: 0, presences: true, nonce: "all" } });
  }

  /** Says something; it goes out when it can. */
  say(channelId: Id, content: string, replyTo: Id | null = null, pings = true): void {
    const pending = { nonce: newNonce(), channelId, content, replyTo, pings, at: Date.now(), failure: null };
    this.tell({ kind: "written", pending });
    this.typed.delete(channelId);
    void this.outbox.send();
  }

  /** Tries again to send what was turned down. */
  sayAgain(nonce: string): void {
    this.tell({ kind: "failed", nonce, failure: null });
    void this.outbox.send();
  }

  /** Gives up what was to be sent. */
  unsay(nonce: string): void {
    this.tell({ kind: "settled", nonce });
  }

  /** Lets the others know that one is writing. */
  typing(channelId: Id): void {
    const now = Date.now();
    if (now - (this.typed.get(channelId) ?? 0) < TYPING_MS * 0.8) return;
    this.typed.set(channelId, now);
    // Nobody misses it.
    this.rest.post(`/channels/${channelId}/typing`).catch(() => undefined);
  }

  edit = (message: Message, content: string): Promise<unknown> => this.rest.patch(at(message), { content });
  delete = (message: Message): Promise<unknown> => this.rest.delete(at(message));
  react = (message: Message, emoji: Emoji): Promise<unknown> => this.rest.put(`${at(message)}/reactions/${inPath(emoji)}/@me`);
  unreact = (message: Message, emoji: Emoji): Promise<unknown> => this.rest.delete(`${at(message)}/reactions/${inPath(emoji)}/@me`);
  pin = (message: Message): Promise<unknown> => this.rest.put(`/channels/${message.channel_id}/messages/pins/${message.id}`);
  unpin = (message: Message): Promise<unknown> => this.rest.delete(`/channels/${message.channel_id}/messages/pins/${message.id}`);

  /** Counts a channel as read, here and wherever else one is signed in. */
  read(channel: Channel): void {
    const upTo = channel.last_message_id ?? null;
    const known = this.state().reads[channel.id];
    if (known?.upTo === upTo && known.mentions === 0) return;
    this.tell({ kind: "read", channelId: channel.id, read: { upTo, mentions: 0 } });
    if (upTo === null) return;
    this.marks.set(channel.id, upTo);
    if (this.marking === undefined) this.acknowledge();
  }

  /** Counts a message and what follows it as not read. */
  unread(message: Message, before: Message | undefined): void {
    const upTo = before?.id ?? message.channel_id;
    this.marks.delete(message.channel_id);
    this.tell({ kind: "read", channelId: message.channel_id, read: { upTo, mentions: 0 } });
    // Where it does not get through, this device knows, and the next one it is read on.
    this.rest.post(`/channels/${message.channel_id}/messages/${upTo}/ack`, { manual: true, mention_count: 0 }).catch(() => undefined);
  }

  /** Tells the server how far one has read, and no oftener than it wants to hear it. */
  private acknowledge(): void {
    this.marking = undefined;
    const marks = [...this.marks].slice(0, ACKNOWLEDGED_MAX);
    if (marks.length === 0) return;
    for (const [channelId] of marks) this.marks.delete(channelId);
    const read_states = marks.map(([channel_id, message_id]) => ({ channel_id, message_id, read_state_type: 0 }));
    this.rest.post("/read-states/ack-bulk", { read_states }).catch((error: unknown) => {
      // What does not reach the server is said again; what it does not want, is not.
      if (!(error instanceof Problem) || error.status !== 0) return;
      for (const [channelId, upTo] of marks) if (!this.marks.has(channelId)) this.marks.set(channelId, upTo);
    });
    this.marking = setTimeout(() => this.acknowledge(), ACKNOWLEDGE_MS);
  }

  private signedOut(): void {
    // What was not sent yet waits for whoever signs in again as the same person.
    this.saveNow();
    this.gateway.close();
    this.tell({ kind: "signedOut" });
    this.onSignedOut();
  }

  private save(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.saveNow, 500);
  }

  private saveNow = (): void => {
    clearTimeout(this.saving);
    const { me, reads, outbox } = this.state();
    if (me !== null) keep(`state.${accountOf(this.token)}`, { reads, outbox });
  };
}

/** What keeps one account's state apart from another's in the browser. */
function accountOf(token: string): string {
  return token.split(".")[0] ?? "";
}

function at(message: Message): string {
  return `/channels/${message.channel_id}/messages/${message.id}`;
}

/** An emoji as it stands in a path. */
export function inPath(emoji: Emoji): string {
  return encodeURIComponent(emoji.id === null ? emoji.name : `${emoji.name}:${emoji.id}`);
}
