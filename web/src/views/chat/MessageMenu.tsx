import { ContextMenu } from "@kobalte/core/context-menu";
import { createSignal, Show, type JSX } from "solid-js";
import { pathTo } from "../../app/router";
import type { Id } from "../../model/id";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { Item } from "../common/Item";
import { useClient } from "../context";
import { useChat } from "./chat";

/** What can be done with a message, where one right-clicks it. One menu serves all rows of the list. */
export function MessageMenu(props: { children: JSX.Element }) {
  const client = useClient();
  const chat = useChat();
  const [id, setId] = createSignal<Id>("");
  let withShift = false;
  const message = () => client.state().timelines[chat.channel().id]?.messages.find((message) => message.id === id());
  const aim = (event: MouseEvent) => {
    const target = event.target as Element;
    const found = target.closest<HTMLElement>(".message[data-key]")?.dataset["key"];
    // Where there is a link or a selection, the browser's own menu is of more use.
    const isText = target.closest("a, input, textarea") !== null || getSelection()?.isCollapsed === false;
    setId(found ?? "");
    withShift = event.shiftKey;
    if (found === undefined || isText) event.stopPropagation();
    return found !== undefined && !isText;
  };
  const copy = (text: string) => void navigator.clipboard?.writeText(text).catch(() => undefined);
  const unread = () => {
    const all = client.state().timelines[chat.channel().id]?.messages ?? [];
    const at = all.findIndex((other) => other.id === id());
    const message = all[at];
    if (message !== undefined) client.unread(message, all[at - 1]);
  };
  return (
    <ContextMenu modal={false}>
      <ContextMenu.Trigger class="messages-area" on:contextmenu={{ capture: true, handleEvent: (event: MouseEvent) => void aim(event) }}>{props.children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <Show when={message()}>
          {(message) => (
            <ContextMenu.Content class="menu" onCloseAutoFocus={(event: Event) => event.preventDefault()}>
              <Show when={chat.may(Permission.SendMessages)}><Item icon="reply" label={words().message.reply} keys="R" does={() => { chat.setReplyTo(message()); setTimeout(chat.focus); }} /></Show>
              <Show when={chat.isOwn(message())}><Item icon="pencil" label={words().message.edit} keys="E" does={() => chat.setEditing(message().id)} /></Show>
              <Show when={chat.may(Permission.ManageMessages) || chat.may(Permission.PinMessages)}>
                <Item icon={message().pinned ? "pin-off" : "pin"} label={message().pinned ? words().message.unpin : words().message.pin} does={() => void (message().pinned ? client.unpin(message()) : client.pin(message())).catch(() => undefined)} />
              </Show>
              <Item icon="message-square" label={words().message.markUnread} does={unread} />
              <ContextMenu.Separator class="menu-line" />
              <Item icon="copy" label={words().message.copyText} does={() => copy(message().content)} />
              <Item icon="link" label={words().message.copyLink} does={() => copy(location.origin + pathTo(chat.channel().guild_id, chat.channel().id, message().id))} />
              <Show when={chat.mayDelete(message())}>
                <ContextMenu.Separator class="menu-line" />
                <Item icon="trash" label={words().message.delete} keys="Del" isDangerous does={() => chat.remove(message(), withShift)} />
              </Show>
            </ContextMenu.Content>
          )}
        </Show>
      </ContextMenu.Portal>
    </ContextMenu>
  );
}
