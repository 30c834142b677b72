import { Show } from "solid-js";
import type { Channel } from "../../model/objects";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { Icon } from "../icon/Icon";
import { show } from "../overlay";
import { useChat } from "./chat";

/** What stands above the first message: what this place is, who sees it, and what one can do. */
export function Beginning(props: { channel: Channel; isEmpty: boolean }) {
  const chat = useChat();
  const isHidden = () => (props.channel.permission_overwrites ?? []).some((overwrite) => overwrite.id === props.channel.guild_id && BigInt(overwrite.deny) & Permission.ViewChannel);
  return (
    <div class="beginning" data-empty={props.isEmpty ? "" : undefined}>
      <span class="beginning-mark"><Icon name={isHidden() ? "lock" : "hash"} /></span>
      <h2>{words().chat.writeTitle(props.channel.name ?? "")}</h2>
      <p>{isHidden() ? words().channel.beginSome : words().channel.beginOpen} {props.isEmpty ? words().channel.beginSay : ""}</p>
      <div class="beginning-ends">
        <Show when={props.isEmpty && chat.may(Permission.SendMessages)}>
          <button type="button" class="button" onClick={() => chat.focus()}><Icon name="pencil" />{words().chat.firstMessage}</button>
        </Show>
        <Show when={props.channel.guild_id !== undefined && chat.may(Permission.CreateInvite)}>
          <button type="button" class="button" onClick={() => show({ is: "invite", guildId: props.channel.guild_id ?? "" })}><Icon name="user-plus" />{words().guild.invite}</button>
        </Show>
      </div>
    </div>
  );
}
