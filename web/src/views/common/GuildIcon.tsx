import { Show } from "solid-js";
import { hueOf, initials } from "../../model/names";

/** A community's picture, or its first letters. */
export function GuildIcon(props: { guild: { readonly id: string; readonly name: string; readonly icon: string | null } }) {
  return (
    <Show when={props.guild.icon} fallback={<span class="guild-icon" style={{ "--person": String(hueOf(props.guild.id)) }} aria-hidden="true" data-letters={initials(props.guild.name)} />}>
      {(icon) => <img class="guild-icon" src={`/icons/${props.guild.id}/${icon()}.png?size=128`} alt="" />}
    </Show>
  );
}
