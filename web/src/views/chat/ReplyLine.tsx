import { Show } from "solid-js";
import type { Id } from "../../model/id";
import { nameOf } from "../../model/names";
import type { Message } from "../../model/objects";
import { words } from "../../words/words";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";
import { useChat } from "./chat";
import { gist } from "./gist";

/** The message that is answered, in one line above the answer; it leads there. */
export function ReplyLine(props: { message: Message; guildId: Id | undefined }) {
  const client = useClient();
  const chat = useChat();
  return (
    <div class="reply-line">
      <Icon name="reply" />
      <Show when={props.message.referenced_message} fallback={<i>{words().chat.replyGone}</i>}>
        {(original) => (
          <button type="button" onClick={() => chat.jumpTo(original().id)}>
            <b>{nameOf(client.state(), original().author, props.guildId)}</b> {gist(client.state(), original(), props.guildId)}
          </button>
        )}
      </Show>
    </div>
  );
}
