import { createResource, For, Show } from "solid-js";
import type { Id } from "../../model/id";
import { nameOf } from "../../model/names";
import type { Invite } from "../../model/objects";
import { moment } from "../../words/moments";
import { words } from "../../words/words";
import { said } from "../common/form";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";

/** The open invites to a community. */
export function GuildInvites(props: { guildId: Id }) {
  const client = useClient();
  const [invites, { refetch }] = createResource(() => client.rest.get<readonly Invite[]>(`/guilds/${props.guildId}/invites`));
  const all = () => (invites.error === undefined ? (invites.latest ?? []) : []);
  const revoke = async (invite: Invite) => {
    await client.rest.delete(`/invites/${invite.code}`);
    await refetch();
  };
  const detail = (invite: Invite) => {
    const w = words().guildSettings;
    const who = invite.inviter ? w.by(nameOf(client.state(), invite.inviter, props.guildId)) : "";
    const until = invite.expires_at === null ? w.forever : w.until(moment(Date.parse(invite.expires_at)));
    return [who, w.used(invite.uses ?? 0), until].filter(Boolean).join(" · ");
  };
  return (
    <section>
      <Show when={invites.error}>{(error) => <p class="wrong" role="alert">{said(error())}</p>}</Show>
      <Show when={!invites.loading && all().length === 0 && invites.error === undefined}><p class="faint">{words().guildSettings.noInvites}</p></Show>
      <ul class="rows">
        <For each={all()}>
          {(invite) => (
            <li>
              <Icon name="link" class="faint" />
              <span class="grow"><b>/invite/{invite.code}</b><span class="faint small">{detail(invite)}</span></span>
              <button type="button" class="button" onClick={() => void revoke(invite)}>{words().guildSettings.revoke}</button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
