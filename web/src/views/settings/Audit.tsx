import { createResource, For, Show } from "solid-js";
import { madeAt, type Id } from "../../model/id";
import { nameOf } from "../../model/names";
import type { User } from "../../model/objects";
import { moment } from "../../words/moments";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { said } from "../common/form";
import { useClient } from "../context";

interface Entry {
  readonly id: Id;
  readonly action_type: number;
  readonly user_id: Id | null;
  readonly target_id: Id | null;
  readonly reason?: string | null;
}

/** Who did what in a community, newest first. */
export function Audit(props: { guildId: Id }) {
  const client = useClient();
  const [log] = createResource(() => client.rest.get<{ audit_log_entries: readonly Entry[]; users: readonly User[] }>(`/guilds/${props.guildId}/audit-logs?limit=100`));
  const all = () => (log.error === undefined ? (log.latest?.audit_log_entries ?? []) : []);
  const userOf = (id: Id | null) => log.latest?.users.find((user) => user.id === id) ?? client.state().users[id ?? ""];
  const target = (entry: Entry) => {
    const state = client.state();
    const id = entry.target_id ?? "";
    const user = userOf(id);
    return state.channels[id]?.name ?? state.roles[props.guildId]?.[id]?.name ?? (user === undefined ? "" : nameOf(state, user, props.guildId));
  };
  return (
    <section>
      <Show when={log.error}>{(error) => <p class="wrong" role="alert">{said(error())}</p>}</Show>
      <Show when={!log.loading && all().length === 0 && log.error === undefined}><p class="faint">{words().guildSettings.noAudit}</p></Show>
      <ul class="rows">
        <For each={all()}>
          {(entry) => (
            <li>
              <Show when={userOf(entry.user_id)}>{(user) => <Avatar user={user()} name={nameOf(client.state(), user(), props.guildId)} size={32} />}</Show>
              <span class="grow">
                <span><b><Show when={userOf(entry.user_id)} fallback={words().common.deletedUser}>{(user) => nameOf(client.state(), user(), props.guildId)}</Show></b> {words().audit[entry.action_type] ?? words().auditOther}<Show when={target(entry)}>{(name) => <>: {name()}</>}</Show></span>
                <span class="faint small">{[moment(madeAt(entry.id)), entry.reason].filter(Boolean).join(" · ")}</span>
              </span>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
