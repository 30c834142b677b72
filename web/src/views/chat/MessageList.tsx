import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { PAGE } from "../../app/client";
import { isNewer, madeAt, type Id } from "../../model/id";
import type { Channel } from "../../model/objects";
import { isSameRow, rows, type Row } from "../../model/rows";
import { clock, day } from "../../words/moments";
import { words } from "../../words/words";
import { useClient, useState } from "../context";
import { Icon } from "../icon/Icon";
import { Announcer } from "./Announcer";
import { Beginning } from "./Beginning";
import { useChat } from "./chat";
import { MessageMenu } from "./MessageMenu";
import { MessageRow } from "./MessageRow";
import { PendingRow } from "./PendingRow";
import { ScrollKeeper } from "./scroll";
import { Skeleton } from "./Skeleton";
import { onRowKey } from "./rowKeys";

/** How close to an end of what is there one comes before more is fetched, in heights of the list. */
const NEAR = 2;

/** What was said in a channel. It keeps its place, whatever comes above or below, and fetches more before one gets there. */
export function MessageList(props: { channel: Channel; messageId: Id | null }) {
  const client = useClient();
  const chat = useChat();
  const channelId = props.channel.id;
  const timeline = useState((state) => state.timelines[channelId]);
  const pending = useState((state) => state.outbox.filter((pending) => pending.channelId === channelId));
  const me = useState((state) => state.me?.id);
  /** Up to where the channel was read when it was opened: the line stays there while one reads. */
  const [lineAt, setLineAt] = createSignal(client.state().reads[channelId]?.upTo);
  const [isAtEnd, setAtEnd] = createSignal(true);
  const [failure, setFailure] = createSignal(false);
  const [marked, setMarked] = createSignal<Id | null>(null);
  let scroller!: HTMLDivElement;
  let content!: HTMLOListElement;
  let keeper: ScrollKeeper | undefined;

  const all = createMemo((): readonly Row[] => rows(timeline()?.messages ?? [], lineAt(), me()));
  const byKey = createMemo(() => new Map(all().map((row) => [row.key, row])));
  const keys = createMemo(() => all().map((row) => row.key));
  const unread = createMemo(() => (timeline()?.messages ?? []).filter((message) => lineAt() !== undefined && isNewer(message.id, lineAt()) && message.author.id !== me()).length);

  const load = (run: () => Promise<void>) => run().then(() => setFailure(false), () => setFailure(true));
  const open = async () => {
    const upTo = lineAt();
    if (props.messageId !== null) return jump(props.messageId);
    if (client.state().timelines[channelId] === undefined) await load(() => client.load(channelId, { at: "newest" }));
    const first = client.state().timelines[channelId]?.messages[0];
    // What is unread begins before what came: one begins there.
    if (upTo != null && first !== undefined && isNewer(first.id, upTo) && client.state().timelines[channelId]?.hasOlder) {
      await load(() => client.load(channelId, { at: "around", id: upTo }));
    }
    keeper?.begin(content.querySelector('[data-key="new"]'));
    near();
  };
  const jump = async (id: Id) => {
    const isThere = client.state().timelines[channelId]?.messages.some((message) => message.id === id);
    if (!isThere) await load(() => client.load(channelId, { at: "around", id }));
    const row = content.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"]`);
    if (row === null) return;
    keeper?.show(row);
    row.focus({ preventScroll: true });
    setMarked(id);
    near();
  };
  const toPresent = async () => {
    if (timeline()?.hasNewer) await load(() => client.load(channelId, { at: "newest" }));
    keeper?.toEnd();
  };
  const near = () => {
    const now = timeline();
    if (now === undefined || keeper === undefined) return;
    const first = now.messages[0];
    const last = now.messages.at(-1);
    if (now.hasOlder && first !== undefined && keeper.above < NEAR * scroller.clientHeight) {
      void load(() => client.load(channelId, { at: "before", id: first.id })).then(near);
    } else if (now.hasNewer && last !== undefined && keeper.below < NEAR * scroller.clientHeight) {
      void load(() => client.load(channelId, { at: "after", id: last.id })).then(near);
    }
  };
  const readWhatIsSeen = () => {
    if (isAtEnd() && document.hasFocus() && timeline() !== undefined && !timeline()?.hasNewer) client.read(props.channel);
  };
  const onLeave = () => setLineAt(client.state().reads[channelId]?.upTo);

  onMount(() => {
    keeper = new ScrollKeeper(scroller, content, () => {
      setAtEnd((keeper?.isAtEnd ?? true) && !timeline()?.hasNewer);
      near();
    }, () => !timeline()?.hasNewer);
    chat.setJumper((id) => void jump(id));
    addEventListener("focus", readWhatIsSeen);
    addEventListener("blur", onLeave);
    void open();
  });
  onCleanup(() => {
    keeper?.stop();
    removeEventListener("focus", readWhatIsSeen);
    removeEventListener("blur", onLeave);
  });
  // After a new session nothing is known of the channel, and it is fetched again.
  createEffect((wasThere: boolean) => {
    const isThere = timeline() !== undefined;
    if (wasThere && !isThere) void load(() => client.load(channelId, { at: "newest" })).then(() => keeper?.toEnd());
    return isThere;
  }, false);
  createEffect(() => {
    const id = props.messageId;
    if (id !== null && keeper !== undefined) void jump(id);
  });
  createEffect(() => {
    keys();
    pending();
    keeper?.restore();
    readWhatIsSeen();
  });
  createEffect(() => pending().length > 0 && void toPresent());
  return (
    <div class="messages-place">
      <Show when={!isAtEnd() && unread() > 0 && lineAt() != null}>
        <div class="pill new-pill" role="status">
          <span>{words().chat.newSince(timeline()?.hasNewer ? `${PAGE}+` : String(unread()), sinceOf(lineAt() as Id))}</span>
          <button type="button" onClick={() => { client.read(props.channel); setLineAt(props.channel.last_message_id ?? undefined); }}>{words().chat.markRead}</button>
        </div>
      </Show>
      <MessageMenu>
        <div class="messages" ref={scroller} tabindex="0" role="region" aria-label={words().chat.messages(props.channel.name ?? "")} onKeyDown={(event) => onRowKey(event, chat, client)}>
          <Show when={timeline()?.hasOlder === false}><Beginning channel={props.channel} isEmpty={timeline()?.messages.length === 0} /></Show>
          <Show when={timeline() === undefined || timeline()?.hasOlder}>
            <Show when={failure()} fallback={<Skeleton />}>
              <p class="load-failed"><span class="wrong" role="alert"><Icon name="circle-alert" />{words().chat.loadFailed}</span> <button type="button" class="as-link" onClick={() => (timeline() === undefined ? void open() : near())}>{words().common.tryAgain}</button></p>
            </Show>
          </Show>
          <ol ref={content}>
            <For each={keys()}>{(key) => <ListRow row={() => byKey().get(key)} marked={marked} guildId={props.channel.guild_id} />}</For>
            <Show when={!timeline()?.hasNewer}>
              <For each={pending().map((pending) => pending.nonce)}>{(nonce) => <PendingRow nonce={nonce} guildId={props.channel.guild_id} />}</For>
            </Show>
          </ol>
          <Show when={timeline()?.hasNewer}><Skeleton /></Show>
        </div>
      </MessageMenu>
      <Show when={!isAtEnd()}>
        <button type="button" class="pill to-end" onClick={() => void toPresent()}>
          <Show when={timeline()?.hasNewer}><span class="faint">{words().chat.older}</span></Show>
          {words().chat.toPresent}
          <Icon name="arrow-down" />
        </button>
      </Show>
      <Announcer channel={props.channel} />
    </div>
  );
}

/** When what was read last was said. */
function sinceOf(id: Id): string {
  const at = madeAt(id);
  return day(at) === words().chat.today ? clock(at) : `${day(at)}, ${clock(at)}`;
}

function ListRow(props: { row: () => Row | undefined; marked: () => Id | null; guildId: Id | undefined }) {
  // A row that leaves is shown as it was until it has left. One that says the same as before is not drawn again.
  const row = createMemo<Row, Row | undefined>((before) => props.row() ?? (before as Row), undefined, { equals: isSameRow });
  const message = createMemo(() => {
    const now = row();
    return now.kind === "message" ? now : null;
  });
  const at = () => {
    const now = row();
    return now.kind === "day" ? now.at : 0;
  };
  return (
    <Show
      when={message()}
      fallback={
        <li class={row().kind === "day" ? "day-line" : "new-line"} data-key={row().key}>
          <span>{row().kind === "day" ? day(at()) : words().chat.new}</span>
        </li>
      }
    >
      {(row) => <MessageRow message={row().message} hasHead={row().hasHead} isMarked={props.marked() === row().key} guildId={props.guildId} />}
    </Show>
  );
}
