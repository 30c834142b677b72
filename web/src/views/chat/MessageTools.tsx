import { Show } from "solid-js";
import type { Message } from "../../model/objects";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { EmojiButton } from "../emoji/EmojiButton";
import { IconButton } from "../common/IconButton";
import { useChat } from "./chat";

/** What can be done with the message that one points at, or that has the focus. */
export function MessageTools(props: { message: Message }) {
  const chat = useChat();
  const openMenu = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    const { left, bottom } = button.getBoundingClientRect();
    button.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX: left, clientY: bottom + 4 }));
  };
  return (
    <div class="message-tools" role="group" aria-label={words().message.actions}>
      <Show when={chat.may(Permission.AddReactions)}>
        <EmojiButton icon="face-slightly-smiling-plus" label={words().message.react} onOpen={chat.hold} onChoose={(emoji) => chat.toggle(props.message, emoji)} />
      </Show>
      <Show when={chat.may(Permission.SendMessages)}>
        <IconButton icon="reply" label={words().message.reply} onClick={() => { chat.setReplyTo(props.message); chat.focus(); }} />
      </Show>
      <Show when={chat.isOwn(props.message)}>
        <IconButton icon="pencil" label={words().message.edit} onClick={() => chat.setEditing(props.message.id)} />
      </Show>
      <IconButton icon="ellipsis" label={words().message.more} aria-haspopup="menu" onClick={openMenu} />
    </div>
  );
}
