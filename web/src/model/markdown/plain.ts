import type { Node } from "./nodes";

/** What `nodes` say, in one line and without marks; `name` tells how mentions read. */
export function plain(nodes: readonly Node[], name: (node: Node) => string): string {
  return nodes.map((node) => words(node, name)).join("").replace(/\s+/g, " ").trim();
}

function words(node: Node, name: (node: Node) => string): string {
  switch (node.kind) {
    case "text":
    case "code":
      return node.text;
    case "block":
      return ` ${node.text} `;
    case "spoiler":
      return "▮▮▮▮";
    case "strong":
    case "emphasis":
    case "underline":
    case "strike":
    case "link":
      return plain(node.of, name);
    case "quote":
    case "small":
    case "heading":
      return ` ${plain(node.of, name)} `;
    case "list":
      return ` ${node.items.map((item) => plain(item, name)).join(" · ")} `;
    case "break":
      return " ";
    case "emoji":
      return `:${node.name}:`;
    case "user":
    case "role":
    case "channel":
    case "all":
    case "time":
      return name(node);
  }
}
