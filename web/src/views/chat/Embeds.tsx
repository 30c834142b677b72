import { For, Show } from "solid-js";
import type { Id } from "../../model/id";
import type { Embed } from "../../model/objects";
import { Text } from "./Text";

/** What programs put under their messages. Pictures of other hosts are not fetched: they would tell who reads what. */
export function Embeds(props: { of: readonly Embed[]; guildId: Id | undefined }) {
  return (
    <For each={props.of}>
      {(embed) => (
        <article class="embed" style={{ "--edge": embed.color == null ? undefined : `#${embed.color.toString(16).padStart(6, "0")}` }}>
          <Show when={embed.author?.name}>{(name) => <p class="embed-author">{name()}</p>}</Show>
          <Show when={embed.title}>{(title) => <h4><Titled title={title()} url={embed.url} guildId={props.guildId} /></h4>}</Show>
          <Show when={embed.description}>{(text) => <Text text={text()} guildId={props.guildId} />}</Show>
          <Show when={(embed.fields ?? []).length > 0}>
            <dl><For each={embed.fields}>{(field) => <div data-inline={field.inline ? "" : undefined}><dt>{field.name}</dt><dd><Text text={field.value} guildId={props.guildId} /></dd></div>}</For></dl>
          </Show>
          <Show when={embed.footer?.text}>{(text) => <p class="embed-foot faint">{text()}</p>}</Show>
        </article>
      )}
    </For>
  );
}

function Titled(props: { title: string; url: string | undefined; guildId: Id | undefined }) {
  const isWeb = () => /^https?:\/\//i.test(props.url ?? "");
  return (
    <Show when={isWeb()} fallback={<Text text={props.title} guildId={props.guildId} />}>
      <a href={props.url} target="_blank" rel="noopener noreferrer nofollow">{props.title}</a>
    </Show>
  );
}
