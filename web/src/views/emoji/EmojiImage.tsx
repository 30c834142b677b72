import { Show } from "solid-js";
import type { Emoji } from "../../model/objects";

/** An emoji: a character, or a community's picture. */
export function EmojiImage(props: { emoji: Emoji }) {
  return (
    <Show when={props.emoji.id} fallback={<span class="glyph" aria-hidden="true">{props.emoji.name}</span>}>
      {(id) => <img class="emoji" src={`/emojis/${id()}.webp`} alt="" />}
    </Show>
  );
}
