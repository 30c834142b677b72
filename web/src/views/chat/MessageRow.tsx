import { Match, Show, Switch } from "solid-js";
import type { Id } from "../../model/id";
import { mentions } from "../../model/apply/message";
import { nameOf } from "../../model/names";
import type { Message } from "../../model/objects";
import { clock, exactly, moment } from "../../words/moments";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { useClient } from "../context";
import { PersonName } from "../people/PersonName";
import { Attachments } from "./Attachments";
import { useChat } from "./chat";
import { Editor } from "./Editor";
import { Embeds } from "./Embeds";
import { MessageTools } from "./MessageTools";
import { Reactions } from "./Reactions";
import { ReplyLine } from "./ReplyLine";
import { Text } from "./Text";
import { Icon } from "../icon/Icon";

/** Source: Discord's documentation, "Message Types". */
const Kind = { Said: 0, Pinned: 6, Joined: 7, Reply: 19 } as const;

/** One message. */
export function MessageRow(props: { message: Message; hasHead: boolean; isMarked: boolean; guildId: Id | undefined }) {
  const client = useClient();
  const chat = useChat();
  const isSaid = () => props.message.type === Kind.Said || props.message.type === Kind.Reply;
  const at = () => Date.parse(props.message.timestamp);
  const isActive = () => chat.active() === props.message.id;
  const calls = () => mentions(client.state(), props.message);
  return (
    <li
      class="message"
      tabindex="-1"
      data-key={props.message.id}
      data-head={props.hasHead ? "" : undefined}
      data-calls={calls() ? "" : undefined}
      data-marked={props.isMarked ? "" : undefined}
      data-replied={chat.replyTo()?.id === props.message.id ? "" : undefined}
      onPointerEnter={() => chat.setActive(props.message.id)}
      onPointerLeave={() => isActive() && chat.setActive(null)}
      onFocusIn={() => chat.setActive(props.message.id)}
    >
      <Show when={isSaid()} fallback={<Told message={props.message} guildId={props.guildId} />}>
        <Show when={props.message.type === Kind.Reply}><ReplyLine message={props.message} guildId={props.guildId} /></Show>
        <div class="message-side">
          <Show when={props.hasHead} fallback={<time class="aside-time" dateTime={props.message.timestamp}>{clock(at())}</time>}>
            <Avatar user={props.message.author} name={nameOf(client.state(), props.message.author, props.guildId)} size={40} />
          </Show>
        </div>
        <div class="message-body">
          <Show when={props.hasHead}>
            <p class="message-head">
              <PersonName user={props.message.author} guildId={props.guildId} isGuest={props.message.webhook_id != null} />
              <time dateTime={props.message.timestamp} title={exactly(at())}>{moment(at())}</time>
            </p>
          </Show>
          <Show when={chat.editing() === props.message.id} fallback={<Said message={props.message} guildId={props.guildId} />}>
            <Editor message={props.message} />
          </Show>
          <Attachments of={props.message.attachments} />
          <Embeds of={props.message.embeds} guildId={props.guildId} />
          <Reactions message={props.message} />
        </div>
      </Show>
      <Show when={isActive() && chat.editing() !== props.message.id}><MessageTools message={props.message} /></Show>
    </li>
  );
}

function Said(props: { message: Message; guildId: Id | undefined }) {
  return (
    <div class="said">
      <Text text={props.message.content} guildId={props.guildId} />
      <Show when={props.message.edited_timestamp}>
        {(edited) => <> <time class="edited" dateTime={edited()} title={exactly(Date.parse(edited()))}>({words().chat.edited})</time></>}
      </Show>
    </div>
  );
}

/** What happened, where nobody said anything. */
function Told(props: { message: Message; guildId: Id | undefined }) {
  const client = useClient();
  const who = () => nameOf(client.state(), props.message.author, props.guildId);
  return (
    <>
      <div class="message-side"><Icon name={props.message.type === Kind.Pinned ? "pin" : "door-open"} class="faint" /></div>
      <p class="told">
        <Switch fallback={<><b>{who()}</b> {props.message.content}</>}>
          <Match when={props.message.type === Kind.Pinned}>{words().chat.pinned(who())}</Match>
          <Match when={props.message.type === Kind.Joined}>{words().chat.joined(who())}</Match>
        </Switch>{" "}
        <time dateTime={props.message.timestamp}>{moment(Date.parse(props.message.timestamp))}</time>
      </p>
    </>
  );
}

