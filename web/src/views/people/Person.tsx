import "./people.css";
import { Popover } from "@kobalte/core/popover";
import { createSignal, For, Show, type JSX } from "solid-js";
import { mayInGuild, Permission, rank } from "../../model/permission";
import type { Id } from "../../model/id";
import { nameOf, rolesOf } from "../../model/names";
import type { User } from "../../model/objects";
import { date } from "../../words/moments";
import { words } from "../../words/words";
import { Ask } from "../common/Ask";
import { Avatar } from "../common/Avatar";
import { useClient } from "../context";

interface Props {
  user: User;
  guildId: Id | undefined;
  class?: string;
  style?: JSX.CSSProperties;
  hasRole?: boolean;
  placement?: "right-start" | "left-start";
  children: JSX.Element;
}

/** Something that opens what there is to know of somebody. */
export function Person(props: Props) {
  const [asks, setAsks] = createSignal<"kick" | "ban" | null>(null);
  const [isOpen, setOpen] = createSignal(false);
  const client = useClient();
  const name = () => nameOf(client.state(), props.user, props.guildId);
  const member = () => `/guilds/${props.guildId}/members/${props.user.id}`;
  return (
    <>
      <Popover placement={props.placement ?? "right-start"} gutter={10} open={isOpen()} onOpenChange={setOpen}>
        <Popover.Trigger class={props.class} style={props.style} data-role={props.hasRole ? "" : undefined}>{props.children}</Popover.Trigger>
        <Popover.Portal>
          <Popover.Content class="menu profile" aria-label={words().people.profileOf(name())}>
            <Profile user={props.user} guildId={props.guildId} ask={(what) => { setOpen(false); setAsks(what); }} />
          </Popover.Content>
        </Popover.Portal>
      </Popover>
      <Show when={asks() === "kick"}><Ask title={words().guildSettings.kickAsk(name())} about={words().guildSettings.kickHint} does={words().people.kick} run={() => client.rest.delete(member())} onClose={() => setAsks(null)} /></Show>
      <Show when={asks() === "ban"}><Ask title={words().guildSettings.banAsk(name())} about={words().guildSettings.banHint} does={words().people.ban} run={() => client.rest.put(`/guilds/${props.guildId}/bans/${props.user.id}`, {})} onClose={() => setAsks(null)} /></Show>
    </>
  );
}

function Profile(props: { user: User; guildId: Id | undefined; ask: (what: "kick" | "ban") => void }) {
  const client = useClient();
  const state = client.state;
  const guildId = () => props.guildId ?? "";
  const known = () => state().users[props.user.id] ?? props.user;
  const member = () => state().members[guildId()]?.[props.user.id];
  const roles = () => rolesOf(state().roles[guildId()] ?? {}, member());
  const me = () => state().me?.id ?? "";
  const isAbove = () => props.user.id !== me() && rank(state(), guildId(), me()) > rank(state(), guildId(), props.user.id);
  const may = (bit: bigint) => member() !== undefined && isAbove() && mayInGuild(state(), guildId(), bit);
  return (
    <div class="profile-card">
      <Avatar user={known()} name={nameOf(state(), known(), props.guildId)} size={72} status={state().presences[props.user.id] ?? "offline"} />
      <div>
        <h2>{nameOf(state(), known(), props.guildId)}</h2>
        <p class="faint">{known().username}</p>
      </div>
      <Show when={state().guilds[guildId()]?.owner_id === props.user.id}><span class="tag">{words().people.owner}</span></Show>
      <Show when={member()}>{(member) => <p class="faint small">{words().people.since(date(Date.parse(member().joined_at)))}</p>}</Show>
      <Show when={roles().length > 0}>
        <ul class="role-list" aria-label={words().people.roles}>
          <For each={roles()}>{(role) => <li><span class="role-dot" style={{ background: role.color === 0 ? "var(--faint)" : `#${role.color.toString(16).padStart(6, "0")}` }} />{role.name}</li>}</For>
        </ul>
      </Show>
      <Show when={may(Permission.KickMembers) || may(Permission.BanMembers)}>
        <div class="profile-ends">
          <Show when={may(Permission.KickMembers)}><button type="button" class="button plain" onClick={() => props.ask("kick")}>{words().people.kick}</button></Show>
          <Show when={may(Permission.BanMembers)}><button type="button" class="button plain" onClick={() => props.ask("ban")}>{words().people.ban}</button></Show>
        </div>
      </Show>
    </div>
  );
}
