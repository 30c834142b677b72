import { Show } from "solid-js";
import { nameOf } from "../../model/names";
import type { Channel } from "../../model/objects";
import { words } from "../../words/words";
import { useClient, useState } from "../context";

/** Who is writing in the channel. The line is there always, so that nothing moves. */
export function Typing(props: { channel: Channel }) {
  const client = useClient();
  const ids = useState((state) => Object.keys(state.typing[props.channel.id] ?? {}).join(" "));
  const text = () => {
    const [first, second, third] = ids().split(" ").filter(Boolean).map((id) => {
      const user = client.state().users[id];
      return user === undefined ? words().chat.someone : nameOf(client.state(), user, props.channel.guild_id);
    });
    if (first === undefined) return "";
    if (second === undefined) return words().chat.typing1(first);
    return third === undefined ? words().chat.typing2(first, second) : words().chat.typingMany;
  };
  return (
    <p class="typing">
      <Show when={text() !== ""}><span class="dots" aria-hidden="true"><i /><i /><i /></span>{text()}</Show>
    </p>
  );
}
