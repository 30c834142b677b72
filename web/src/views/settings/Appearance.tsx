import "../chat/chat.css";
import { Show } from "solid-js";
import { FONT_SIZES, prefer, preferences } from "../../app/preferences";
import { nameOf } from "../../model/names";
import { clock } from "../../words/moments";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { Choice } from "../common/Choice";
import { useClient, useState } from "../context";

/** How the client looks and speaks on this device. */
export function Appearance() {
  const client = useClient();
  const me = useState((state) => state.me);
  const pairs = <T extends string>(names: Readonly<Record<T, string>>) => Object.entries(names) as [T, string][];
  return (
    <>
      <section>
        <Show when={me()}>
          {(me) => (
            <div class="preview-card" aria-hidden="true">
              <div class="message" data-head="">
                <div class="message-side"><Avatar user={me()} name={nameOf(client.state(), me())} size={40} /></div>
                <div class="message-body">
                  <p class="message-head"><b>{nameOf(client.state(), me())}</b> <time>{clock(Date.now())}</time></p>
                  <div class="said">{words().settings.preview}</div>
                </div>
              </div>
            </div>
          )}
        </Show>
        <Choice label={words().settings.theme} value={preferences.theme} of={pairs(words().settings.themes)} onChoose={(theme) => prefer("theme", theme)} />
        <Choice label={words().settings.density} value={preferences.density} of={pairs(words().settings.densities)} onChoose={(density) => prefer("density", density)} />
        <label class="field">
          <span class="label">{words().settings.fontSize}</span>
          <span class="sizes">
            <input type="range" min="0" max={FONT_SIZES.length - 1} step="1" aria-valuetext={`${preferences.fontSize} px`} value={FONT_SIZES.indexOf(preferences.fontSize as 15)} onInput={(event) => prefer("fontSize", FONT_SIZES[Number(event.currentTarget.value)] ?? 15)} />
            <span class="faint">{preferences.fontSize} px</span>
          </span>
        </label>
        <Choice label={words().settings.motion} value={preferences.motion} of={pairs(words().settings.motions)} onChoose={(motion) => prefer("motion", motion)} />
      </section>
      <section>
        <Choice label={words().settings.language} value={preferences.language} of={[["en", "English"], ["de", "Deutsch"]]} onChoose={(language) => prefer("language", language)} />
      </section>
    </>
  );
}
