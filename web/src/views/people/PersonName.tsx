import { Show } from "solid-js";
import type { Id } from "../../model/id";
import { hueOf, nameOf, roleColour } from "../../model/names";
import type { User } from "../../model/objects";
import { words } from "../../words/words";
import { useClient } from "../context";
import { Person } from "./Person";

/** Somebody's name in their colour: their role's, or one that stays theirs; it opens what there is to know of them. */
export function PersonName(props: { user: User; guildId: Id | undefined; isGuest?: boolean }) {
  const client = useClient();
  const name = () => nameOf(client.state(), props.user, props.guildId);
  const colour = () => roleColour(client.state(), props.guildId, props.user.id);
  const hue = () => String(hueOf(props.isGuest ? props.user.username : props.user.id));
  return (
    <>
      <Show when={!props.isGuest} fallback={<span class="person-name" style={{ "--person": hue() }}>{props.user.username}</span>}>
        <Person user={props.user} guildId={props.guildId} class="person-name" style={{ "--person": hue(), "--role": colour() ?? undefined }} hasRole={colour() !== null}>{name()}</Person>
      </Show>
      <Show when={props.isGuest}><span class="tag">{words().common.guest}</span></Show>
      <Show when={props.user.bot && !props.isGuest}><span class="tag">{words().common.bot}</span></Show>
    </>
  );
}
