import { createSignal, Show } from "solid-js";
import { Rest } from "../../api/rest";
import { signIn } from "../../app/account";
import { go } from "../../app/router";
import type { Instance } from "../../model/objects";
import { words } from "../../words/words";
import { Field } from "../common/Field";
import { createForm } from "../common/form";
import { Link } from "../common/Link";

/** For who has no account yet: the first, who then owns the place, or one who was invited. */
export function Register(props: { instance: Instance; invite?: string; title?: string }) {
  const [username, setUsername] = createSignal("");
  const [password, setPassword] = createSignal("");
  const form = createForm();
  const isOwner = () => !props.instance.has_owner;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const body = { username: username().trim(), password: password(), ...(props.invite === undefined ? {} : { invite: props.invite }) };
      const { token } = await new Rest(null).post<{ token: string }>("/auth/register", body);
      signIn(token);
      go(isOwner() ? "/welcome" : "/", { replace: true });
    });
  };
  return (
    <>
      <Show when={props.title === undefined}>
        <h1>{isOwner() ? words().doors.createOwner : words().doors.register}</h1>
      </Show>
      <Show when={isOwner()}>
        <p class="about">{words().doors.ownerHint}</p>
      </Show>
      <form onSubmit={submit}>
        <Field label={words().doors.name} hint={words().doors.nameHint} isFirst autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={32} value={username()} onInput={(event) => setUsername(event.currentTarget.value)} wrong={form.wrong("username")} />
        <Field label={words().doors.password} hint={words().doors.passwordHint} type="password" autocomplete="new-password" required minLength={8} value={password()} onInput={(event) => setPassword(event.currentTarget.value)} wrong={form.wrong("password") ?? form.wrong("invite") ?? form.failure()} />
        <button class="button primary wide" disabled={form.isBusy()}>{isOwner() ? words().doors.createOwner : words().doors.register}</button>
      </form>
      <Show when={!isOwner() && props.invite === undefined}>
        <div class="door-ways">
          <p>{words().doors.hasAccount} <Link to="/login">{words().doors.signIn}</Link></p>
        </div>
      </Show>
    </>
  );
}
