import type { Id } from "../../model/id";
import { parse } from "../../model/markdown/parse";
import { plain } from "../../model/markdown/plain";
import type { Node } from "../../model/markdown/nodes";
import { nameOf } from "../../model/names";
import type { Message } from "../../model/objects";
import type { State } from "../../model/state";
import { clock } from "../../words/moments";

/** Characters of a message's gist, at most. */
const CHARS_MAX = 160;

/** What a message says, in one line without marks. */
export function gist(state: State, message: Message, guildId: Id | undefined): string {
  const name = (node: Node): string => {
    switch (node.kind) {
      case "user": {
        const user = state.users[node.id];
        return `@${user === undefined ? "…" : nameOf(state, user, guildId)}`;
      }
      case "role":
        return `@${state.roles[guildId ?? ""]?.[node.id]?.name ?? "…"}`;
      case "channel":
        return `#${state.channels[node.id]?.name ?? "…"}`;
      case "time":
        return clock(node.unix * 1000);
      case "all":
        return node.text;
      default:
        return "";
    }
  };
  const text = plain(parse(message.content), name) || message.attachments.map((file) => file.filename).join(", ") || message.embeds[0]?.title || "";
  return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text;
}
