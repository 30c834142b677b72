import { createSignal, Show } from "solid-js";
import { Rest } from "../../api/rest";
import { Problem } from "../../api/problem";
import { signIn } from "../../app/account";
import { go } from "../../app/router";
import type { Instance } from "../../model/objects";
import { words } from "../../words/words";
import { Field } from "../common/Field";
import { createForm } from "../common/form";
import { Link } from "../common/Link";

/** For who has an account. */
export function SignIn(props: { instance: Instance; then?: string }) {
  const [login, setLogin] = createSignal("");
  const [password, setPassword] = createSignal("");
  const form = createForm();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const { token } = await new Rest(null).post<{ token: string }>("/auth/login", { login: login(), password: password() }).catch(plainly);
      signIn(token);
      go(props.then ?? "/", { replace: true });
    });
  };
  return (
    <>
      <h1>{words().doors.signIn}</h1>
      <form onSubmit={submit}>
        <Field label={words().doors.name} isFirst autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={254} value={login()} onInput={(event) => setLogin(event.currentTarget.value)} />
        <Field label={words().doors.password} type="password" autocomplete="current-password" required value={password()} onInput={(event) => setPassword(event.currentTarget.value)} wrong={form.wrong("login") ?? form.failure()} />
        <button class="button primary wide" disabled={form.isBusy()}>{words().doors.signIn}</button>
      </form>
      <Ways instance={props.instance} />
    </>
  );
}

/** Says what is wrong in our words, where the server says it in its own. */
function plainly(error: unknown): never {
  if (error instanceof Problem && error.fields["login"] !== undefined) {
    throw new Problem(error.status, error.code, error.message, { login: words().doors.wrongLogin });
  }
  throw error;
}

/** The other ways in. */
function Ways(props: { instance: Instance }) {
  return (
    <div class="door-ways">
      <Show when={props.instance.registration === "open"} fallback={<p class="faint">{props.instance.registration === "invite" ? words().doors.needInvite : words().doors.closed}</p>}>
        <p>{words().doors.noAccount} <Link to="/register">{words().doors.register}</Link></p>
      </Show>
      <Show when={props.instance.guests}>
        <Link to="/lobby">{words().doors.lookIn}</Link>
      </Show>
    </div>
  );
}
