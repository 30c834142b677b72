import { createSignal, Show } from "solid-js";
import { nameOf } from "../../model/names";
import type { Self } from "../../model/objects";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { Field } from "../common/Field";
import { createForm, said } from "../common/form";
import { useClient, useState } from "../context";
import { Picture } from "./Picture";
import { Saved } from "./Saved";

/** One's name, picture and password. */
export function Account() {
  const me = useState((state) => state.me);
  return <Show when={me()}>{(me) => <Form me={me()} />}</Show>;
}

function Form(props: { me: Self }) {
  const client = useClient();
  const form = createForm();
  const [name, setName] = createSignal(props.me.global_name ?? "");
  const [isSaved, setSaved] = createSignal(false);
  const [problem, setProblem] = createSignal<unknown>();
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setSaved(false);
    void form.run(async () => {
      await client.rest.patch("/users/@me", { global_name: name().trim() || null });
      setSaved(true);
    });
  };
  const setPicture = (avatar: string | null) => client.rest.patch("/users/@me", { avatar }).then(() => setProblem(undefined), setProblem);
  return (
    <>
      <section>
        <Picture onChoose={(picture) => void setPicture(picture)} isThere={props.me.avatar != null}>
          <Avatar user={props.me} name={nameOf(client.state(), props.me)} size={72} />
        </Picture>
        <Show when={problem()}>{(problem) => <p class="wrong" role="alert">{said(problem())}</p>}</Show>
        <form onSubmit={save}>
          <Field label={words().settings.displayName} hint={words().settings.displayNameHint} maxLength={32} placeholder={props.me.username} value={name()} onInput={(event) => { setName(event.currentTarget.value); setSaved(false); }} wrong={form.wrong("global_name") ?? form.failure()} />
          <Saved isBusy={form.isBusy()} isSaved={isSaved()} />
        </form>
        <p class="faint">{words().settings.username}: <b>{props.me.username}</b></p>
      </section>
      <Password />
    </>
  );
}

function Password() {
  const client = useClient();
  const form = createForm();
  const [now, setNow] = createSignal("");
  const [next, setNext] = createSignal("");
  const [isSaved, setSaved] = createSignal(false);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setSaved(false);
    void form.run(async () => {
      await client.rest.patch("/users/@me", { password: now(), new_password: next() });
      setNow("");
      setNext("");
      setSaved(true);
    });
  };
  return (
    <section>
      <h2>{words().settings.changePassword}</h2>
      <form onSubmit={save}>
        <Field label={words().settings.currentPassword} type="password" autocomplete="current-password" required value={now()} onInput={(event) => setNow(event.currentTarget.value)} wrong={form.wrong("password")} />
        <Field label={words().settings.newPassword} hint={words().doors.passwordHint} type="password" autocomplete="new-password" required minLength={8} value={next()} onInput={(event) => setNext(event.currentTarget.value)} wrong={form.wrong("new_password") ?? form.failure()} />
        <Saved isBusy={form.isBusy()} isSaved={isSaved()} />
      </form>
    </section>
  );
}
