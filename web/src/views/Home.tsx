import "./home.css";
import { createEffect, createMemo, Match, onCleanup, onMount, Show, Switch } from "solid-js";
import { go, pathTo, place } from "../app/router";
import { preferences } from "../app/preferences";
import { keep, kept } from "../app/storage";
import { firstChannel, hasMessages } from "../model/channels";
import type { Id } from "../model/id";
import { words } from "../words/words";
import { ChatPane } from "./chat/ChatPane";
import { useClient, useState } from "./context";
import { Overlays } from "./dialogs/Overlays";
import { pressed } from "./keys";
import { pane, showPane } from "./overlay";
import { MemberList } from "./people/MemberList";
import { Rail } from "./rail/Rail";
import { ChannelList } from "./side/ChannelList";
import { SelfBar } from "./side/SelfBar";
import { Waiting } from "./Waiting";
import { swipes } from "./swipes";
import { createTitle } from "./title";

/** The chat: communities, channels, what is said, and who is there. */
export function Home() {
  const client = useClient();
  const isReady = useState((state) => state.isReady);
  const guildId = createMemo(() => {
    const now = place();
    return now.at === "guild" ? now.guildId : null;
  });
  const guild = useState((state) => (guildId() === null ? undefined : state.guilds[guildId() as Id]));
  const channelId = createMemo(() => {
    const now = place();
    return now.at === "guild" || now.at === "home" ? now.channelId : null;
  });
  const channel = useState((state) => {
    const found = state.channels[channelId() ?? ""];
    return found !== undefined && hasMessages(found) && found.guild_id === (guildId() ?? undefined) ? found : undefined;
  });
  const messageId = createMemo(() => {
    const now = place();
    return now.at === "guild" ? now.messageId : null;
  });

  // From nowhere in particular, one goes where one was last.
  createEffect(() => {
    if (!isReady()) return;
    const now = place();
    const state = client.state();
    if (now.at === "start") {
      const last = kept<{ guildId: Id; channelId: Id } | null>("last", null);
      const there = last !== null && state.channels[last.channelId]?.guild_id === last.guildId ? last : null;
      const guild = Object.keys(state.guilds)[0];
      if (there !== null) go(pathTo(there.guildId, there.channelId), { replace: true });
      else if (guild !== undefined) go(pathTo(guild), { replace: true });
      else go("/channels/@me", { replace: true });
    } else if (now.at === "guild" && now.channelId === null && state.guilds[now.guildId] !== undefined) {
      const last = kept<Record<Id, Id>>("lastIn", {})[now.guildId];
      const there = last !== undefined && state.channels[last] !== undefined ? last : firstChannel(state, now.guildId)?.id;
      if (there !== undefined) go(pathTo(now.guildId, there), { replace: true });
    }
  });
  createEffect(() => {
    const here = channel();
    if (here?.guild_id === undefined) return;
    keep("last", { guildId: here.guild_id, channelId: here.id });
    keep("lastIn", { ...kept<Record<Id, Id>>("lastIn", {}), [here.guild_id]: here.id });
  });
  createEffect(() => {
    const id = guildId();
    if (id !== null && isReady() && client.line() === "open" && guild() !== undefined) client.loadMembers(id);
  });
  createEffect(() => place() && showPane("chat"));
  createTitle(channel, guild);

  const onKey = (event: KeyboardEvent) => pressed(event, client, channel());
  onMount(() => addEventListener("keydown", onKey));
  onCleanup(() => removeEventListener("keydown", onKey));

  return (
    <Show when={isReady()} fallback={<Waiting />}>
      <div class="home" data-pane={pane()} data-members={preferences.showsMembers && channel()?.guild_id !== undefined ? "" : undefined} ref={swipes}>
        <Show when={client.line() !== "open"}>
          <p class="line" role="status">{words().line.lost}</p>
        </Show>
        <Rail guildId={guildId()} />
        <nav class="side" aria-label={words().channel.channels}>
          <Show when={guild()}>{(guild) => <ChannelList guild={guild()} channelId={channelId()} />}</Show>
          <SelfBar />
        </nav>
        <Switch fallback={<Nothing text={guild() === undefined ? words().guild.notFound : words().channel.notFound} />}>
          <Match when={channel()}>{(channel) => <ChatPane channel={channel()} messageId={messageId()} />}</Match>
          <Match when={guild() !== undefined && channelId() === null}>
            <Nothing text={words().guild.empty} />
          </Match>
        </Switch>
        <Show when={preferences.showsMembers || pane() === "members"}>
          <Show when={channel()?.guild_id === undefined ? undefined : channel()}>{(channel) => <MemberList channel={channel()} />}</Show>
        </Show>
      </div>
      <Overlays />
    </Show>
  );
}

/** The main pane, where there is nothing to show. */
function Nothing(props: { text: string }) {
  return (
    <main class="main nothing">
      <p class="faint">{props.text}</p>
    </main>
  );
}
