import { Show } from "solid-js";
import { words } from "../../words/words";
import { Icon } from "../icon/Icon";

/** The button at the end of a form of settings, and whether what it says was kept. */
export function Saved(props: { isBusy: boolean; isSaved: boolean }) {
  return (
    <div class="saved">
      <button class="button primary" disabled={props.isBusy}>{words().common.save}</button>
      <span role="status"><Show when={props.isSaved}><span class="ok"><Icon name="check" />{words().common.saved}</span></Show></span>
    </div>
  );
}
