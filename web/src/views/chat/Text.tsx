import { createMemo, createSignal, For, Match, Show, Switch, type JSX } from "solid-js";
import type { Id } from "../../model/id";
import { isJumbo, parse } from "../../model/markdown/parse";
import type { Node } from "../../model/markdown/nodes";
import { nameOf } from "../../model/names";
import { pathTo } from "../../app/router";
import { ago, clock, date, day, exactly } from "../../words/moments";
import { words } from "../../words/words";
import { Link } from "../common/Link";
import { useClient } from "../context";
import { Code } from "./Code";

/** A message's text. Nodes become elements, and all else is text: there is no way in for markup. */
export function Text(props: { text: string; guildId: Id | undefined }) {
  const nodes = createMemo(() => parse(props.text));
  return (
    <span class="text" data-jumbo={isJumbo(nodes()) ? "" : undefined}>
      <Nodes of={nodes()} guildId={props.guildId} />
    </span>
  );
}

function Nodes(props: { of: readonly Node[]; guildId: Id | undefined }) {
  return <For each={props.of}>{(node) => <One node={node} guildId={props.guildId} />}</For>;
}

function One(props: { node: Node; guildId: Id | undefined }): JSX.Element {
  const inner = (of: readonly Node[]) => <Nodes of={of} guildId={props.guildId} />;
  const node = props.node;
  switch (node.kind) {
    case "text": return node.text;
    case "break": return <br />;
    case "strong": return <strong>{inner(node.of)}</strong>;
    case "emphasis": return <em>{inner(node.of)}</em>;
    case "underline": return <u>{inner(node.of)}</u>;
    case "strike": return <s>{inner(node.of)}</s>;
    case "small": return <small class="subtext">{inner(node.of)}</small>;
    case "quote": return <blockquote>{inner(node.of)}</blockquote>;
    case "spoiler": return <Spoiler>{inner(node.of)}</Spoiler>;
    case "heading": return <strong class={`heading level-${node.level}`}>{inner(node.of)}</strong>;
    case "list":
      return node.start === null
        ? <ul><For each={node.items}>{(item) => <li>{inner(item)}</li>}</For></ul>
        : <ol start={node.start}><For each={node.items}>{(item) => <li>{inner(item)}</li>}</For></ol>;
    case "code": return <code>{node.text}</code>;
    case "block": return <Code text={node.text} language={node.language} />;
    case "link": return <a href={node.url} target="_blank" rel="noopener noreferrer nofollow">{inner(node.of)}</a>;
    case "emoji": return <img class="emoji" src={`/emojis/${node.id}.${node.isAnimated ? "gif" : "webp"}`} alt={`:${node.name}:`} title={`:${node.name}:`} loading="lazy" />;
    case "time": return <Moment unix={node.unix} style={node.style} />;
    case "all": return <span class="mention">{node.text}</span>;
    case "user":
    case "role":
    case "channel": return <Mention node={node} guildId={props.guildId} />;
  }
}

function Mention(props: { node: Extract<Node, { kind: "user" | "role" | "channel" }>; guildId: Id | undefined }) {
  const client = useClient();
  const { kind, id } = props.node;
  const user = () => client.state().users[id];
  const role = () => client.state().roles[props.guildId ?? ""]?.[id];
  const channel = () => client.state().channels[id];
  return (
    <Switch fallback={<span class="mention">{kind === "channel" ? "#…" : `@${words().common.deletedUser}`}</span>}>
      <Match when={kind === "user" && user()}>{(user) => <span class="mention" data-user={id}>@{nameOf(client.state(), user(), props.guildId)}</span>}</Match>
      <Match when={kind === "role" && role()}>{(role) => <span class="mention">@{role().name}</span>}</Match>
      <Match when={kind === "channel" && channel()}>{(channel) => <Link class="mention" to={pathTo(channel().guild_id, id)}>#{channel().name}</Link>}</Match>
    </Switch>
  );
}

function Spoiler(props: { children: JSX.Element }) {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <Show when={!isOpen()} fallback={<span class="spoiler open">{props.children}</span>}>
      <button type="button" class="spoiler" aria-label={words().chat.spoiler} onClick={() => setOpen(true)}>
        <span aria-hidden="true" inert>{props.children}</span>
      </button>
    </Show>
  );
}

/** A moment, as its style says. Source: Discord's documentation, "Timestamp Styles". */
function Moment(props: { unix: number; style: string }) {
  const at = () => props.unix * 1000;
  const text = () => {
    switch (props.style) {
      case "t":
      case "T": return clock(at());
      case "d":
      case "D": return date(at());
      case "F": return exactly(at());
      case "R": return ago(at());
      default: return `${day(at())}, ${clock(at())}`;
    }
  };
  return <time class="moment" dateTime={new Date(at()).toISOString()} title={exactly(at())}>{text()}</time>;
}
