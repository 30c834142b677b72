import { createSignal, Show } from "solid-js";
import { go, pathTo } from "../../app/router";
import type { Id } from "../../model/id";
import { ChannelKind, type Channel } from "../../model/objects";
import { Permission } from "../../model/permission";
import { words } from "../../words/words";
import { Choice } from "../common/Choice";
import { Dialog } from "../common/Dialog";
import { Field } from "../common/Field";
import { createForm } from "../common/form";
import { useClient } from "../context";
import { dismiss } from "../overlay";

/** A new channel or category; or, with `channel`, one that is changed. */
export function ChannelForm(props: { guildId: Id; parentId: Id | null; kind: "text" | "category"; channel?: Channel }) {
  const client = useClient();
  const form = createForm();
  const [name, setName] = createSignal(props.channel?.name ?? "");
  const [topic, setTopic] = createSignal(props.channel?.topic ?? "");
  const [kind, setKind] = createSignal<"text" | "voice">("text");
  const [isPrivate, setPrivate] = createSignal(false);
  const isCategory = props.kind === "category";
  const title = () => (props.channel !== undefined ? words().channel.edit : isCategory ? words().guild.makeCategory : words().guild.makeChannel);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.run(async () => {
      if (props.channel !== undefined) {
        await client.rest.patch(`/channels/${props.channel.id}`, { name: name().trim(), ...(isCategory ? {} : { topic: topic().trim() || null }) });
        return dismiss();
      }
      const type = isCategory ? ChannelKind.Category : kind() === "voice" ? ChannelKind.Voice : ChannelKind.Text;
      const hidden = [
        { id: props.guildId, type: 0, allow: "0", deny: String(Permission.ViewChannel) },
        { id: client.state().me?.id, type: 1, allow: String(Permission.ViewChannel), deny: "0" },
      ];
      const made = await client.rest.post<Channel>(`/guilds/${props.guildId}/channels`, {
        name: name().trim(),
        type,
        ...(props.parentId === null || isCategory ? {} : { parent_id: props.parentId }),
        ...(topic().trim() === "" ? {} : { topic: topic().trim() }),
        ...(isPrivate() ? { permission_overwrites: hidden } : {}),
      });
      dismiss();
      if (type === ChannelKind.Text) go(pathTo(props.guildId, made.id));
    });
  };
  return (
    <Dialog title={title()} onClose={dismiss}>
      <form onSubmit={submit}>
        <Show when={props.channel === undefined && !isCategory}>
          <Choice label={words().channel.kind} value={kind()} of={[["text", words().channel.text], ["voice", words().channel.voice]]} onChoose={setKind} />
        </Show>
        <Field label={words().channel.name} isFirst required maxLength={100} value={name()} onInput={(event) => setName(event.currentTarget.value)} wrong={form.wrong("name") ?? form.failure()} />
        <Show when={!isCategory && kind() === "text"}>
          <Field label={words().channel.topic} maxLength={1024} value={topic()} onInput={(event) => setTopic(event.currentTarget.value)} wrong={form.wrong("topic")} />
        </Show>
        <Show when={props.channel === undefined}>
          <label class="check">
            <input type="checkbox" checked={isPrivate()} onChange={(event) => setPrivate(event.currentTarget.checked)} />
            <span>{words().channel.private}<span class="hint">{words().channel.privateHint}</span></span>
          </label>
        </Show>
        <div class="ends">
          <button type="button" class="button plain" onClick={dismiss}>{words().common.cancel}</button>
          <button class="button primary" disabled={form.isBusy()}>{props.channel === undefined ? (isCategory ? words().guild.createDo : words().channel.createDo) : words().common.save}</button>
        </div>
      </form>
    </Dialog>
  );
}
