/** A line of the lobby, as it is shown. */
export interface LobbyLine {
  readonly key: string;
  /** Who said it; `null`, if it tells what happened. */
  readonly name: string | null;
  readonly text: string;
  readonly at: number | null;
  readonly isOwn: boolean;
}

/** What the lobby tells the page. */
export interface LobbyListener {
  readonly entered: (name: string, lines: readonly LobbyLine[]) => void;
  readonly line: (line: LobbyLine) => void;
  /** It is over; why, if somebody said so. */
  readonly closed: (why: string | null, mayReturn: boolean) => void;
}

/** Close codes after which it is no use to come again under the same name: it is taken, or guests are not let in. */
const REFUSED = new Set([1000, 1002, 1007, 4001, 4002]);

type Frame = Readonly<Record<string, unknown>>;

/** The lobby protocol, as a guest (`docs` of the first Decentra; DESIGN 2.3). */
export class Lobby {
  private readonly socket: WebSocket;
  private own: string;
  private lastWord: string | null = null;
  private count = 0;

  constructor(
    private readonly name: string,
    private readonly listener: LobbyListener,
  ) {
    this.own = name;
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/`);
    this.socket.onopen = () => this.socket.send(JSON.stringify({ type: "join", username: this.name }));
    this.socket.onmessage = (event) => this.received(JSON.parse(String(event.data)) as Frame);
    this.socket.onclose = (event) => this.listener.closed(this.lastWord, !REFUSED.has(event.code));
  }

  say(content: string): void {
    this.socket.send(JSON.stringify({ type: "message", content }));
  }

  leave(): void {
    this.socket.onclose = null;
    this.socket.close(1000);
  }

  private received(frame: Frame): void {
    switch (frame["type"]) {
      case "history": {
        const { you, messages } = frame;
        if (typeof you === "string") this.own = you;
        this.lastWord = null;
        this.listener.entered(this.own, Array.isArray(messages) ? messages.map((message) => this.line(message as Frame)) : []);
        break;
      }
      case "message":
        this.listener.line(this.line(frame));
        break;
      case "system":
        this.lastWord = String(frame["content"] ?? "");
        this.listener.line({ ...this.line(frame), name: null, isOwn: false });
        break;
      default:
        // Of another version: it is no loss.
        break;
    }
  }

  private line(frame: Frame): LobbyLine {
    this.count += 1;
    const name = String(frame["username"] ?? "");
    const at = Date.parse(`${String(frame["timestamp"] ?? "")}Z`);
    return { key: String(this.count), name, text: String(frame["content"] ?? ""), at: Number.isNaN(at) ? null : at, isOwn: name === this.own };
  }
}
