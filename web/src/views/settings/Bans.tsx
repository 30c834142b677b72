import { createResource, For, Show } from "solid-js";
import type { Id } from "../../model/id";
import { nameOf } from "../../model/names";
import type { User } from "../../model/objects";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { said } from "../common/form";
import { useClient } from "../context";

interface Ban {
  readonly user: User;
  readonly reason: string | null;
}

/** Who may not come back. */
export function Bans(props: { guildId: Id }) {
  const client = useClient();
  const path = () => `/guilds/${props.guildId}/bans`;
  const [bans, { refetch }] = createResource(() => client.rest.get<readonly Ban[]>(path()));
  const all = () => (bans.error === undefined ? (bans.latest ?? []) : []);
  const lift = async (user: User) => {
    await client.rest.delete(`${path()}/${user.id}`);
    await refetch();
  };
  return (
    <section>
      <Show when={bans.error}>{(error) => <p class="wrong" role="alert">{said(error())}</p>}</Show>
      <Show when={!bans.loading && all().length === 0 && bans.error === undefined}><p class="faint">{words().guildSettings.noBans}</p></Show>
      <ul class="rows">
        <For each={all()}>
          {(ban) => (
            <li>
              <Avatar user={ban.user} name={nameOf(client.state(), ban.user)} size={36} />
              <span class="grow"><b>{nameOf(client.state(), ban.user)}</b><span class="faint small">{ban.reason ?? ban.user.username}</span></span>
              <button type="button" class="button" onClick={() => void lift(ban.user)}>{words().guildSettings.unban}</button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
