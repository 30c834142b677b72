import "./doors.css";
import { createResource, Match, Show, Switch, type JSX } from "solid-js";
import { Rest } from "../../api/rest";
import type { Instance } from "../../model/objects";
import { place, type Place } from "../../app/router";
import { words } from "../../words/words";
import { said } from "../common/form";
import { InviteDoor } from "./InviteDoor";
import { Register } from "./Register";
import { SignIn } from "./SignIn";
import { Icon } from "../icon/Icon";

/** Where one comes in: to sign in, to make an account, by an invite. */
export function Doors() {
  const [instance, { refetch }] = createResource(() => new Rest(null).get<Instance>("/instance"));
  return (
    <DoorPage name={instance.error === undefined ? instance.latest?.name : undefined} isBare={place().at === "invite"}>
      <Switch>
        <Match when={instance.error !== undefined}>
          <p class="wrong" role="alert"><Icon name="wifi-off" />{said(instance.error)}</p>
          <button type="button" class="button wide" onClick={() => void refetch()}>{words().common.tryAgain}</button>
        </Match>
        <Match when={instance()}>{(instance) => <Door instance={instance()} />}</Match>
      </Switch>
    </DoorPage>
  );
}

function Door(props: { instance: Instance }) {
  const code = () => codeOf(place());
  return (
    <Switch fallback={<SignIn instance={props.instance} />}>
      <Match when={!props.instance.has_owner}>
        <Register instance={props.instance} />
      </Match>
      <Match when={code()} keyed>{(code) => <InviteDoor code={code} instance={props.instance} />}</Match>
      <Match when={place().at === "register"}>
        <Register instance={props.instance} />
      </Match>
    </Switch>
  );
}

function codeOf(place: Place): string | null {
  return place.at === "invite" ? place.code : null;
}

/** A quiet page with one card on it. */
export function DoorPage(props: { name: string | undefined; isBare?: boolean; children: JSX.Element }) {
  return (
    <div class="doors">
      <main class="door">
        <header class="door-head">
          <img src="/icon.svg" alt="" width="44" height="44" />
          <Show when={!props.isBare}>
            <p class="door-name">{props.name ?? "\u00a0"}</p>
            <p class="faint">{words().doors.tagline}</p>
          </Show>
        </header>
        {props.children}
      </main>
    </div>
  );
}
