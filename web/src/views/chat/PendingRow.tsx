import { Show } from "solid-js";
import type { Id } from "../../model/id";
import { words } from "../../words/words";
import { useClient, useState } from "../context";
import { Icon } from "../icon/Icon";
import { Text } from "./Text";

/** A message that is on its way: faint, until it is there. */
export function PendingRow(props: { nonce: string; guildId: Id | undefined }) {
  const client = useClient();
  const pending = useState((state) => state.outbox.find((pending) => pending.nonce === props.nonce));
  return (
    <Show when={pending()}>
      {(pending) => (
        <li class="message pending" data-failed={pending().failure === null ? undefined : ""} data-key={props.nonce}>
          <div class="message-side">
            <Show when={pending().failure === null}><span class="waits" role="img" aria-label={words().chat.sending} title={words().chat.sending}><Icon name="clock" /></span></Show>
          </div>
          <div class="message-body">
            <div class="said"><Text text={pending().content} guildId={props.guildId} /></div>
            <Show when={pending().failure}>
              {(failure) => (
                <p class="failed" role="alert">
                  <span class="wrong"><Icon name="circle-alert" />{words().chat.failed} {failure()}</span>
                  <button type="button" class="as-link" onClick={() => client.sayAgain(props.nonce)}>{words().chat.tryAgain}</button>
                  <button type="button" class="as-link" onClick={() => client.unsay(props.nonce)}>{words().chat.giveUp}</button>
                </p>
              )}
            </Show>
          </div>
        </li>
      )}
    </Show>
  );
}
