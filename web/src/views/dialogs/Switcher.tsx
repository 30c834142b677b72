import "./dialogs.css";
import { createMemo, createSignal, createUniqueId, For, onMount, Show } from "solid-js";
import { go, pathTo } from "../../app/router";
import { goals, type Goal } from "../../model/switcher";
import { words } from "../../words/words";
import { Dialog } from "../common/Dialog";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";
import { dismiss } from "../overlay";

/** Goes anywhere, by a few letters. */
export function Switcher() {
  const client = useClient();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [at, setAt] = createSignal(0);
  const list = createMemo(() => goals(client.state(), text()));
  let input!: HTMLInputElement;
  onMount(() => input.focus());
  const choose = (goal: Goal | undefined) => {
    if (goal === undefined) return;
    dismiss();
    go(pathTo(goal.guildId, goal.channelId));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = list().length;
    if (event.key === "Enter") choose(list()[at()]);
    else if (event.key === "ArrowDown" && count > 0) setAt((at() + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setAt((at() + count - 1) % count);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={words().switcher.title} class="switcher" onClose={dismiss}>
      <input
        ref={input}
        class="input"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={list().length > 0 ? `${id}-${at()}` : undefined}
        aria-label={words().switcher.title}
        placeholder={words().switcher.hint}
        value={text()}
        onInput={(event) => { setText(event.currentTarget.value); setAt(0); }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={words().switcher.title}>
        <For each={list()}>
          {(goal, nth) => (
            <li id={`${id}-${nth()}`} role="option" class="menu-item" aria-selected={at() === nth()} data-highlighted={at() === nth() ? "" : undefined} onPointerMove={() => setAt(nth())} onClick={() => choose(goal)}>
              <Icon name={goal.kind === "guild" ? "house" : "hash"} />
              <span class="label-text" data-unread={goal.isUnread ? "" : undefined}>{goal.label}</span>
              <Show when={goal.mentions > 0}><span class="badge">{goal.mentions}</span></Show>
              <span class="keys">{goal.detail}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={list().length === 0}><p class="faint">{words().switcher.none}</p></Show>
    </Dialog>
  );
}
