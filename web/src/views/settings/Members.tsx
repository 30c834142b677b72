import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { createMemo, createSignal, For, Show } from "solid-js";
import type { Id } from "../../model/id";
import { nameOf, rolesOf } from "../../model/names";
import type { Member } from "../../model/objects";
import { mayInGuild, Permission, rank } from "../../model/permission";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { Field } from "../common/Field";
import { said } from "../common/form";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";

/** Members that are listed, at most: more are found by their names. */
const LISTED_MAX = 100;

/** Who is in a community, and what roles they have. */
export function Members(props: { guildId: Id }) {
  const client = useClient();
  const [text, setText] = createSignal("");
  const found = createMemo(() => {
    const state = client.state();
    const wanted = text().trim().toLowerCase();
    const named = Object.values(state.members[props.guildId] ?? {}).map((member) => [nameOf(state, member.user, props.guildId), member] as const);
    return named
      .filter(([name, member]) => `${name} ${member.user.username}`.toLowerCase().includes(wanted))
      .sort(([a], [b]) => a.localeCompare(b))
      .slice(0, LISTED_MAX)
      .map(([, member]) => member.user.id);
  });
  return (
    <section>
      <Field label={words().guildSettings.find} type="search" value={text()} onInput={(event) => setText(event.currentTarget.value)} />
      <ul class="rows">
        <For each={found()}>{(id) => <Show when={client.state().members[props.guildId]?.[id]}>{(member) => <Row member={member()} guildId={props.guildId} />}</Show>}</For>
      </ul>
    </section>
  );
}

function Row(props: { member: Member; guildId: Id }) {
  const client = useClient();
  const [problem, setProblem] = createSignal<unknown>();
  const state = client.state;
  const name = () => nameOf(state(), props.member.user, props.guildId);
  const roles = () => rolesOf(state().roles[props.guildId] ?? {}, props.member);
  const own = () => rank(state(), props.guildId, state().me?.id ?? "");
  const givable = () =>
    Object.values(state().roles[props.guildId] ?? {}).filter((role) => role.id !== props.guildId && !role.managed && role.position < own()).sort((a, b) => b.position - a.position);
  const toggle = (roleId: Id, has: boolean) => {
    const path = `/guilds/${props.guildId}/members/${props.member.user.id}/roles/${roleId}`;
    void (has ? client.rest.delete(path) : client.rest.put(path)).then(() => setProblem(undefined), setProblem);
  };
  return (
    <li>
      <Avatar user={state().users[props.member.user.id] ?? props.member.user} name={name()} size={36} />
      <span class="grow">
        <b>{name()}</b>
        <Show when={problem()} fallback={<span class="faint small">{roles().map((role) => role.name).join(", ") || props.member.user.username}</span>}>{(problem) => <span class="wrong" role="alert">{said(problem())}</span>}</Show>
      </span>
      <Show when={mayInGuild(state(), props.guildId, Permission.ManageRoles) && givable().length > 0}>
        <DropdownMenu placement="bottom-end" gutter={4}>
          <DropdownMenu.Trigger class="button" aria-label={`${words().guildSettings.roles}: ${name()}`}>{words().guildSettings.roles}<Icon name="chevron-down" /></DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content class="menu">
              <For each={givable()}>
                {(role) => (
                  <DropdownMenu.CheckboxItem class="menu-item" closeOnSelect={false} checked={props.member.roles.includes(role.id)} onChange={(checked) => toggle(role.id, !checked)}>
                    <span class="role-mark"><DropdownMenu.ItemIndicator><Icon name="check" /></DropdownMenu.ItemIndicator></span>
                    {role.name}
                  </DropdownMenu.CheckboxItem>
                )}
              </For>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu>
      </Show>
    </li>
  );
}
