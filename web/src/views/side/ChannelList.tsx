import "./side.css";
import { createSignal, For, Show } from "solid-js";
import { pathTo } from "../../app/router";
import { keep, kept } from "../../app/storage";
import { hasMessages, isUnread, sections, type Section } from "../../model/channels";
import type { Id } from "../../model/id";
import { ChannelKind, type Channel, type Guild } from "../../model/objects";
import { mayInGuild, Permission } from "../../model/permission";
import { words } from "../../words/words";
import { IconButton } from "../common/IconButton";
import { Link } from "../common/Link";
import { useClient, useState } from "../context";
import { Icon } from "../icon/Icon";
import { show } from "../overlay";
import { ChannelMenu } from "./ChannelMenu";
import { GuildMenu } from "./GuildMenu";

const [collapsed, setCollapsed] = createSignal<readonly Id[]>(kept("collapsed", []));

function toggle(id: Id): void {
  setCollapsed((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  keep("collapsed", collapsed());
}

/** A community's channels, under their categories. */
export function ChannelList(props: { guild: Guild; channelId: Id | null }) {
  const list = useState((state) => sections(state, props.guild.id));
  const mayManage = useState((state) => mayInGuild(state, props.guild.id, Permission.ManageChannels));
  return (
    <div class="channels">
      <GuildMenu guild={props.guild} />
      <ChannelMenu>
        <div class="channels-scroll">
          <For each={list()}>
            {(section) => <Category section={section} channelId={props.channelId} mayManage={mayManage()} guildId={props.guild.id} />}
          </For>
          <Show when={list().every((section) => section.channels.length === 0)}>
            <div class="channels-none">
              <p class="faint">{words().guild.empty}</p>
              <Show when={mayManage()}>
                <button type="button" class="button" onClick={() => show({ is: "createChannel", guildId: props.guild.id, parentId: null, kind: "text" })}>{words().guild.emptyMake}</button>
              </Show>
            </div>
          </Show>
        </div>
      </ChannelMenu>
    </div>
  );
}

function Category(props: { section: Section; channelId: Id | null; mayManage: boolean; guildId: Id }) {
  const client = useClient();
  const isClosed = () => props.section.category !== null && collapsed().includes(props.section.category.id);
  // What is new, and where one is, stays in sight.
  const shown = () => props.section.channels.filter((channel) => !isClosed() || channel.id === props.channelId || isUnread(client.state(), channel));
  return (
    <section>
      <Show when={props.section.category}>
        {(category) => (
          <div class="category" data-channel={category().id}>
            <button type="button" aria-expanded={!isClosed()} aria-label={words().channel.collapse(category().name ?? "")} onClick={() => toggle(category().id)}>
              <Icon name={isClosed() ? "chevron-right" : "chevron-down"} />
              <h3>{category().name}</h3>
            </button>
            <Show when={props.mayManage}>
              <IconButton icon="plus" label={words().guild.makeChannel} onClick={() => show({ is: "createChannel", guildId: props.guildId, parentId: category().id, kind: "text" })} />
            </Show>
          </div>
        )}
      </Show>
      <ul>
        <For each={shown()}>{(channel) => <Entry channel={channel} isHere={channel.id === props.channelId} />}</For>
      </ul>
    </section>
  );
}

function Entry(props: { channel: Channel; isHere: boolean }) {
  const unread = useState((state) => !props.isHere && isUnread(state, props.channel));
  const mentions = useState((state) => (props.isHere ? 0 : (state.reads[props.channel.id]?.mentions ?? 0)));
  const isHidden = () => (props.channel.permission_overwrites ?? []).some((overwrite) => overwrite.id === props.channel.guild_id && BigInt(overwrite.deny) & Permission.ViewChannel);
  const icon = () => (props.channel.type === ChannelKind.Voice ? "volume-2" : props.channel.type === ChannelKind.Announcement ? "megaphone" : isHidden() ? "lock" : "hash");
  const marks = () => (mentions() > 0 ? words().rail.mentions(mentions()) : unread() ? words().rail.unread : null);
  const inside = () => (
    <>
      <Icon name={icon()} />
      <span class="name">{props.channel.name}</span>
      <Show when={mentions() > 0}><span class="badge" aria-hidden="true">{mentions() > 99 ? "99+" : mentions()}</span></Show>
      <Show when={marks()}><span class="unseen">{marks()}</span></Show>
    </>
  );
  return (
    <li class="channel" data-channel={props.channel.id} data-here={props.isHere ? "" : undefined} data-unread={unread() ? "" : undefined}>
      <Show when={hasMessages(props.channel)} fallback={<span class="channel-link voice" title={words().channel.voiceSoon}>{inside()}</span>}>
        <Link class="channel-link" to={pathTo(props.channel.guild_id, props.channel.id)} aria-current={props.isHere ? "page" : undefined}>{inside()}</Link>
      </Show>
    </li>
  );
}
