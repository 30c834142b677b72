import { createResource, createSignal, Show } from "solid-js";
import type { Id } from "../../model/id";
import type { Invite } from "../../model/objects";
import { words } from "../../words/words";
import { said } from "../common/form";
import { Icon } from "../icon/Icon";
import { useClient } from "../context";

/** A link into a channel's community, and the button that copies it. `maxAge` is in seconds; 0 is for ever. */
export function InviteLink(props: { channelId: Id; maxAge?: number; maxUses?: number }) {
  const client = useClient();
  const wish = () => ({ channelId: props.channelId, max_age: props.maxAge ?? 604_800, max_uses: props.maxUses ?? 0 });
  const [invite] = createResource(wish, ({ channelId, ...body }) => client.rest.post<Invite>(`/channels/${channelId}/invites`, body));
  const [isCopied, setCopied] = createSignal(false);
  const link = () => (invite.error === undefined && invite.latest !== undefined ? `${location.origin}/invite/${invite.latest.code}` : "");
  let input!: HTMLInputElement;
  const copy = async () => {
    input.select();
    // Where the page may not write the clipboard, the link stands selected.
    await navigator.clipboard?.writeText(link()).then(() => setCopied(true), () => undefined);
  };
  return (
    <Show when={invite.error === undefined} fallback={<p class="wrong" role="alert">{said(invite.error)}</p>}>
      <div class="link-row">
        <input ref={input} class="input" readOnly aria-label={words().doors.inviteCode} value={link()} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button primary" disabled={link() === ""} onClick={() => void copy()}>
          <Icon name={isCopied() ? "check" : "copy"} />
          {isCopied() ? words().common.copied : words().common.copy}
        </button>
      </div>
    </Show>
  );
}
