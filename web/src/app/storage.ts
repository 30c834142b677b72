/** What the browser keeps for the next visit. Where it keeps nothing (it is full, or forbidden), the client goes on without. */
export function kept<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`decentra.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

/** Keeps `value` under `key`; `null` lets go of it. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`decentra.${key}`);
    else localStorage.setItem(`decentra.${key}`, JSON.stringify(value));
  } catch {
    // Nothing is lost that is shown now.
  }
}
