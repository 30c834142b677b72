import { Popover } from "@kobalte/core/popover";
import { createResource, createSignal, For, Show, Suspense } from "solid-js";
import { nameOf } from "../../model/names";
import type { Channel, Message } from "../../model/objects";
import { moment } from "../../words/moments";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { said } from "../common/form";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";
import { useChat } from "./chat";
import { Text } from "./Text";

/** What is pinned in the channel. */
export function Pins(props: { channel: Channel }) {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <Popover open={isOpen()} onOpenChange={setOpen} placement="bottom-end" gutter={6}>
      <Popover.Trigger class="icon-button" aria-label={words().channel.pins} title={words().channel.pins}><Icon name="pin" /></Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="menu pins">
          <Popover.Title as="h2">{words().channel.pins}</Popover.Title>
          <Suspense fallback={<p class="faint">{words().common.loading}</p>}>
            <List channel={props.channel} onClose={() => setOpen(false)} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}

interface Page {
  readonly items: readonly { readonly message: Message }[];
}

function List(props: { channel: Channel; onClose: () => void }) {
  const client = useClient();
  const chat = useChat();
  // Read again whenever something is pinned.
  const [page] = createResource(() => props.channel.last_pin_timestamp ?? "none", () => client.rest.get<Page>(`/channels/${props.channel.id}/messages/pins`));
  const items = () => (page.error === undefined ? (page.latest?.items ?? []) : []);
  return (
    <Show when={page.error === undefined} fallback={<p class="wrong">{said(page.error)}</p>}>
      <Show when={!page.loading || items().length > 0} fallback={<p class="faint">{words().common.loading}</p>}>
        <Show when={items().length > 0} fallback={<div class="pins-none"><Icon name="pin" /><p><b>{words().channel.noPins}</b></p><p class="faint">{words().channel.noPinsHint}</p></div>}>
          <ul class="pin-list">
            <For each={items()}>
              {({ message }) => (
                <li class="pin">
                  <Avatar user={message.author} name={nameOf(client.state(), message.author, props.channel.guild_id)} size={32} />
                  <div>
                    <p class="message-head"><b>{nameOf(client.state(), message.author, props.channel.guild_id)}</b> <time dateTime={message.timestamp}>{moment(Date.parse(message.timestamp))}</time></p>
                    <div class="said"><Text text={message.content} guildId={props.channel.guild_id} /></div>
                    <button type="button" class="as-link" onClick={() => { props.onClose(); chat.jumpTo(message.id); }}>{words().chat.jump}</button>
                  </div>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </Show>
    </Show>
  );
}
