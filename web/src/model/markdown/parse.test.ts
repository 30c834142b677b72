import { expect, test } from "vitest";
import type { Node } from "./nodes";
import { isJumbo, parse } from "./parse";

/** Nodes in a form that is short to read: `strong(a)`. */
function short(nodes: readonly Node[]): string {
  return nodes.map((node) => {
    switch (node.kind) {
      case "text": return node.text;
      case "break": return "⏎";
      case "code": return `code(${node.text})`;
      case "block": return `block[${node.language}](${node.text})`;
      case "link": return `link[${node.url}](${short(node.of)})`;
      case "heading": return `h${node.level}(${short(node.of)})`;
      case "list": return `list${node.start ?? ""}(${node.items.map(short).join("; ")})`;
      case "user": case "role": case "channel": return `${node.kind}(${node.id})`;
      case "all": return `all(${node.text})`;
      case "emoji": return `emoji(${node.name})`;
      case "time": return `time(${node.unix} ${node.style})`;
      default: return `${node.kind}(${short(node.of)})`;
    }
  }).join("");
}

test.each([
  ["hello", "hello"],
  ["**a** *b* _c_ __d__ ~~e~~ ||f||", "strong(a) emphasis(b) emphasis(c) underline(d) strike(e) spoiler(f)"],
  ["***a***", "strong(emphasis(a))"],
  ["**a *b* c**", "strong(a emphasis(b) c)"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["\\*not\\*", "*not*"],
  ["¯\\_(ツ)_/¯", "¯_(ツ)_/¯"],
  ["** nothing", "** nothing"],
  ["`**a**` ``b`c``", "code(**a**) code(b`c)"],
  ["**`a**b`**", "strong(code(a**b))"],
  ["```js\nlet a = 1;\n```", "block[js](let a = 1;)"],
  ["see ```a b``` there", "see block[](a b) there"],
  ["```one line```", "block[](one line)"],
  ["> a\n> b\nc", "quote(a⏎b)c"],
  [">>> a\nb", "quote(a⏎b)"],
  [">a", ">a"],
  ["# a\n## b\n### c\n#### d", "h1(a)h2(b)h3(c)#### d"],
  ["#channel", "#channel"],
  ["-# small", "small(small)"],
  ["- a\n- b\n  - c\n- d", "list(a; blist(c); d)"],
  ["3. a\n4. b", "list3(a; b)"],
  ["<@1> <@!2> <@&3> <#4> @everyone <:x:5> <t:6:R>", "user(1) user(2) role(3) channel(4) all(@everyone) emoji(x) time(6 R)"],
  ["see https://a.example/b_c_d. Or (https://a.example/(x))", "see link[https://a.example/b_c_d](https://a.example/b_c_d). Or (link[https://a.example/(x)](https://a.example/(x)))"],
  ["[a *b*](https://c.example)", "link[https://c.example/](a emphasis(b))"],
  ["<https://a.example>", "link[https://a.example/](https://a.example)"],
])("%j", (text, expected) => {
  expect(short(parse(text))).toBe(expected);
});

test.each([
  "[a](javascript:alert(1))",
  "<javascript:alert(1)>",
  "[https://good.example](https://evil.example)",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<t:99999999999999999999>",
])("%j is text", (text) => {
  const nodes = parse(text);
  expect(nodes.every((node) => node.kind === "text" || (node.kind === "link" && node.url.startsWith("https://")))).toBe(true);
  expect(nodes.some((node) => node.kind === "link" && node.url !== (node.of[0] as { text: string }).text.replace(/\/?$/, "/"))).toBe(false);
});

test("what stands deep in each other ends somewhere, and soon", () => {
  for (const text of ["*_".repeat(2000), "> ".repeat(2000) + "a", "||**".repeat(1000) + "a" + "**||".repeat(1000), "[".repeat(4000), "`".repeat(4000), "<".repeat(4000)]) {
    expect(JSON.stringify(parse(text)).length).toBeGreaterThan(0);
  }
});

test("a few emojis alone are large", () => {
  expect(["👍", "👩‍🚀 🌻", "<:x:1>"].map((text) => isJumbo(parse(text)))).toEqual([true, true, true]);
  expect(["👍 yes", "1", "#", ""].map((text) => isJumbo(parse(text)))).toEqual([false, false, false, false]);
});
