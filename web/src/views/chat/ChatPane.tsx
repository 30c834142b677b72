import "./chat.css";
import { Show } from "solid-js";
import type { Id } from "../../model/id";
import type { Channel } from "../../model/objects";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { useClient } from "../context";
import { ChatContext, createChat } from "./chat";
import { ChatHead } from "./ChatHead";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { Typing } from "./Typing";

/** A channel: what was said in it, and what one says. */
export function ChatPane(props: { channel: Channel; messageId: Id | null }) {
  const client = useClient();
  const chat = createChat(client, () => props.channel);
  return (
    <ChatContext.Provider value={chat}>
      <main class="main chat">
        <ChatHead channel={props.channel} />
        {/* Each channel has a list and a composer of its own: nothing of the one is left in the other. */}
        <Show when={props.channel.id} keyed>
          {(_id) => (
            <>
              <MessageList channel={props.channel} messageId={props.messageId} />
              <div class="chat-foot">
                <Show when={chat.may(Permission.SendMessages)} fallback={<p class="may-not faint">{words().chat.mayNotWrite}</p>}>
                  <Composer channel={props.channel} />
                </Show>
                <Typing channel={props.channel} />
              </div>
            </>
          )}
        </Show>
      </main>
    </ChatContext.Provider>
  );
}
