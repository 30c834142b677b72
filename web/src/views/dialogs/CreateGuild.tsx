import { createSignal } from "solid-js";
import { go, pathTo } from "../../app/router";
import { words } from "../../words/words";
import { Dialog } from "../common/Dialog";
import { Field } from "../common/Field";
import { createForm } from "../common/form";
import { useClient } from "../context";
import { dismiss } from "../overlay";

/** A new community. */
export function CreateGuild() {
  const client = useClient();
  const form = createForm();
  const [name, setName] = createSignal("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const guild = await client.rest.post<{ id: string }>("/guilds", { name: name().trim() });
      dismiss();
      go(pathTo(guild.id));
    });
  };
  return (
    <Dialog title={words().guild.create} about={words().guild.createHint} onClose={dismiss}>
      <form onSubmit={submit}>
        <Field label={words().guild.name} isFirst required minLength={2} maxLength={100} value={name()} onInput={(event) => setName(event.currentTarget.value)} wrong={form.wrong("name") ?? form.failure()} />
        <div class="ends">
          <button type="button" class="button plain" onClick={dismiss}>{words().common.cancel}</button>
          <button class="button primary" disabled={form.isBusy()}>{words().guild.createDo}</button>
        </div>
      </form>
    </Dialog>
  );
}
