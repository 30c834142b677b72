import { Problem } from "../api/problem";
import type { Rest } from "../api/rest";
import type { Event } from "../model/event";
import type { Message } from "../model/objects";
import type { Pending, State } from "../model/state";

/**
 * Sends what was written: one after the other, oldest first, so that a refusal or a lost network can never change the
 * order; each with its own mark, so that it is stored once however often it is sent.
 */
export class Outbox {
  private isSending = false;

  constructor(
    private readonly rest: Rest,
    private readonly state: () => State,
    private readonly tell: (event: Event) => void,
  ) {}

  /** Sends what waits. Called whenever something was written, and when the line is there again. */
  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let next = this.next(); next !== undefined; next = this.next()) {
        if (!(await this.sent(next))) return;
      }
    } finally {
      this.isSending = false;
    }
  }

  private next(): Pending | undefined {
    return this.state().outbox.find((pending) => pending.failure === null);
  }

  /** Sends one; whether the next one may follow at once. */
  private async sent(pending: Pending): Promise<boolean> {
    try {
      const message = await this.rest.post<Message>(`/channels/${pending.channelId}/messages`, bodyOf(pending));
      // The gateway tells it, too, and whatever comes first is shown.
      this.tell({ kind: "dispatch", t: "MESSAGE_CREATE", d: { ...message, nonce: pending.nonce } });
      this.tell({ kind: "settled", nonce: pending.nonce });
      return true;
    } catch (error) {
      const problem = error instanceof Problem ? error : null;
      if (problem?.isPassing) {
        setTimeout(() => void this.send(), problem.waitMs ?? RETRY_MS);
        return false;
      }
      this.tell({ kind: "failed", nonce: pending.nonce, failure: problem?.message ?? String(error) });
      return true;
    }
  }
}

/** How long one waits before one tries again, where nobody says how long, in milliseconds. */
const RETRY_MS = 3_000;

function bodyOf(pending: Pending): unknown {
  const { content, nonce, replyTo, pings } = pending;
  const body = { content, nonce, enforce_nonce: true };
  if (replyTo === null) return body;
  return {
    ...body,
    message_reference: { message_id: replyTo, fail_if_not_exists: false },
    allowed_mentions: { parse: ["users", "roles", "everyone"], replied_user: pings },
  };
}

/** A mark that no other message has: 25 characters at most, which is what the server takes. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
