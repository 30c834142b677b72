import { createEffect, createSignal, onMount, Show } from "solid-js";
import type { Message } from "../../model/objects";
import { words } from "../../words/words";
import { createForm } from "../common/form";
import { useClient } from "../context";
import { useChat } from "./chat";
import { grow, MESSAGE_CHARS_MAX } from "./textarea";

/** A message of one's own, while it is being changed. */
export function Editor(props: { message: Message }) {
  const client = useClient();
  const chat = useChat();
  const form = createForm();
  const [text, setText] = createSignal(props.message.content);
  let area!: HTMLTextAreaElement;
  const close = () => {
    chat.setEditing(null);
    chat.focus();
  };
  const save = () =>
    form.run(async () => {
      const content = text().trim();
      if (content === "") return chat.remove(props.message, false);
      if (content !== props.message.content) await client.edit(props.message, content);
      close();
    });
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void save();
    }
  };
  createEffect(() => {
    text();
    grow(area);
  });
  onMount(() => {
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    area.scrollIntoView({ block: "nearest" });
  });
  return (
    <div class="editor">
      <textarea ref={area} rows="1" value={text()} maxLength={MESSAGE_CHARS_MAX} aria-label={words().chat.editMessage} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <p class="faint small"><Show when={form.failure() ?? form.wrong("content")} fallback={words().chat.editing}>{(failure) => <span class="wrong" role="alert">{failure()}</span>}</Show></p>
    </div>
  );
}
