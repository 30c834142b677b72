import { Show } from "solid-js";
import { prefer, preferences } from "../../app/preferences";
import { ChannelKind, type Channel } from "../../model/objects";
import { words } from "../../words/words";
import { IconButton } from "../common/IconButton";
import { Icon } from "../icon/Icon";
import { pane, show, showPane } from "../overlay";
import { Pins } from "./Pins";
import { Text } from "./Text";

/** What the channel is called and what it is about, and what one can look at. */
export function ChatHead(props: { channel: Channel }) {
  const isNarrow = () => matchMedia("(max-width: 1000px)").matches;
  const toggleMembers = () => {
    if (isNarrow()) showPane(pane() === "members" ? "chat" : "members");
    else prefer("showsMembers", !preferences.showsMembers);
  };
  return (
    <header class="chat-head">
      <IconButton class="only-phone" icon="menu" label={words().channel.channels} onClick={() => showPane("list")} />
      <Icon name={props.channel.type === ChannelKind.Announcement ? "megaphone" : "hash"} class="faint" />
      <h1>{props.channel.name}</h1>
      <Show when={props.channel.topic}>{(topic) => <p class="topic" title={topic()}><Text text={topic()} guildId={props.channel.guild_id} /></p>}</Show>
      <div class="chat-tools">
        <IconButton icon="search" placement="bottom" label={words().switcher.title} onClick={() => show({ is: "switcher" })} />
        <Pins channel={props.channel} />
        <IconButton icon="users" placement="bottom" label={preferences.showsMembers ? words().channel.hideMembers : words().channel.showMembers} aria-pressed={isNarrow() ? pane() === "members" : preferences.showsMembers} onClick={toggleMembers} />
      </div>
    </header>
  );
}
