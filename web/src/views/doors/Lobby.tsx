import "./doors.css";
import { createEffect, createSignal, For, onCleanup, Show } from "solid-js";
import { Lobby as Connection, type LobbyLine } from "../../api/lobby";
import { go } from "../../app/router";
import { keep, kept } from "../../app/storage";
import { clock } from "../../words/moments";
import { words } from "../../words/words";
import { Field } from "../common/Field";
import { DoorPage } from "./Doors";
import { Link } from "../common/Link";

/** Lines that are kept, at most: what is older has scrolled away long ago. */
const LINES_MAX = 500;

/** The lobby, for who has no account: a name, and one is in. */
export function Lobby() {
  const [name, setName] = createSignal(kept("guest", ""));
  const [own, setOwn] = createSignal<string | null>(null);
  const [lines, setLines] = createSignal<readonly LobbyLine[]>([]);
  const [problem, setProblem] = createSignal<string | undefined>();
  let connection: Connection | null = null;
  let returning: ReturnType<typeof setTimeout> | undefined;
  const enter = () => {
    setProblem(undefined);
    connection = new Connection(name().trim(), {
      entered: (name, lines) => {
        keep("guest", name);
        setOwn(name);
        setLines(lines);
      },
      line: (line) => setLines((lines) => [...lines, line].slice(-LINES_MAX)),
      closed: (why, mayReturn) => {
        connection = null;
        if (own() !== null && mayReturn) {
          returning = setTimeout(enter, 2_000);
          return;
        }
        setOwn(null);
        setProblem(why ?? words().doors.unreachable);
      },
    });
  };
  onCleanup(() => {
    clearTimeout(returning);
    connection?.leave();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    enter();
  };
  return (
    <Show
      when={own()}
      fallback={
        <DoorPage name="Decentra">
          <h1>{words().doors.lobbyTitle}</h1>
          <form onSubmit={submit}>
            <Field label={words().doors.lobbyAsk} hint={words().doors.lobbyHint} isFirst autocomplete="nickname" required maxLength={32} value={name()} onInput={(event) => setName(event.currentTarget.value)} wrong={problem()} />
            <button class="button primary wide">{words().doors.lobbyEnter}</button>
          </form>
          <div class="door-ways"><p>{words().doors.hasAccount} <Link to="/login">{words().doors.signIn}</Link></p></div>
        </DoorPage>
      }
    >
      {(name) => <Room name={name()} lines={lines()} say={(text) => connection?.say(text)} />}
    </Show>
  );
}

function Room(props: { name: string; lines: readonly LobbyLine[]; say: (text: string) => void }) {
  let list!: HTMLDivElement;
  const [text, setText] = createSignal("");
  createEffect(() => {
    props.lines;
    queueMicrotask(() => list.scrollTo({ top: list.scrollHeight }));
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text().trim() === "") return;
    props.say(text());
    setText("");
  };
  return (
    <main class="lobby">
      <header class="lobby-head">
        <img src="/icon.svg" alt="" width="26" height="26" />
        <h1># lobby</h1>
        <span class="right">
          <span class="faint">{props.name} <span class="tag">{words().common.guest}</span></span>
          <button type="button" class="button plain" onClick={() => go("/login")}>{words().doors.lobbyLeave}</button>
        </span>
      </header>
      <div class="lobby-scroll" ref={list} role="log" aria-label="lobby" tabindex="0"><ol class="lobby-lines">
        <For each={props.lines}>
          {(line) => (
            <li class={line.name === null ? "told" : undefined} data-own={line.isOwn ? "" : undefined}>
              <Show when={line.at}>{(at) => <time>{clock(at())}</time>}</Show>
              <Show when={line.name}>{(name) => <><b>{name()}</b>{" "}</>}</Show>
              {line.text}
            </li>
          )}
        </For>
      </ol></div>
      <form class="lobby-write" onSubmit={submit}>
        <input class="input" aria-label={words().chat.write("lobby")} placeholder={words().chat.write("lobby")} maxLength={2000} value={text()} onInput={(event) => setText(event.currentTarget.value)} />
        <button class="button primary">{words().chat.send}</button>
      </form>
    </main>
  );
}
