import { createEffect, createSignal } from "solid-js";
import { nameOf } from "../../model/names";
import type { Channel } from "../../model/objects";
import { useClient, useState } from "../context";
import { gist } from "./gist";

/** Reads new messages of the channel aloud to who listens to the page. */
export function Announcer(props: { channel: Channel }) {
  const client = useClient();
  const last = useState((state) => {
    const timeline = state.timelines[props.channel.id];
    return timeline === undefined || timeline.hasNewer ? undefined : timeline.messages.at(-1);
  });
  const [text, setText] = createSignal("");
  // What was there when one came is not new.
  createEffect((before: string | undefined) => {
    const message = last();
    const isNew = before !== undefined && message !== undefined && message.id !== before;
    if (isNew && message.author.id !== client.state().me?.id) {
      setText(`${nameOf(client.state(), message.author, props.channel.guild_id)}: ${gist(client.state(), message, props.channel.guild_id)}`);
    }
    return message?.id ?? before;
  });
  return <p class="unseen" aria-live="polite">{text()}</p>;
}
