import { words } from "./words";

/** Formats are dear to make, and there are few of them. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = words().locale + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(words().locale, options);
  formats.set(key, known);
  return known;
}

/** The hour and the minute, such as `10:02`. */
export function clock(at: number): string {
  return format({ hour: "2-digit", minute: "2-digit" }).format(at);
}

/** A day, as one speaks of it: today, yesterday, or `Tuesday, 3 March 2026`. */
export function day(at: number, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return words().chat.today;
  if (days === 1) return words().chat.yesterday;
  return format({ dateStyle: "full" }).format(at);
}

/** A moment in few words: the time, if it was today, else the date, too. */
export function moment(at: number, now = Date.now()): string {
  if (startOfDay(at) === startOfDay(now)) return clock(at);
  return `${format({ day: "numeric", month: "short", year: "numeric" }).format(at)}, ${clock(at)}`;
}

/** A moment in full, for who wants to know it exactly. */
export function exactly(at: number): string {
  return format({ dateStyle: "full", timeStyle: "short" }).format(at);
}

export function date(at: number): string {
  return format({ dateStyle: "long" }).format(at);
}

/** How long ago something was, or how soon it is: `3 minutes ago`. */
export function ago(at: number, now = Date.now()): string {
  const seconds = (at - now) / 1000;
  const units = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]] as const;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
  return new Intl.RelativeTimeFormat(words().locale, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
