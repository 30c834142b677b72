/** Why a call did not do what it should. */
export class Problem extends Error {
  constructor(
    /** The status of the answer; 0, if there was none. */
    readonly status: number,
    /** Discord's code of the error; 0, if there is none. */
    readonly code: number,
    message: string,
    /** What is wrong with each field of the form, by its name. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** How long to wait before one tries again, in milliseconds. */
    readonly waitMs: number | null = null,
  ) {
    super(message);
  }

  /** Whether it may go better by itself a little later: nothing was decided. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The problem that an answer with an error tells. */
export function problemOf(status: number, body: unknown): Problem {
  const told = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const message = typeof told["message"] === "string" ? told["message"] : `The server answered ${status}.`;
  const code = typeof told["code"] === "number" ? told["code"] : 0;
  const wait = typeof told["retry_after"] === "number" ? told["retry_after"] * 1000 : null;
  const fields: Record<string, string> = {};
  collect(told["errors"], "", fields);
  return new Problem(status, code, Object.values(fields)[0] ?? message, fields, wait);
}

/** Reads Discord's nested errors: `{name: {_errors: [{message}]}}`. */
function collect(errors: unknown, path: string, into: Record<string, string>): void {
  if (typeof errors !== "object" || errors === null) return;
  for (const [key, value] of Object.entries(errors)) {
    if (key === "_errors") {
      const first = Array.isArray(value) ? (value[0] as { message?: unknown } | undefined) : undefined;
      if (typeof first?.message === "string") into[path] = first.message;
    } else {
      collect(value, path === "" ? key : `${path}.${key}`, into);
    }
  }
}
