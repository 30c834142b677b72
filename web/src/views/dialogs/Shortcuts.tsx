import "./dialogs.css";
import { For } from "solid-js";
import { words } from "../../words/words";
import { Dialog } from "../common/Dialog";
import { dismiss } from "../overlay";

type Key = keyof ReturnType<typeof words>["shortcuts"]["list"];

/** What the keys do, in groups; the code that listens for them is in `keys.ts`, `rowKeys.ts` and `Composer.tsx`. */
const KEYS: readonly (readonly ["go" | "message" | "write", readonly (readonly [Key, string])[]])[] = [
  ["go", [["switcher", "Ctrl K"], ["channelUp", "Alt ↑"], ["channelDown", "Alt ↓"], ["unreadUp", "Alt Shift ↑"], ["unreadDown", "Alt Shift ↓"], ["members", "Ctrl U"], ["settings", "Ctrl ,"], ["shortcuts", "Ctrl /"]]],
  ["message", [["read", "Esc"], ["walk", "↑ ↓"], ["reply", "R"], ["react", "+"], ["edit", "E"], ["delete", "Del"]]],
  ["write", [["send", "Enter"], ["line", "Shift Enter"], ["editLast", "↑"]]],
];

/** All keys that do something. */
export function Shortcuts() {
  return (
    <Dialog title={words().shortcuts.title} class="shortcuts" onClose={dismiss}>
      <For each={KEYS}>
        {([group, keys]) => (
          <section>
            <h3 class="label">{words().shortcuts.groups[group]}</h3>
            <dl>
              <For each={keys}>
                {([key, text]) => (
                  <div>
                    <dt>{words().shortcuts.list[key]}</dt>
                    <dd><For each={text.split(" ")}>{(one) => <kbd>{one}</kbd>}</For></dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </Dialog>
  );
}
