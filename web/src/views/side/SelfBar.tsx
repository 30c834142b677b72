import { Show } from "solid-js";
import { nameOf } from "../../model/names";
import { words } from "../../words/words";
import { Avatar } from "../common/Avatar";
import { IconButton } from "../common/IconButton";
import { useClient, useState } from "../context";
import { show } from "../overlay";

/** Oneself, and the way to one's settings. */
export function SelfBar() {
  const client = useClient();
  const me = useState((state) => state.me);
  const status = useState((state) => state.presences[state.me?.id ?? ""] ?? "online");
  return (
    <Show when={me()}>
      {(me) => (
        <div class="self">
          <Avatar user={me()} name={nameOf(client.state(), me())} size={32} status={status()} />
          <div class="self-name">
            <b>{nameOf(client.state(), me())}</b>
            <span class="faint">{words().people.statuses[status()]}</span>
          </div>
          <IconButton icon="settings" label={words().settings.title} onClick={() => show({ is: "settings" })} />
        </div>
      )}
    </Show>
  );
}
