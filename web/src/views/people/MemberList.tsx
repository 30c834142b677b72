import "./people.css";
import { createMemo, For, Show } from "solid-js";
import { nameOf, roleColour } from "../../model/names";
import type { Channel, Member } from "../../model/objects";
import { roster, type Group } from "../../model/roster";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { IconButton } from "../common/IconButton";
import { useClient } from "../context";
import { showPane } from "../overlay";
import { Person } from "./Person";

/** Members of a group that are drawn, at most; the rest is a number. Nobody reads on, and a search finds them. */
const SHOWN_MAX = 200;

/** Who may see the channel, by role, and who of them is there. */
export function MemberList(props: { channel: Channel }) {
  const client = useClient();
  const groups = createMemo(() => {
    const state = client.state();
    return roster(state, props.channel);
  });
  const keys = createMemo(() => groups().map((group) => group.key));
  return (
    <aside class="members" aria-label={words().people.members}>
      <IconButton class="only-phone members-back" icon="arrow-left" label={words().common.back} onClick={() => showPane("chat")} />
      <For each={keys()}>{(key) => <People group={groups().find((group) => group.key === key)} channel={props.channel} />}</For>
    </aside>
  );
}

function People(props: { group: Group | undefined; channel: Channel }) {
  const title = () => props.group?.role?.name ?? (props.group?.isThere ? words().people.online : words().people.offline);
  return (
    <Show when={props.group}>
      {(group) => (
        <section data-away={group().isThere ? undefined : ""}>
          <h2><span>{title()}</span><span class="count">{group().members.length}</span></h2>
          <ul>
            <For each={group().members.slice(0, SHOWN_MAX)}>{(member) => <li><Entry member={member} channel={props.channel} /></li>}</For>
          </ul>
        </section>
      )}
    </Show>
  );
}

function Entry(props: { member: Member; channel: Channel }) {
  const client = useClient();
  const state = client.state;
  const name = () => nameOf(state(), props.member.user, props.channel.guild_id);
  const colour = () => roleColour(state(), props.channel.guild_id, props.member.user.id);
  return (
    <Person user={props.member.user} guildId={props.channel.guild_id} class="member" placement="left-start" hasRole={colour() !== null} style={{ "--role": colour() ?? undefined }}>
      <Avatar user={state().users[props.member.user.id] ?? props.member.user} name={name()} size={32} status={state().presences[props.member.user.id]} />
      <span class="name">{name()}</span>
      <Show when={props.member.user.bot}><span class="tag">{words().common.bot}</span></Show>
      <Show when={state().guilds[props.channel.guild_id ?? ""]?.owner_id === props.member.user.id}><span class="tag">{words().people.owner}</span></Show>
    </Person>
  );
}
