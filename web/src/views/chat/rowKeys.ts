import type { Client } from "../../app/client";
import { Permission } from "../../model/permission";
import type { Chat } from "./chat";

/** What the keys do while the focus is in the list of messages: walk it, and act on the message that has it. */
export function onRowKey(event: KeyboardEvent, chat: Chat, client: Client): void {
  const target = event.target as HTMLElement;
  const list = event.currentTarget as HTMLElement;
  if (target !== list && !target.classList.contains("message")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...list.querySelectorAll<HTMLElement>(".message[data-key]:not(.pending)")];
  const at = rows.indexOf(target);
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const next = at < 0 ? rows.at(-1) : rows[at + (event.key === "ArrowUp" ? -1 : 1)];
    event.preventDefault();
    if (next === undefined) {
      if (event.key === "ArrowDown") chat.focus();
      return;
    }
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return;
  }
  const message = client.state().timelines[chat.channel().id]?.messages.find((message) => message.id === target.dataset["key"]);
  if (message === undefined) return;
  const act = actions(chat)[event.key.toLowerCase()];
  if (act === undefined) return;
  event.preventDefault();
  act(message, event.shiftKey);
}

type Act = (message: Parameters<Chat["remove"]>[0], withShift: boolean) => void;

function actions(chat: Chat): Readonly<Record<string, Act | undefined>> {
  return {
    r: (message) => {
      if (!chat.may(Permission.SendMessages)) return;
      chat.setReplyTo(message);
      chat.focus();
    },
    e: (message) => chat.isOwn(message) && chat.setEditing(message.id),
    "+": (message) => chat.toggle(message, { id: null, name: "👍" }),
    delete: (message, withShift) => chat.mayDelete(message) && chat.remove(message, withShift),
    escape: () => chat.focus(),
  };
}
