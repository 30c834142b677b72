import { createSignal, createUniqueId, For, Show } from "solid-js";
import { channels, people, started, SUGGESTED_MAX, type Started, type Suggestion } from "../../model/completion";
import type { Id } from "../../model/id";
import { Avatar } from "../common/Avatar";
import { useClient } from "../context";
import { put } from "./textarea";

export type CompletionState = ReturnType<typeof createCompletion>;

/** Suggests who, where, or which emoji is meant, while one writes `@`, `#` or `:`. */
export function createCompletion(area: () => HTMLTextAreaElement, guildId: Id | undefined, write: (text: string) => void) {
  const client = useClient();
  const id = createUniqueId();
  const [list, setList] = createSignal<readonly Suggestion[]>([]);
  const [at, setAt] = createSignal(0);
  let what: Started | null = null;
  const close = () => setList([]);
  const suggest = (suggestions: readonly Suggestion[]) => {
    setList(suggestions);
    setAt(0);
  };
  const look = () => {
    what = started(area().value, area().selectionStart);
    if (what === null || guildId === undefined) return close();
    const { sign, word } = what;
    if (sign === "@") return suggest(people(client.state(), guildId, word));
    if (sign === "#") return suggest(channels(client.state(), guildId, word));
    const asked = what;
    void import("../../model/emojis").then(({ find }) => {
      if (what !== asked) return;
      suggest(find(word, SUGGESTED_MAX).map(({ emoji, names }) => ({ key: emoji, text: emoji, label: `:${names[0]}:`, detail: "", glyph: emoji })));
    });
  };
  const choose = (suggestion: Suggestion) => {
    if (what === null) return;
    write(put(area(), `${suggestion.text} `, what.from, area().selectionStart));
    close();
    area().focus();
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const all = list();
    if (all.length === 0 || event.isComposing) return false;
    const suggestion = all[at()];
    if (event.key === "ArrowDown") setAt((at() + 1) % all.length);
    else if (event.key === "ArrowUp") setAt((at() + all.length - 1) % all.length);
    else if ((event.key === "Enter" || event.key === "Tab") && suggestion !== undefined) choose(suggestion);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };
  const aria = () => ({
    "aria-autocomplete": "list" as const,
    "aria-controls": list().length > 0 ? id : undefined,
    "aria-activedescendant": list().length > 0 ? `${id}-${at()}` : undefined,
  });
  return { id, list, at, setAt, look, choose, close, onKey, aria };
}

export function Completion(props: { of: CompletionState }) {
  return (
    <Show when={props.of.list().length > 0}>
      <ul class="completion menu" id={props.of.id} role="listbox" aria-label="…">
        <For each={props.of.list()}>
          {(suggestion, nth) => (
            <li
              id={`${props.of.id}-${nth()}`}
              class="menu-item"
              role="option"
              aria-selected={props.of.at() === nth()}
              data-highlighted={props.of.at() === nth() ? "" : undefined}
              onPointerEnter={() => props.of.setAt(nth())}
              onPointerDown={(event) => { event.preventDefault(); props.of.choose(suggestion); }}
            >
              <Show when={suggestion.user}>{(user) => <Avatar user={user()} name={suggestion.label} size={24} />}</Show>
              <Show when={suggestion.glyph}>{(glyph) => <span class="glyph" aria-hidden="true">{glyph()}</span>}</Show>
              {suggestion.label}
              <span class="keys">{suggestion.detail}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
