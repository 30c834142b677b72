/** What is to be done for a gateway session. */
export type Action =
  | { readonly do: "send"; readonly payload: unknown }
  /** Give each dispatch on, in order. */
  | { readonly do: "tell"; readonly t: string; readonly d: unknown }
  /** Close the connection, and come back after so many milliseconds. */
  | { readonly do: "return"; readonly afterMs: number }
  /** Send a sign of life this often. */
  | { readonly do: "beat"; readonly everyMs: number; readonly firstMs: number }
  /** The token opens nothing any more. */
  | { readonly do: "signOut" };

/** Close codes after which the session is gone, and another one is begun. Source: Discord's documentation. */
const LOST = new Set([1000, 1001, 4003, 4007, 4009]);

/** The longest pause before one tries again, in milliseconds. */
const PAUSE_MS_MAX = 20_000;

/**
 * A gateway session, without its socket and its clock: it is told what came, and tells what is to be done. Source:
 * Discord's documentation, "Gateway".
 */
export class Session {
  private id: string | null = null;
  private sequence: number | null = null;
  private isAnswered = true;
  private failures = 0;

  constructor(
    private readonly token: string,
    private readonly random: () => number = Math.random,
  ) {}

  /** Whether a sign of life was sent that is not answered yet. */
  get awaitsAnswer(): boolean {
    return !this.isAnswered;
  }

  /** A frame came. */
  received(text: string): readonly Action[] {
    const { op, d, s, t } = JSON.parse(text) as { op: number; d: unknown; s: number | null; t: string | null };
    switch (op) {
      case 0:
        return this.dispatched(t ?? "", d, s);
      case 1:
        return [this.heartbeat()];
      case 7:
        return [{ do: "return", afterMs: 0 }];
      case 9:
        if (d !== true) this.forget();
        return [{ do: "send", payload: this.opening() }];
      case 10: {
        this.isAnswered = true;
        const everyMs = (d as { heartbeat_interval: number }).heartbeat_interval;
        return [
          { do: "beat", everyMs, firstMs: everyMs * this.random() },
          { do: "send", payload: this.opening() },
        ];
      }
      case 11:
        this.isAnswered = true;
        return [];
      default:
        return [];
    }
  }

  /** The time for a sign of life has come. Where the last one was not answered, nobody is there. */
  beat(): readonly Action[] {
    if (!this.isAnswered) return [{ do: "return", afterMs: this.pause() }];
    this.isAnswered = false;
    return [this.heartbeat()];
  }

  /** The connection is gone. */
  closed(code: number): readonly Action[] {
    if (code === 4004) return [{ do: "signOut" }];
    if (LOST.has(code) && code !== 1001) this.forget();
    return [{ do: "return", afterMs: this.pause() }];
  }

  private dispatched(t: string, d: unknown, s: number | null): readonly Action[] {
    if (s !== null) this.sequence = s;
    if (t === "READY") this.id = (d as { session_id: string }).session_id;
    if (t === "READY" || t === "RESUMED") this.failures = 0;
    return [{ do: "tell", t, d }];
  }

  private heartbeat(): Action {
    return { do: "send", payload: { op: 1, d: this.sequence } };
  }

  private opening(): unknown {
    if (this.id !== null) return { op: 6, d: { token: this.token, session_id: this.id, seq: this.sequence } };
    const properties = { os: "", browser: "Decentra", device: "" };
    // What is not a bot and tells what it can do gets its guilds whole.
    return { op: 2, d: { token: this.token, capabilities: 1, properties, presence: null } };
  }

  private forget(): void {
    this.id = null;
    this.sequence = null;
  }

  /** Longer with each failure, and never the same for all who lost the server at one moment. */
  private pause(): number {
    const pause = Math.min(PAUSE_MS_MAX, 500 * 2 ** this.failures);
    this.failures += 1;
    return pause * (0.5 + this.random() / 2);
  }
}
