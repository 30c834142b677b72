import { lazy, Match, Show, Suspense, Switch } from "solid-js";
import { go } from "../../app/router";
import { words } from "../../words/words";
import { Ask } from "../common/Ask";
import { useClient } from "../context";
import { dismiss, overlay, type Overlay } from "../overlay";

const Switcher = lazy(() => import("./Switcher").then(({ Switcher }) => ({ default: Switcher })));
const Shortcuts = lazy(() => import("./Shortcuts").then(({ Shortcuts }) => ({ default: Shortcuts })));
const CreateGuild = lazy(() => import("./CreateGuild").then(({ CreateGuild }) => ({ default: CreateGuild })));
const ChannelForm = lazy(() => import("./ChannelForm").then(({ ChannelForm }) => ({ default: ChannelForm })));
const Invite = lazy(() => import("./Invite").then(({ Invite }) => ({ default: Invite })));
const Settings = lazy(() => import("../settings/Settings").then(({ Settings }) => ({ default: Settings })));
const GuildSettings = lazy(() => import("../settings/GuildSettings").then(({ GuildSettings }) => ({ default: GuildSettings })));

/** What stands in front of the chat, if it is one of these. */
type Of<K, O = Overlay> = O extends { readonly is: infer I } ? (K extends I ? O : never) : never;

/** What stands in front of the chat; most of it is fetched when it is first asked for. */
export function Overlays() {
  const client = useClient();
  const as = <K extends Overlay["is"]>(...kinds: K[]) => {
    const now = overlay();
    return now !== null && (kinds as string[]).includes(now.is) ? (now as Of<K>) : null;
  };
  const channelName = (id: string) => client.state().channels[id]?.name ?? "";
  const guildName = (id: string) => client.state().guilds[id]?.name ?? "";
  return (
    <Suspense>
      <Show when={overlay()} keyed>
        <Switch>
          <Match when={as("switcher")}><Switcher /></Match>
          <Match when={as("shortcuts")}><Shortcuts /></Match>
          <Match when={as("settings")}><Settings /></Match>
          <Match when={as("createGuild")}><CreateGuild /></Match>
          <Match when={as("createChannel")}>{(wish) => <ChannelForm guildId={wish().guildId} parentId={wish().parentId} kind={wish().kind} />}</Match>
          <Match when={as("editChannel")}>{(wish) => <Show when={client.state().channels[wish().channelId]}>{(channel) => <ChannelForm guildId={channel().guild_id ?? ""} parentId={channel().parent_id ?? null} kind={channel().type === 4 ? "category" : "text"} channel={channel()} />}</Show>}</Match>
          <Match when={as("deleteChannel")}>{(wish) => <Ask title={words().channel.deleteAsk(channelName(wish().channelId))} about={words().channel.deleteHint} does={words().common.delete} run={() => client.rest.delete(`/channels/${wish().channelId}`)} onClose={dismiss} />}</Match>
          <Match when={as("invite")}>{(wish) => <Invite guildId={wish().guildId} />}</Match>
          <Match when={as("guildSettings")}>{(wish) => <GuildSettings guildId={wish().guildId} />}</Match>
          <Match when={as("leaveGuild")}>{(wish) => <Ask title={words().guild.leaveAsk(guildName(wish().guildId))} about={words().guild.leaveHint} does={words().guild.leaveDo} run={() => client.rest.delete(`/users/@me/guilds/${wish().guildId}`).then(() => go("/", { replace: true }))} onClose={dismiss} />}</Match>
          <Match when={as("deleteMessage")}>{(wish) => <Ask title={words().message.deleteAsk} about={words().message.deleteHint} does={words().common.delete} run={() => client.delete(wish().message)} onClose={dismiss} />}</Match>
        </Switch>
      </Show>
    </Suspense>
  );
}
