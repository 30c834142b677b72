import { createSignal } from "solid-js";
import type { Id } from "../model/id";
import type { Message } from "../model/objects";

/** What stands in front of the chat. */
export type Overlay =
  | { readonly is: "switcher" | "shortcuts" | "settings" | "createGuild" }
  | { readonly is: "createChannel"; readonly guildId: Id; readonly parentId: Id | null; readonly kind: "text" | "category" }
  | { readonly is: "editChannel" | "deleteChannel"; readonly channelId: Id }
  | { readonly is: "invite" | "leaveGuild" | "guildSettings"; readonly guildId: Id }
  | { readonly is: "deleteMessage"; readonly message: Message };

const [overlay, setOverlay] = createSignal<Overlay | null>(null);

export { overlay };

export function show(next: Overlay): void {
  setOverlay(next);
}

export function dismiss(): void {
  setOverlay(null);
}

/** The pane that a phone shows: one at a time. */
export type Pane = "list" | "chat" | "members";

const [pane, showPane] = createSignal<Pane>("chat");

export { pane, showPane };
