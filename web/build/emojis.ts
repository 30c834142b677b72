import type { Plugin } from "vite";
import { gemoji } from "gemoji";

const id = "virtual:emojis";

/**
 * Gives the client a list of all emojis, as `virtual:emojis`, smaller than the package that it comes from: groups of
 * `[emoji, names, words to find it by]`, texts separated by spaces, the names without their colons.
 */
export function emojis(): Plugin {
  return {
    name: "decentra-emojis",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (source) => (source === `\0${id}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(groups()))});` : null),
  };
}

function groups(): [string, [string, string, string][]][] {
  const groups = new Map<string, [string, string, string][]>();
  for (const { emoji, names, tags, description, category } of gemoji) {
    const words = [...new Set([...tags, ...description.toLowerCase().split(/\W+/)])].filter((word) => word.length > 0);
    const group = groups.get(category) ?? [];
    group.push([emoji, names.join(" "), words.filter((word) => !names.includes(word)).join(" ")]);
    groups.set(category, group);
  }
  return [...groups];
}
