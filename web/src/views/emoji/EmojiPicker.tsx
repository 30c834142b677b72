import "./emoji.css";
import { createMemo, createSignal, For, onMount, Show } from "solid-js";
import { keep, kept } from "../../app/storage";
import { find, groups, type Known } from "../../model/emojis";
import type { Emoji } from "../../model/objects";
import { words } from "../../words/words";

/** Emojis that are remembered as chosen lately, at most: three rows. */
const RECENT_MAX = 27;

/** Emojis in one row; the style sheet has the same. */
const ROW = 9;

/** All emojis, to look through or to search. With Shift one chooses more than one. */
export function EmojiPicker(props: { onChoose: (emoji: Emoji, goesOn: boolean) => void }) {
  const [text, setText] = createSignal("");
  const [pointed, setPointed] = createSignal<Known | null>(null);
  const recent = kept<readonly string[]>("emojis", ["👍", "❤️", "😂", "🎉", "😮", "🙏", "🔥", "👀", "✅"]);
  const found = createMemo(() => find(text(), 8 * ROW));
  let search!: HTMLInputElement;
  let grid!: HTMLDivElement;
  onMount(() => search.focus());
  const choose = (emoji: string, event: { shiftKey: boolean }) => {
    keep("emojis", [emoji, ...recent.filter((other) => other !== emoji)].slice(0, RECENT_MAX));
    props.onChoose({ id: null, name: emoji }, event.shiftKey);
  };
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...grid.querySelectorAll<HTMLButtonElement>("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ROW, ArrowUp: -ROW }[event.key];
    if (event.key === "Enter" && at < 0) {
      event.preventDefault();
      const first = found()[0];
      if (first !== undefined) choose(first.emoji, event);
    } else if (step !== undefined && (at >= 0 || event.key === "ArrowDown")) {
      event.preventDefault();
      const next = at < 0 ? 0 : at + step;
      if (next < 0) search.focus();
      else buttons[Math.min(next, buttons.length - 1)]?.focus();
    }
  };
  const one = (known: Known) => (
    <button type="button" tabindex="-1" aria-label={known.names[0]} onClick={(event) => choose(known.emoji, event)} onPointerEnter={() => setPointed(known)} onFocus={() => setPointed(known)}>{known.emoji}</button>
  );
  return (
    <div class="emoji-picker" onKeyDown={onKey}>
      <input ref={search} class="input" type="search" placeholder={words().emoji.search} aria-label={words().emoji.search} value={text()} onInput={(event) => setText(event.currentTarget.value)} />
      <div class="emoji-scroll" ref={grid} tabindex="-1">
        <Show
          when={text() === ""}
          fallback={<Show when={found().length > 0} fallback={<p class="faint emoji-none">{words().emoji.none}</p>}><div class="emoji-grid"><For each={found()}>{one}</For></div></Show>}
        >
          <h3>{words().emoji.recent}</h3>
          <div class="emoji-grid"><For each={recent}>{(emoji) => one({ emoji, names: [emoji], words: [] })}</For></div>
          <For each={groups}>
            {([group, emojis]) => (
              <section>
                <h3>{words().emoji.groups[group] ?? group}</h3>
                <div class="emoji-grid"><For each={emojis}>{one}</For></div>
              </section>
            )}
          </For>
        </Show>
      </div>
      <p class="emoji-name" aria-hidden="true"><Show when={pointed()} fallback={<span class="faint">…</span>}>{(known) => <><span class="glyph">{known().emoji}</span> :{known().names[0]}:</>}</Show></p>
    </div>
  );
}
