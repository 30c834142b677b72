import { Show } from "solid-js";
import type { Id } from "../../model/id";
import { mayInGuild, Permission } from "../../model/permission";
import { words } from "../../words/words";
import { useClient } from "../context";
import { Audit } from "./Audit";
import { Bans } from "./Bans";
import { GuildInvites } from "./GuildInvites";
import { Members } from "./Members";
import { Overview } from "./Overview";
import { Pages, type Page } from "./Pages";
import { Roles } from "./Roles";

/** What one may set for a community: each page is there for who may use it. */
export function GuildSettings(props: { guildId: Id }) {
  const client = useClient();
  const guild = () => client.state().guilds[props.guildId];
  const may = (bit: bigint) => mayInGuild(client.state(), props.guildId, bit);
  const pages = (): readonly Page[] => {
    const w = words().guildSettings;
    const id = props.guildId;
    const all: readonly (readonly [boolean, Page])[] = [
      [may(Permission.ManageGuild), { key: "overview", icon: "info", label: w.overview, body: () => <Overview guildId={id} /> }],
      [may(Permission.ManageRoles), { key: "roles", icon: "shield", label: w.roles, body: () => <Roles guildId={id} /> }],
      [true, { key: "members", icon: "users", label: w.members, body: () => <Members guildId={id} /> }],
      [may(Permission.ManageGuild), { key: "invites", icon: "mail-plus", label: w.invites, body: () => <GuildInvites guildId={id} /> }],
      [may(Permission.BanMembers), { key: "bans", icon: "ban", label: w.bans, body: () => <Bans guildId={id} /> }],
      [may(Permission.ViewAuditLog), { key: "audit", icon: "scroll-text", label: w.audit, body: () => <Audit guildId={id} /> }],
    ];
    return all.flatMap(([isFor, page]) => (isFor ? [page] : []));
  };
  return <Show when={guild()}>{(guild) => <Pages title={words().guildSettings.title(guild().name)} pages={pages()} />}</Show>;
}
