import { createSignal, For, Show } from "solid-js";
import type { Id } from "../../model/id";
import type { Role } from "../../model/objects";
import { inGuild, Permission, rank } from "../../model/permission";
import { SETTABLE } from "../../model/permissionNames";
import { words } from "../../words/words";
import { Ask } from "../common/Ask";
import { Field } from "../common/Field";
import { createForm, said } from "../common/form";
import { useClient, useState } from "../context";
import { Icon } from "../icon/Icon";
import { Saved } from "./Saved";

/** A community's roles, highest first, and what each may do. */
export function Roles(props: { guildId: Id }) {
  const client = useClient();
  const roles = useState((state) => Object.values(state.roles[props.guildId] ?? {}).sort((a, b) => b.position - a.position));
  const [id, setId] = createSignal<Id>();
  const [problem, setProblem] = createSignal<unknown>();
  const chosen = () => roles().find((role) => role.id === id()) ?? roles()[0];
  const make = () =>
    client.rest
      .post<Role>(`/guilds/${props.guildId}/roles`, { name: words().guildSettings.newRole })
      .then((role) => { setProblem(undefined); setId(role.id); }, setProblem);
  const nameOf = (role: Role) => (role.id === props.guildId ? words().guildSettings.everyone : role.name);
  return (
    <section>
      <Show when={problem()}>{(problem) => <p class="wrong" role="alert">{said(problem())}</p>}</Show>
      <div><button type="button" class="button primary" onClick={() => void make()}><Icon name="plus" />{words().guildSettings.newRole}</button></div>
      <Show when={roles().length === 1}><p class="faint">{words().guildSettings.noRoles}</p></Show>
      <div class="roles-page">
        <ul>
          <For each={roles()}>
            {(role) => (
              <li>
                <button type="button" aria-current={chosen()?.id === role.id ? "true" : undefined} onClick={() => setId(role.id)}>
                  <span class="role-dot" style={{ background: colourOf(role) ?? "var(--faint)" }} />
                  {nameOf(role)}
                </button>
              </li>
            )}
          </For>
        </ul>
        {/* Another role is another form. */}
        <Show when={chosen()?.id} keyed>{(id) => <Show when={roles().find((role) => role.id === id)}>{(role) => <Form role={role()} guildId={props.guildId} />}</Show>}</Show>
      </div>
    </section>
  );
}

function colourOf(role: Role): string | undefined {
  return role.color === 0 ? undefined : `#${role.color.toString(16).padStart(6, "0")}`;
}

function Form(props: { role: Role; guildId: Id }) {
  const client = useClient();
  const form = createForm();
  const isEveryone = () => props.role.id === props.guildId;
  const me = () => client.state().me?.id ?? "";
  const isBelow = () => isEveryone() || props.role.position < rank(client.state(), props.guildId, me());
  const own = () => inGuild(client.state(), props.guildId, me());
  const [name, setName] = createSignal(props.role.name);
  const [colour, setColour] = createSignal(colourOf(props.role) ?? "#99958f");
  const [hoist, setHoist] = createSignal(props.role.hoist);
  const [mentionable, setMentionable] = createSignal(props.role.mentionable);
  const [bits, setBits] = createSignal(BigInt(props.role.permissions));
  const [isSaved, setSaved] = createSignal(false);
  const [asks, setAsks] = createSignal(false);
  let hasColour = props.role.color !== 0;
  const path = `/guilds/${props.guildId}/roles/${props.role.id}`;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setSaved(false);
    const color = hasColour ? Number.parseInt(colour().slice(1), 16) : 0;
    const looks = isEveryone() ? {} : { name: name().trim(), color, hoist: hoist(), mentionable: mentionable() };
    void form.run(async () => {
      await client.rest.patch(path, { ...looks, permissions: String(bits()) });
      setSaved(true);
    });
  };
  return (
    <form onSubmit={save} onInput={() => setSaved(false)}>
      <fieldset class="choice-set" disabled={!isBelow()}>
        <Show when={!isEveryone()}>
          <Field label={words().guildSettings.roleName} required maxLength={100} value={name()} onInput={(event) => setName(event.currentTarget.value)} wrong={form.wrong("name")} />
          <Field label={words().guildSettings.roleColour} type="color" value={colour()} onInput={(event) => { hasColour = true; setColour(event.currentTarget.value); }} />
          <label class="check"><input type="checkbox" checked={hoist()} onChange={(event) => setHoist(event.currentTarget.checked)} />{words().guildSettings.roleHoist}</label>
          <label class="check"><input type="checkbox" checked={mentionable()} onChange={(event) => setMentionable(event.currentTarget.checked)} />{words().guildSettings.roleMention}</label>
        </Show>
        <For each={SETTABLE}>
          {([group, names]) => (
            <fieldset class="choice-set">
              <legend class="label">{words().permissions.groups[group]}</legend>
              <For each={names}>
                {(name) => {
                  const bit = Permission[name];
                  return (
                    <label class="check">
                      {/* One gives only what one has. */}
                      <input type="checkbox" disabled={!(own() & bit)} checked={(bits() & bit) !== 0n} onChange={(event) => setBits(event.currentTarget.checked ? bits() | bit : bits() & ~bit)} />
                      {words().permissions.names[name]}
                    </label>
                  );
                }}
              </For>
            </fieldset>
          )}
        </For>
        <Show when={form.failure() ?? form.wrong("permissions")}>{(failure) => <p class="wrong" role="alert">{failure()}</p>}</Show>
        <Saved isBusy={form.isBusy()} isSaved={isSaved()} />
        <Show when={!isEveryone()}><div><button type="button" class="button danger" onClick={() => setAsks(true)}>{words().guildSettings.deleteRole}</button></div></Show>
      </fieldset>
      <Show when={asks()}><Ask title={words().guildSettings.deleteAsk(props.role.name)} does={words().common.delete} run={() => client.rest.delete(path)} onClose={() => setAsks(false)} /></Show>
    </form>
  );
}
