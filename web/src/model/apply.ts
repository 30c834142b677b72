/**
 * What becomes of what is known when something happens: a function of both, and nothing else. Events that it does not know
 * change nothing, so that an older client lives with a newer server.
 */
import { guildDispatch } from "./apply/guild";
import { messageDispatch } from "./apply/message";
import { ready } from "./apply/ready";
import { presenceDispatch } from "./apply/presence";
import type { Dispatch, Event, Local } from "./event";
import type { Ready } from "./objects";
import { nothing, put, type State } from "./state";
import { withPage } from "./timeline";
import { knownUsers } from "./apply/users";

export function apply(state: State, event: Event): State {
  return event.kind === "dispatch" ? dispatched(state, event) : local(state, event);
}

function dispatched(state: State, { t, d }: Dispatch): State {
  if (t === "READY") return ready(state, d as Ready);
  // What comes before READY is of a session that is gone.
  if (!state.isReady) return state;
  return messageDispatch(state, t, d) ?? guildDispatch(state, t, d) ?? presenceDispatch(state, t, d) ?? state;
}

function local(state: State, event: Local): State {
  switch (event.kind) {
    case "page": {
      const timeline = withPage(state.timelines[event.channelId], event.messages, event.of, event.limit);
      return { ...knownUsers(state, event.messages.map((message) => message.author)), timelines: put(state.timelines, event.channelId, timeline) };
    }
    case "read":
      return { ...state, reads: put(state.reads, event.channelId, event.read) };
    case "written":
      return { ...state, outbox: [...state.outbox, event.pending] };
    case "failed":
      return {
        ...state,
        outbox: state.outbox.map((pending) => (pending.nonce === event.nonce ? { ...pending, failure: event.failure } : pending)),
      };
    case "settled":
      return { ...state, outbox: state.outbox.filter((pending) => pending.nonce !== event.nonce) };
    case "quiet":
      return { ...state, typing: stillTyping(state, event.before) };
    case "signedOut":
      return nothing;
    default: {
      const unknown: never = event;
      return unknown;
    }
  }
}

function stillTyping(state: State, before: number): State["typing"] {
  const channels = Object.entries(state.typing).map(
    ([channel, users]) => [channel, Object.fromEntries(Object.entries(users).filter(([, at]) => at >= before))] as const,
  );
  return Object.fromEntries(channels.filter(([, users]) => Object.keys(users).length > 0));
}
