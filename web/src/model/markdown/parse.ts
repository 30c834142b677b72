import { DEPTH_MAX, inline } from "./inline";
import type { Node } from "./nodes";

/** A message's text, read as Discord reads it. */
export function parse(text: string): readonly Node[] {
  return blocks(text.replace(/\r\n?/g, "\n"), 0);
}

/** Whether a message is nothing but a few emojis, which are then shown large. */
export function isJumbo(nodes: readonly Node[]): boolean {
  let count = 0;
  for (const node of nodes) {
    if (node.kind === "emoji") count += 1;
    else if (node.kind === "text" && /^(\s|\p{Extended_Pictographic}|\p{Emoji_Component})+$/u.test(node.text) && !/[\d#*]/.test(node.text))
      count += node.text.match(/\p{Extended_Pictographic}(\u200d\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)*/gu)?.length ?? 0;
    else if (node.kind !== "break") return false;
  }
  return count > 0 && count <= 27;
}

const FENCE = /```(?:([\w+#.-]{1,32})\n)?([\s\S]+?)```/;

function blocks(text: string, depth: number): readonly Node[] {
  const fence = FENCE.exec(text);
  if (fence === null) return lines(text, depth);
  const [whole, language = "", code = ""] = fence;
  const before = text.slice(0, fence.index).replace(/\n$/, "");
  const after = text.slice(fence.index + whole.length).replace(/^\n/, "");
  const block: Node = { kind: "block", language: language.toLowerCase(), text: code.replace(/^\n+|\s+$/g, "") };
  // A quote goes on to the end of the line, or of the message, with the code that is in it.
  if (/^>>> /m.test(before) || /(^|\n)> [^\n]*$/.test(before)) return lines(text, depth);
  return [...(before === "" ? [] : lines(before, depth)), block, ...(after === "" ? [] : blocks(after, depth))];
}

function lines(text: string, depth: number): readonly Node[] {
  const nodes: Node[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) nodes.push(...inline(plain.join("\n"), depth));
    plain = [];
  };
  const all = text.split("\n");
  for (let at = 0; at < all.length; ) {
    const found = depth < DEPTH_MAX ? block(all, at, depth) : null;
    if (found === null) {
      plain.push(all[at] as string);
      at += 1;
    } else {
      flush();
      nodes.push(found.node);
      at = found.end;
    }
  }
  flush();
  return nodes;
}

/** The block that begins in the line `at`, and the line after it. */
function block(all: readonly string[], at: number, depth: number): { readonly node: Node; readonly end: number } | null {
  const line = all[at] as string;
  if (line.startsWith(">>> ")) {
    const of = blocks([line.slice(4), ...all.slice(at + 1)].join("\n"), depth + 1);
    return { node: { kind: "quote", of }, end: all.length };
  }
  if (/^> /.test(line)) {
    let end = at;
    while (/^> ?/.test(all[end] ?? "")) end += 1;
    const inner = all.slice(at, end).map((line) => line.replace(/^> ?/, ""));
    return { node: { kind: "quote", of: blocks(inner.join("\n"), depth + 1) }, end };
  }
  const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
  if (heading !== null) {
    const [, marks = "#", rest = ""] = heading;
    return { node: { kind: "heading", level: marks.length as 1 | 2 | 3, of: inline(rest, depth + 1) }, end: at + 1 };
  }
  const small = /^-# +(\S.*)$/.exec(line);
  if (small !== null) return { node: { kind: "small", of: inline(small[1] as string, depth + 1) }, end: at + 1 };
  return list(all, at, depth);
}

const ITEM = /^( *)(?:([-*])|(\d{1,9})\.) +(\S.*)$/;

function list(all: readonly string[], at: number, depth: number): { readonly node: Node; readonly end: number } | null {
  const first = ITEM.exec(all[at] as string);
  if (first === null) return null;
  const [, indent = "", , number] = first;
  const items: Node[][] = [];
  let end = at;
  while (end < all.length) {
    const found = ITEM.exec(all[end] as string);
    if (found === null || (found[1] as string).length < indent.length) break;
    const isDeeper = (found[1] as string).length >= indent.length + 2;
    if (isDeeper && items.length > 0) {
      const inner = depth < DEPTH_MAX ? list(all, end, depth + 1) : null;
      if (inner === null) break;
      items.at(-1)?.push(inner.node);
      end = inner.end;
    } else {
      if ((found[3] === undefined) !== (number === undefined)) break;
      items.push([...inline(found[4] as string, depth + 1)]);
      end += 1;
    }
  }
  return { node: { kind: "list", start: number === undefined ? null : Number(number), items }, end };
}
