import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { Show } from "solid-js";
import { isUnread } from "../../model/channels";
import type { Guild } from "../../model/objects";
import { mayInGuild, Permission } from "../../model/permission";
import { words } from "../../words/words";
import { Item } from "../common/Item";
import { useClient, useState } from "../context";
import { Icon } from "../icon/Icon";
import { show } from "../overlay";

/** The community's name, and behind it what can be done with it. */
export function GuildMenu(props: { guild: Guild }) {
  const client = useClient();
  const may = (bits: bigint) => useState((state) => mayInGuild(state, props.guild.id, bits));
  const [mayInvite, mayManageChannels, mayManage] = [may(Permission.CreateInvite), may(Permission.ManageChannels), useState((state) => [Permission.ManageGuild, Permission.ManageRoles, Permission.BanMembers, Permission.KickMembers, Permission.ViewAuditLog].some((bit) => mayInGuild(state, props.guild.id, bit)))];
  const isOwner = useState((state) => props.guild.owner_id === state.me?.id);
  const guildId = () => props.guild.id;
  const readAll = () => {
    for (const channel of Object.values(client.state().channels)) {
      if (channel.guild_id === guildId() && isUnread(client.state(), channel)) client.read(channel);
    }
  };
  return (
    <DropdownMenu modal={false} placement="bottom-start" gutter={4}>
      <DropdownMenu.Trigger class="guild-head" aria-label={words().guild.menu(props.guild.name)}>
        <span class="name">{props.guild.name}</span>
        <Icon name="chevron-down" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <Show when={mayInvite()}><Item icon="user-plus" label={words().guild.invite} does={() => show({ is: "invite", guildId: guildId() })} /></Show>
          <Item icon="check-check" label={words().guild.markRead} does={readAll} />
          <Show when={mayManageChannels()}>
            <DropdownMenu.Separator class="menu-line" />
            <Item icon="hash" label={words().guild.makeChannel} does={() => show({ is: "createChannel", guildId: guildId(), parentId: null, kind: "text" })} />
            <Item icon="folder" label={words().guild.makeCategory} does={() => show({ is: "createChannel", guildId: guildId(), parentId: null, kind: "category" })} />
          </Show>
          <Show when={mayManage()}><Item icon="settings" label={words().guild.settings} does={() => show({ is: "guildSettings", guildId: guildId() })} /></Show>
          <Show when={!isOwner()}>
            <DropdownMenu.Separator class="menu-line" />
            <Item icon="door-open" label={words().guild.leave} isDangerous does={() => show({ is: "leaveGuild", guildId: guildId() })} />
          </Show>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
