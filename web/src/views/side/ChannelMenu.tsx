import { ContextMenu } from "@kobalte/core/context-menu";
import { createSignal, Show, type JSX } from "solid-js";
import { pathTo } from "../../app/router";
import type { Id } from "../../model/id";
import { may, Permission } from "../../model/permission";
import { words } from "../../words/words";
import { Item } from "../common/Item";
import { useClient } from "../context";
import { show } from "../overlay";

/** What can be done with a channel, where one right-clicks it. */
export function ChannelMenu(props: { children: JSX.Element }) {
  const client = useClient();
  const [id, setId] = createSignal<Id>("");
  const channel = () => client.state().channels[id()];
  const mayManage = () => may(client.state(), channel(), Permission.ManageChannels);
  const aim = (event: MouseEvent) => {
    const found = (event.target as Element).closest<HTMLElement>("[data-channel]")?.dataset["channel"];
    if (found === undefined) event.preventDefault();
    setId(found ?? "");
  };
  return (
    <ContextMenu modal={false}>
      <ContextMenu.Trigger class="channels-area" onContextMenu={aim}>{props.children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <Show when={channel()}>
          {(channel) => (
            <ContextMenu.Content class="menu">
              <Item icon="check" label={words().guild.markRead} does={() => client.read(channel())} />
              <Item icon="link" label={words().channel.copyLink} does={() => void navigator.clipboard?.writeText(location.origin + pathTo(channel().guild_id, channel().id))} />
              <Show when={mayManage()}>
                <ContextMenu.Separator class="menu-line" />
                <Item icon="pencil" label={words().channel.edit} does={() => show({ is: "editChannel", channelId: channel().id })} />
                <Item icon="trash" label={words().channel.delete} isDangerous does={() => show({ is: "deleteChannel", channelId: channel().id })} />
              </Show>
            </ContextMenu.Content>
          )}
        </Show>
      </ContextMenu.Portal>
    </ContextMenu>
  );
}
