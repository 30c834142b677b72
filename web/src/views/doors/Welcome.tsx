import "./doors.css";
import { createEffect, createSignal, Match, Show, Switch } from "solid-js";
import { go, pathTo } from "../../app/router";
import { firstChannel } from "../../model/channels";
import type { Channel, Guild } from "../../model/objects";
import { words } from "../../words/words";
import { Field } from "../common/Field";
import { createForm } from "../common/form";
import { useClient, useState } from "../context";
import { InviteLink } from "../dialogs/InviteLink";
import { DoorPage } from "./Doors";

/** Leads a new owner through the first minutes: a name, a channel, a link to invite by. */
export function Welcome() {
  const guild = useState((state) => Object.values(state.guilds).find((guild) => guild.owner_id === state.me?.id));
  return (
    <Show when={guild()} fallback={<DoorPage name={undefined}><p class="about">{words().common.loading}</p></DoorPage>}>
      {(guild) => <Steps guild={guild()} />}
    </Show>
  );
}

function Steps(props: { guild: Guild }) {
  const client = useClient();
  const [step, setStep] = createSignal(1);
  const [name, setName] = createSignal(props.guild.name);
  const [channel, setChannel] = createSignal("");
  const [made, setMade] = createSignal<Channel | null>(null);
  const form = createForm();
  const first = useState((state) => firstChannel(state, props.guild.id));
  const target = () => made() ?? first();
  const rename = () =>
    form.run(async () => {
      if (name().trim() !== props.guild.name) await client.rest.patch(`/guilds/${props.guild.id}`, { name: name().trim() });
      setStep(2);
    });
  const makeChannel = () =>
    form.run(async () => {
      setMade(await client.rest.post<Channel>(`/guilds/${props.guild.id}/channels`, { name: channel().trim(), type: 0 }));
      setStep(3);
    });
  const finish = () => go(pathTo(props.guild.id, target()?.id), { replace: true });
  const submit = (run: () => Promise<void>) => (event: SubmitEvent) => {
    event.preventDefault();
    void run();
  };
  // Who has come by the first step knows the place by its new name.
  createEffect(() => step() > 1 && setName(props.guild.name));
  return (
    <DoorPage name={props.guild.name}>
      <p class="steps">{words().welcome.step(step(), 3)}</p>
      <Switch>
        <Match when={step() === 1}>
          <h1>{words().welcome.nameTitle}</h1>
          <p class="about">{words().welcome.nameHint}</p>
          <form onSubmit={submit(rename)}>
            <Field label={words().welcome.nameLabel} isFirst required minLength={2} maxLength={100} value={name()} onInput={(event) => setName(event.currentTarget.value)} wrong={form.wrong("name") ?? form.failure()} />
            <button class="button primary wide" disabled={form.isBusy()}>{words().common.next}</button>
          </form>
        </Match>
        <Match when={step() === 2}>
          <h1>{words().welcome.channelTitle}</h1>
          <p class="about">{words().welcome.channelHint}</p>
          <form onSubmit={submit(makeChannel)}>
            <Field label={words().welcome.channelLabel} isFirst required maxLength={100} placeholder="reading" value={channel()} onInput={(event) => setChannel(event.currentTarget.value)} wrong={form.wrong("name") ?? form.failure()} />
            <button class="button primary wide" disabled={form.isBusy()}>{words().common.next}</button>
            <button type="button" class="button plain wide" onClick={() => setStep(3)}>{words().common.skip}</button>
          </form>
        </Match>
        <Match when={step() === 3}>
          <h1>{words().welcome.inviteTitle}</h1>
          <p class="about">{words().welcome.inviteHint}</p>
          <Show when={target()}>{(channel) => <InviteLink channelId={channel().id} />}</Show>
          <button type="button" class="button primary wide" onClick={finish}>{words().welcome.finish}</button>
        </Match>
      </Switch>
    </DoorPage>
  );
}
