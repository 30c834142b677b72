import { createEffect, type Accessor } from "solid-js";
import type { Channel, Guild } from "../model/objects";
import { isUnread } from "../model/channels";
import { useState } from "./context";

/** Has the tab tell where one is, and how often one was mentioned; a dot stands for what is only unread. */
export function createTitle(channel: Accessor<Channel | undefined>, guild: Accessor<Guild | undefined>): void {
  const mentions = useState((state) => Object.values(state.reads).reduce((sum, read) => sum + read.mentions, 0));
  const hasUnread = useState((state) => Object.values(state.channels).some((channel) => isUnread(state, channel)));
  createEffect(() => {
    const mark = mentions() > 0 ? `(${mentions()}) ` : hasUnread() ? "• " : "";
    const name = channel()?.name;
    document.title = mark + [name == null ? null : `#${name}`, guild()?.name ?? "Decentra"].filter(Boolean).join(" · ");
  });
}
