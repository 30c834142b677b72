import { createSignal, Show } from "solid-js";
import { firstChannel } from "../../model/channels";
import type { Id } from "../../model/id";
import { words } from "../../words/words";
import { Choice } from "../common/Choice";
import { Dialog } from "../common/Dialog";
import { useClient, useState } from "../context";
import { dismiss } from "../overlay";
import { InviteLink } from "./InviteLink";

/** How long an invite works, in seconds; 0 is for ever. */
const AGES = { hour: 3_600, day: 86_400, week: 604_800, never: 0 } as const;

/** A link to invite people by. */
export function Invite(props: { guildId: Id }) {
  const client = useClient();
  const channel = useState((state) => firstChannel(state, props.guildId));
  const [age, setAge] = createSignal<keyof typeof AGES>("week");
  const ages = () => (["hour", "day", "week", "never"] as const).map((key) => [key, words().invite[key]] as const);
  return (
    <Dialog title={words().invite.title(client.state().guilds[props.guildId]?.name ?? "")} about={words().invite.hint} onClose={dismiss}>
      <Show when={channel()}>{(channel) => <InviteLink channelId={channel().id} maxAge={AGES[age()]} />}</Show>
      <Choice label={words().invite.expires} value={age()} of={ages()} onChoose={setAge} />
      <div class="ends"><button type="button" class="button" onClick={dismiss}>{words().common.done}</button></div>
    </Dialog>
  );
}
