import { Show } from "solid-js";
import { words } from "../../words/words";
import { Dialog } from "./Dialog";
import { createForm } from "./form";

interface Props {
  title: string;
  about?: string;
  /** What the button says that does it. */
  does: string;
  run: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is done that cannot be undone. */
export function Ask(props: Props) {
  const form = createForm();
  const run = () =>
    form.run(async () => {
      await props.run();
      props.onClose();
    });
  return (
    <Dialog title={props.title} about={props.about} onClose={props.onClose}>
      <Show when={form.failure()}>{(failure) => <p class="wrong" role="alert">{failure()}</p>}</Show>
      <div class="ends">
        <button type="button" class="button plain" onClick={() => props.onClose()}>{words().common.cancel}</button>
        <button type="button" class="button danger" disabled={form.isBusy()} onClick={() => void run()}>{props.does}</button>
      </div>
    </Dialog>
  );
}
