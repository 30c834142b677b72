import { For, Show } from "solid-js";
import type { Message } from "../../model/objects";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { EmojiButton } from "../emoji/EmojiButton";
import { EmojiImage } from "../emoji/EmojiImage";
import { useChat } from "./chat";

/** The emojis under a message, and how many chose each. */
export function Reactions(props: { message: Message }) {
  const chat = useChat();
  const all = () => props.message.reactions ?? [];
  return (
    <Show when={all().length > 0}>
      <div class="reactions" role="group" aria-label={words().chat.reactions}>
        <For each={all()}>
          {(reaction) => (
            <button type="button" class="reaction" aria-pressed={reaction.me} aria-label={words().chat.reacted(reaction.emoji.name, reaction.count)} onClick={() => chat.toggle(props.message, reaction.emoji)}>
              <EmojiImage emoji={reaction.emoji} />
              <span>{reaction.count}</span>
            </button>
          )}
        </For>
        <Show when={chat.may(Permission.AddReactions)}>
          <EmojiButton class="reaction add" icon="face-slightly-smiling-plus" label={words().message.react} onOpen={chat.hold} onChoose={(emoji) => chat.toggle(props.message, emoji)} />
        </Show>
      </div>
    </Show>
  );
}
