import { Problem, problemOf } from "./problem";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** How long an answer is waited for, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** How often a call is made again by itself when the server asks for patience. */
const TRIES_MAX = 4;

/** The HTTP API of one server, as one person. */
export class Rest {
  constructor(
    private readonly token: string | null,
    private readonly onUnauthorized: () => void = () => {},
    private readonly base = "/api/v10",
  ) {}

  get = <T>(path: string, signal?: AbortSignal): Promise<T> => this.call<T>("GET", path, undefined, signal);
  post = <T>(path: string, body: unknown = {}): Promise<T> => this.call<T>("POST", path, body);
  put = <T>(path: string, body?: unknown): Promise<T> => this.call<T>("PUT", path, body);
  patch = <T>(path: string, body: unknown): Promise<T> => this.call<T>("PATCH", path, body);
  delete = <T>(path: string, body?: unknown): Promise<T> => this.call<T>("DELETE", path, body);

  /** Makes a call; where the server asks for patience for a moment, waits for it. */
  private async call<T>(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.once<T>(method, path, body, signal);
      } catch (error) {
        const wait = error instanceof Problem && error.status === 429 ? error.waitMs : null;
        if (wait === null || wait > 5_000 || tried === TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async once<T>(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    const headers: Record<string, string> = {};
    if (this.token !== null) headers["authorization"] = this.token;
    if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method,
        headers,
        body: body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem(0, 0, "The server cannot be reached.");
    }
    const text = await response.text().catch(() => "");
    const answer = parsed(text);
    if (response.ok) return answer as T;
    if (response.status === 401 && this.token !== null) this.onUnauthorized();
    throw problemOf(response.status, answer);
  }
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
