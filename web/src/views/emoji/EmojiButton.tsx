import { Popover } from "@kobalte/core/popover";
import { createSignal, lazy, onCleanup, Suspense } from "solid-js";
import type { Emoji } from "../../model/objects";
import { words } from "../../words/words";
import { Icon, type IconName } from "../icon/Icon";

// With its list of all emojis, the picker is fetched when it is first needed.
const EmojiPicker = lazy(() => import("./EmojiPicker").then(({ EmojiPicker }) => ({ default: EmojiPicker })));

/** A button that has an emoji chosen. */
export function EmojiButton(props: { icon: IconName; label: string; class?: string; onChoose: (emoji: Emoji) => void; onOpen?: (isOpen: boolean) => void }) {
  const [isOpen, turn] = createSignal(false);
  const setOpen = (isOpen: boolean) => {
    props.onOpen?.(isOpen);
    turn(isOpen);
  };
  onCleanup(() => isOpen() && props.onOpen?.(false));
  const choose = (emoji: Emoji, goesOn: boolean) => {
    props.onChoose(emoji);
    if (!goesOn) setOpen(false);
  };
  return (
    <Popover open={isOpen()} onOpenChange={setOpen} placement="top-end" gutter={8}>
      <Popover.Trigger class={props.class ?? "icon-button"} aria-label={props.label} title={props.label}><Icon name={props.icon} /></Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="menu emoji-popover" aria-label={words().emoji.title}>
          <Suspense fallback={<div class="emoji-picker" />}><EmojiPicker onChoose={choose} /></Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
