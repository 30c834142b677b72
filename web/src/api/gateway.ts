import { Session, type Action } from "./session";

/** How the line to the server is. */
export type Line = "connecting" | "open" | "lost";

/** How long an old line has to answer when it is needed again, in milliseconds. */
const PROBE_MS = 5_000;

interface Listener {
  /** Something happened. */
  readonly told: (t: string, d: unknown) => void;
  readonly line: (line: Line) => void;
  readonly signedOut: () => void;
}

/** The line to a server: a gateway session on a socket, which comes back by itself. */
export class Gateway {
  private socket: WebSocket | null = null;
  private beating: ReturnType<typeof setTimeout> | undefined;
  private probing: ReturnType<typeof setTimeout> | undefined;
  private returning: ReturnType<typeof setTimeout> | undefined;
  private readonly session: Session;

  constructor(
    token: string,
    private readonly listener: Listener,
    private readonly address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/gateway?v=10&encoding=json`,
  ) {
    this.session = new Session(token);
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  /** Sends what is not worth keeping: it is lost, if there is no line. */
  send(payload: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(payload));
  }

  /** Ends it for good. */
  close(): void {
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.returning);
    this.leave(1000);
  }

  /** A network is there again, or someone looks at the page again: there is no need to wait, nor to believe an old line. */
  private hurry = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.socket === null) return this.connect();
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (!this.session.awaitsAnswer) this.carryOut(this.session.beat());
    clearTimeout(this.probing);
    this.probing = setTimeout(() => {
      if (this.session.awaitsAnswer) this.carryOut(this.session.closed(1006));
    }, PROBE_MS);
  };

  private connect(): void {
    clearTimeout(this.returning);
    if (this.socket !== null) return;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.listener.line("connecting");
    socket.onmessage = (event) => this.carryOut(this.session.received(String(event.data)));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.carryOut(this.session.closed(event.code));
    };
  }

  private leave(code: number): void {
    clearTimeout(this.beating);
    clearTimeout(this.probing);
    const socket = this.socket;
    this.socket = null;
    socket?.close(code);
  }

  private carryOut(actions: readonly Action[]): void {
    for (const action of actions) {
      switch (action.do) {
        case "send":
          this.send(action.payload);
          break;
        case "tell":
          if (action.t === "READY" || action.t === "RESUMED") this.listener.line("open");
          this.listener.told(action.t, action.d);
          break;
        case "beat":
          this.beatAfter(action.firstMs, action.everyMs);
          break;
        case "return":
          // Not 1000: that would end the session.
          this.leave(4900);
          this.listener.line("lost");
          this.returning = setTimeout(() => this.connect(), action.afterMs);
          break;
        case "signOut":
          this.leave(1000);
          this.listener.signedOut();
          break;
      }
    }
  }

  private beatAfter(ms: number, everyMs: number): void {
    clearTimeout(this.beating);
    this.beating = setTimeout(() => {
      this.beatAfter(everyMs, everyMs);
      this.carryOut(this.session.beat());
    }, ms);
  }
}
