import type { Node } from "./nodes";

/** How deep marks may stand in each other; what is deeper is text. */
export const DEPTH_MAX = 10;

/** Marks that enclose something, the longer before those that they begin with. */
const MARKS = [
  ["**", "strong"],
  ["__", "underline"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["*", "emphasis"],
  ["_", "emphasis"],
] as const;

const ADDRESS = /^https?:\/\/[^\s<>]+/i;

/** The forms in angle brackets, and what begins without one. Each is tried where its first character stands. */
const FORMS: readonly (readonly [RegExp, (found: RegExpExecArray) => Node | null])[] = [
  [/^<@!?(\d{1,20})>/, ([, id = ""]) => ({ kind: "user", id })],
  [/^<@&(\d{1,20})>/, ([, id = ""]) => ({ kind: "role", id })],
  [/^<#(\d{1,20})>/, ([, id = ""]) => ({ kind: "channel", id })],
  [/^<(a?):(\w{1,32}):(\d{1,20})>/, ([, animated, name = "", id = ""]) => ({ kind: "emoji", id, name, isAnimated: animated === "a" })],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, ([, unix, style = "f"]) => time(Number(unix), style)],
  [/^<(https?:\/\/[^\s<>]+)>/i, ([, url = ""]) => link(url)],
  [/^@(everyone|here)\b/, ([text]) => ({ kind: "all", text: text as "@everyone" | "@here" })],
];

/** The text within a block, without line breaks that begin another one. */
export function inline(text: string, depth = 0): readonly Node[] {
  const nodes: Node[] = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") nodes.push({ kind: "text", text: plain });
    plain = "";
  };
  while (at < text.length) {
    const found = piece(text, at, depth);
    if (found === null) {
      plain += text[at];
      at += 1;
    } else if (typeof found.node === "string") {
      plain += found.node;
      at = found.end;
    } else {
      flush();
      nodes.push(found.node);
      at = found.end;
    }
  }
  flush();
  return nodes;
}

type Piece = { readonly node: Node | string; readonly end: number };

/** What begins at `at`, if it is more than a character. */
function piece(text: string, at: number, depth: number): Piece | null {
  switch (text[at]) {
    case "\n":
      return { node: { kind: "break" }, end: at + 1 };
    case "\\":
      return /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "") ? { node: text[at + 1] as string, end: at + 2 } : null;
    case "`":
      return code(text, at);
    case "*":
    case "_":
    case "~":
    case "|":
      return depth < DEPTH_MAX ? enclosed(text, at, depth) : null;
    case "[":
      return depth < DEPTH_MAX ? masked(text, at, depth) : null;
    case "<":
    case "@":
      return form(text, at);
    case "h":
    case "H":
      return address(text, at);
    default:
      return null;
  }
}

function code(text: string, at: number): Piece | null {
  const mark = /^`+/.exec(text.slice(at, at + 8))?.[0] ?? "`";
  let end = text.indexOf(mark, at + mark.length);
  // The end is a mark of just this length.
  while (end >= 0 && text[end + mark.length] === "`") {
    const run = /^`+/.exec(text.slice(end))?.[0].length ?? 1;
    end = run === mark.length ? end : text.indexOf(mark, end + run);
  }
  if (end <= at + mark.length) return null;
  const inner = text.slice(at + mark.length, end);
  return { node: { kind: "code", text: mark.length > 1 ? inner.trim() : inner }, end: end + mark.length };
}

function enclosed(text: string, at: number, depth: number): Piece | null {
  for (const [mark, kind] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    if (mark === "_" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) continue;
    if (mark.length === 1 && /\s/.test(text[at + 1] ?? " ")) continue;
    const end = closing(text, at + mark.length, mark);
    if (end < 0) continue;
    const of = inline(text.slice(at + mark.length, end), depth + 1);
    return { node: { kind, of }, end: end + mark.length };
  }
  return null;
}

/** Where `mark` closes what begins at `from`; -1, if it does not, or if nothing is in it. */
function closing(text: string, from: number, mark: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
    } else if (text[at] === "`") {
      at = (code(text, at)?.end ?? at + 1) - 1;
    } else if (text.startsWith(mark, at)) {
      if (at > from && closes(text, at, mark)) return at;
      if (mark.length === 1 && text[at + 1] === mark) at += 1;
    }
  }
  return -1;
}

function closes(text: string, at: number, mark: string): boolean {
  // Of three asterisks, the outer ones are the strong ones.
  if (mark === "**") return text[at + 2] !== "*";
  if (mark === "*") return text[at + 1] !== "*" && !/\s/.test(text[at - 1] ?? " ");
  if (mark === "_") return text[at + 1] !== "_" && !/[\p{L}\p{N}]/u.test(text[at + 1] ?? "");
  return true;
}

function masked(text: string, at: number, depth: number): Piece | null {
  const found = /^\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\)/i.exec(text.slice(at));
  if (found === null) return null;
  const [whole, label = "", address = ""] = found;
  const url = safe(address);
  // A label that looks like an address would tell another place than the one that it leads to.
  if (url === null || /https?:\/\//i.test(label)) return null;
  const of = inline(label, depth + 1).filter((node) => node.kind !== "link");
  return { node: { kind: "link", url, of }, end: at + whole.length };
}

function form(text: string, at: number): Piece | null {
  const rest = text.slice(at, at + 2048);
  for (const [pattern, make] of FORMS) {
    const found = pattern.exec(rest);
    const node = found === null ? null : make(found);
    if (found !== null && node !== null) return { node, end: at + found[0].length };
  }
  return null;
}

function address(text: string, at: number): Piece | null {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  const found = ADDRESS.exec(text.slice(at))?.[0];
  if (found === undefined) return null;
  const url = trimmed(found);
  const node = link(url);
  return node === null ? null : { node, end: at + url.length };
}

/** An address without the punctuation that belongs to the sentence around it. */
function trimmed(url: string): string {
  let end = url.length;
  while (end > 0) {
    const last = url[end - 1] as string;
    const isExtra = ".,:;!?\"'*_~|".includes(last) || (last === ")" && count(url, ")", end) > count(url, "(", end));
    if (!isExtra) break;
    end -= 1;
  }
  return url.slice(0, end);
}

function count(text: string, character: string, end: number): number {
  return text.slice(0, end).split(character).length - 1;
}

function link(url: string): Node | null {
  const href = safe(url);
  return href === null ? null : { kind: "link", url: href, of: [{ kind: "text", text: url }] };
}

/** The address as the browser takes it, if it leads into the web and nowhere else. */
function safe(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The farthest moment from 1970 that a date can hold, in seconds. Source: ECMAScript, "Time Values and Time Range". */
const UNIX_MAX = 8.64e12;

function time(unix: number, style: string): Node | null {
  return Math.abs(unix) <= UNIX_MAX ? { kind: "time", unix, style } : null;
}
