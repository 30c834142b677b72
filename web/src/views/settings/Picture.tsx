import { createUniqueId, Show, type JSX } from "solid-js";
import { words } from "../../words/words";

/** A picture, and the ways to another one or none. The server takes it as a data address, and draws it anew. */
export function Picture(props: { isThere: boolean; onChoose: (picture: string | null) => void; children: JSX.Element }) {
  const id = createUniqueId();
  const read = (event: Event & { currentTarget: HTMLInputElement }) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (file === undefined) return;
    const reader = new FileReader();
    reader.onload = () => props.onChoose(String(reader.result));
    reader.readAsDataURL(file);
  };
  let input!: HTMLInputElement;
  return (
    <div class="picture-row">
      {props.children}
      <div class="ends">
        <input ref={input} id={id} type="file" accept="image/png,image/jpeg,image/gif,image/webp" tabindex="-1" aria-hidden="true" onChange={read} />
        <button type="button" class="button" onClick={() => input.click()}>{words().settings.choosePicture}</button>
        <Show when={props.isThere}><button type="button" class="button plain" onClick={() => props.onChoose(null)}>{words().settings.removePicture}</button></Show>
      </div>
    </div>
  );
}
