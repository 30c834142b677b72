import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import { Rest } from "../../api/rest";
import { client } from "../../app/account";
import { go, pathTo } from "../../app/router";
import { nameOf } from "../../model/names";
import type { Instance, Invite } from "../../model/objects";
import { nothing } from "../../model/state";
import { words } from "../../words/words";
import { createForm } from "../common/form";
import { GuildIcon } from "../common/GuildIcon";
import { Link } from "../common/Link";
import { Register } from "./Register";
import { SignIn } from "./SignIn";

/** For who comes by an invite: where it leads, and the way in. */
export function InviteDoor(props: { code: string; instance: Instance }) {
  const [invite] = createResource(() => new Rest(null).get<Invite>(`/invites/${encodeURIComponent(props.code)}?with_counts=true`));
  return (
    <Switch>
      <Match when={invite.error !== undefined}>
        <h1>{words().invite.gone}</h1>
        <p class="about">{words().invite.goneHint}</p>
        <Link class="button wide" to="/">{words().invite.go}</Link>
      </Match>
      <Match when={invite()}>{(invite) => <Open invite={invite()} instance={props.instance} />}</Match>
    </Switch>
  );
}

function Open(props: { invite: Invite; instance: Instance }) {
  const form = createForm();
  const [hasAccount, setHasAccount] = createSignal(props.instance.registration === "closed");
  const accept = () =>
    form.run(async () => {
      const signedIn = client();
      if (signedIn === null) return;
      await signedIn.rest.post(`/invites/${encodeURIComponent(props.invite.code)}`);
      go(pathTo(props.invite.guild.id, props.invite.channel.id), { replace: true });
    });
  const who = () => (props.invite.inviter ? words().invite.invitedTo(nameOf(nothing, props.invite.inviter)) : words().invite.invited);
  return (
    <>
      <div class="guild-card">
        <GuildIcon guild={props.invite.guild} />
        <p class="faint">{who()}</p>
        <h1>{props.invite.guild.name}</h1>
        <Show when={props.invite.guild.description}>{(text) => <p>{text()}</p>}</Show>
        <p class="here-list">
          <span class="here">{words().invite.online(props.invite.approximate_presence_count ?? 0)}</span>
          <span class="here all">{words().invite.members(props.invite.approximate_member_count ?? 0)}</span>
        </p>
      </div>
      <Switch>
        <Match when={client() !== null}>
          <Show when={form.failure()}>{(failure) => <p class="wrong" role="alert">{failure()}</p>}</Show>
          <button type="button" class="button primary wide" disabled={form.isBusy()} onClick={() => void accept()}>{words().invite.accept}</button>
          <Link class="button plain wide" to="/">{words().common.cancel}</Link>
        </Match>
        <Match when={hasAccount()}>
          <SignIn instance={{ ...props.instance, registration: "invite", guests: false }} then={`/invite/${encodeURIComponent(props.invite.code)}`} />
        </Match>
        <Match when={!hasAccount()}>
          <Register instance={props.instance} invite={props.invite.code} title={props.invite.guild.name} />
          <div class="door-ways">
            <p>{words().doors.hasAccount} <button type="button" class="as-link" onClick={() => setHasAccount(true)}>{words().doors.signIn}</button></p>
          </div>
        </Match>
      </Switch>
    </>
  );
}

