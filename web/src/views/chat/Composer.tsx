import { createEffect, createSignal, onCleanup, onMount, Show } from "solid-js";
import { keep, kept } from "../../app/storage";
import { nameOf } from "../../model/names";
import type { Channel } from "../../model/objects";
import { words } from "../../words/words";
import { IconButton } from "../common/IconButton";
import { useClient } from "../context";
import { EmojiButton } from "../emoji/EmojiButton";
import { Icon } from "../icon/Icon";
import { Completion, createCompletion } from "./Completion";
import { useChat } from "./chat";
import { grow, MESSAGE_CHARS_MAX, put } from "./textarea";

/** Where one writes. What stands in it is kept, whatever happens. */
export function Composer(props: { channel: Channel }) {
  const client = useClient();
  const chat = useChat();
  const key = `draft.${props.channel.id}`;
  const [text, setText] = createSignal(kept(key, ""));
  const [pings, setPings] = createSignal(true);
  let area!: HTMLTextAreaElement;
  const completion = createCompletion(() => area, props.channel.guild_id, (text) => write(text));
  const excess = () => [...text()].length - MESSAGE_CHARS_MAX;
  const write = (next: string) => {
    setText(next);
    keep(key, next === "" ? null : next);
  };
  const send = () => {
    const content = text().trim();
    if (content === "" || excess() > 0) return;
    client.say(props.channel.id, content, chat.replyTo()?.id ?? null, pings());
    chat.setReplyTo(null);
    setPings(true);
    write("");
  };
  const onInput = () => {
    write(area.value);
    completion.look();
    if (area.value.trim() !== "") client.typing(props.channel.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !isPhone()) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text() === "" && !event.altKey && !event.shiftKey) {
      const last = client.state().timelines[props.channel.id]?.messages.findLast((message) => chat.isOwn(message) && (message.type === 0 || message.type === 19));
      if (last !== undefined) {
        event.preventDefault();
        chat.setEditing(last.id);
      }
    } else if (event.key === "Escape" && chat.replyTo() !== null) {
      event.preventDefault();
      chat.setReplyTo(null);
    }
  };
  // Whoever begins to type means the composer, wherever the focus is.
  const onPageKey = (event: KeyboardEvent) => {
    const isTyped = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isTyped && event.key !== " " && document.activeElement === document.body) area.focus();
  };
  createEffect(() => {
    text();
    grow(area);
  });
  onMount(() => {
    chat.setFocuser(() => area.focus());
    addEventListener("keydown", onPageKey);
    if (!isPhone()) area.focus();
  });
  onCleanup(() => removeEventListener("keydown", onPageKey));
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Completion of={completion} />
      <Show when={chat.replyTo()}>
        {(message) => (
          <div class="composer-reply">
            <span>{words().chat.replyingTo(nameOf(client.state(), message().author, props.channel.guild_id))}</span>
            <button type="button" class="as-link" aria-pressed={pings()} onClick={() => setPings(!pings())}>{pings() ? words().chat.pinging : words().chat.notPinging}</button>
            <IconButton icon="x" label={words().chat.stopReply} onClick={() => { chat.setReplyTo(null); chat.focus(); }} />
          </div>
        )}
      </Show>
      <div class="composer-row">
        <textarea
          ref={area}
          rows="1"
          value={text()}
          placeholder={words().chat.write(props.channel.name ?? "")}
          aria-label={words().chat.write(props.channel.name ?? "")}
          {...completion.aria()}
          onInput={onInput}
          onKeyDown={onKeyDown}
          onClick={() => completion.look()}
          onBlur={() => completion.close()}
        />
        <Show when={excess() > -200}><span class="excess" data-wrong={excess() > 0 ? "" : undefined} role="status">{excess() > 0 ? words().chat.tooLong(excess()) : -excess()}</span></Show>
        <EmojiButton icon="face-slightly-smiling" label={words().chat.addEmoji} onChoose={(emoji) => { write(put(area, emoji.name)); area.focus(); }} />
        <button class="icon-button send" aria-label={words().chat.send} title={words().chat.send} disabled={text().trim() === "" || excess() > 0}><Icon name="send" /></button>
      </div>
    </form>
  );
}

/** Where keys are on the screen, Enter is for lines. */
function isPhone(): boolean {
  return matchMedia("(pointer: coarse) and (max-width: 720px)").matches;
}
