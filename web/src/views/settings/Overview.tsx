import { createSignal, Show } from "solid-js";
import { go } from "../../app/router";
import type { Id } from "../../model/id";
import type { Guild } from "../../model/objects";
import { words } from "../../words/words";
import { Ask } from "../common/Ask";
import { Field } from "../common/Field";
import { createForm, said } from "../common/form";
import { GuildIcon } from "../common/GuildIcon";
import { useClient, useState } from "../context";
import { dismiss } from "../overlay";
import { Picture } from "./Picture";
import { Saved } from "./Saved";

/** What a community is called, and what it is about. */
export function Overview(props: { guildId: Id }) {
  const guild = useState((state) => state.guilds[props.guildId]);
  return <Show when={guild()}>{(guild) => <Form guild={guild()} />}</Show>;
}

function Form(props: { guild: Guild }) {
  const client = useClient();
  const form = createForm();
  const [name, setName] = createSignal(props.guild.name);
  const [about, setAbout] = createSignal(props.guild.description ?? "");
  const [isSaved, setSaved] = createSignal(false);
  const [problem, setProblem] = createSignal<unknown>();
  const [asks, setAsks] = createSignal(false);
  const isOwner = () => client.state().me?.id === props.guild.owner_id;
  const path = `/guilds/${props.guild.id}`;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    setSaved(false);
    void form.run(async () => {
      await client.rest.patch(path, { name: name().trim(), description: about().trim() || null });
      setSaved(true);
    });
  };
  const setIcon = (icon: string | null) => client.rest.patch(path, { icon }).then(() => setProblem(undefined), setProblem);
  return (
    <>
      <section>
        <Picture isThere={props.guild.icon !== null} onChoose={(icon) => void setIcon(icon)}><GuildIcon guild={props.guild} /></Picture>
        <Show when={problem()}>{(problem) => <p class="wrong" role="alert">{said(problem())}</p>}</Show>
        <form onSubmit={save}>
          <Field label={words().guild.name} required minLength={2} maxLength={100} value={name()} onInput={(event) => { setName(event.currentTarget.value); setSaved(false); }} wrong={form.wrong("name") ?? form.failure()} />
          <Field label={words().guildSettings.description} maxLength={300} value={about()} onInput={(event) => { setAbout(event.currentTarget.value); setSaved(false); }} wrong={form.wrong("description")} />
          <Saved isBusy={form.isBusy()} isSaved={isSaved()} />
        </form>
      </section>
      <Show when={isOwner()}>
        <section><button type="button" class="button danger" onClick={() => setAsks(true)}>{words().guildSettings.delete}</button></section>
      </Show>
      <Show when={asks()}>
        <Ask title={words().guildSettings.deleteAsk(props.guild.name)} about={words().guildSettings.deleteHint} does={words().common.delete} run={() => client.rest.post(`${path}/delete`).then(() => { dismiss(); go("/", { replace: true }); })} onClose={() => setAsks(false)} />
      </Show>
    </>
  );
}
