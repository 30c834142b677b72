import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env["DECENTRA_SERVER_BIN"] ?? join(root, "target/debug/decentra-server");

/** A server of a test's own, on a port and with data of its own. */
export class Server {
  private child: ChildProcess | undefined;
  private readonly data = mkdtempSync(join(tmpdir(), "decentra-e2e-"));

  private constructor(
    readonly port: number,
    private readonly flags: readonly string[],
  ) {}

  static async start(...flags: string[]): Promise<Server> {
    const server = new Server(await freePort(), flags);
    await server.run();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Runs it, on what it left behind if it ran before. */
  async run(): Promise<void> {
    // The client of this folder, whichever one is within the program.
    const arguments_ = ["--listen", `127.0.0.1:${this.port}`, "--data-dir", this.data, "--web-dir", join(root, "web/dist"), ...this.flags];
    this.child = spawn(program, arguments_, { stdio: "ignore" });
    const ended = new Promise<never>((_, reject) => this.child?.once("exit", (code) => reject(new Error(`the server ended: ${code}`))));
    ended.catch(() => undefined);
    await Promise.race([this.isReady(), ended]);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(signal);
    });
  }

  async end(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }

  private async isReady(): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Someone who calls the API, to set a scene. */
export class Person {
  private constructor(
    private readonly url: string,
    readonly token: string,
    readonly id: string,
  ) {}

  static async register(server: Server, username: string, extra: object = {}): Promise<Person> {
    const body = { username, password: PASSWORD, ...extra };
    const { token, user_id } = await call<{ token: string; user_id: string }>(server.url, null, "POST", "/auth/register", body);
    return new Person(server.url, token, user_id);
  }

  get = <T>(path: string): Promise<T> => call<T>(this.url, this.token, "GET", path);
  post = <T>(path: string, body: object = {}): Promise<T> => call<T>(this.url, this.token, "POST", path, body);
  put = <T>(path: string, body: object = {}): Promise<T> => call<T>(this.url, this.token, "PUT", path, body);
  patch = <T>(path: string, body: object): Promise<T> => call<T>(this.url, this.token, "PATCH", path, body);
  delete = <T>(path: string): Promise<T> => call<T>(this.url, this.token, "DELETE", path);
  say = (channelId: string, content: string, more: object = {}): Promise<{ id: string }> => this.post(`/channels/${channelId}/messages`, { content, ...more });
}

export const PASSWORD = "a long password";

async function call<T>(url: string, token: string | null, method: string, path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  if (token !== null) headers["authorization"] = token;
  const answer = await fetch(`${url}/api/v10${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
