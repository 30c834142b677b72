import "./rail.css";
import { For, Show } from "solid-js";
import { pathTo } from "../../app/router";
import { news } from "../../model/channels";
import type { Id } from "../../model/id";
import type { Guild } from "../../model/objects";
import { words } from "../../words/words";
import { GuildIcon } from "../common/GuildIcon";
import { Link } from "../common/Link";
import { Tip } from "../common/Tip";
import { useState } from "../context";
import { Icon } from "../icon/Icon";
import { show } from "../overlay";

/** One's communities, and the way to another one. */
export function Rail(props: { guildId: Id | null }) {
  const guilds = useState((state) => Object.values(state.guilds));
  return (
    <nav class="rail" aria-label={words().rail.communities}>
      <ul>
        <For each={guilds()}>{(guild) => <Place guild={guild} isHere={guild.id === props.guildId} />}</For>
      </ul>
      <hr class="rail-line" />
      <ul>
        <li>
          <Tip label={words().rail.add}>
            <button type="button" class="rail-add" aria-label={words().rail.add} onClick={() => show({ is: "createGuild" })}>
              <Icon name="plus" />
            </button>
          </Tip>
        </li>
      </ul>
    </nav>
  );
}

function Place(props: { guild: Guild; isHere: boolean }) {
  const unread = useState((state) => news(state, props.guild.id).isUnread);
  const mentions = useState((state) => news(state, props.guild.id).mentions);
  const label = () => {
    const marks = mentions() > 0 ? words().rail.mentions(mentions()) : unread() ? words().rail.unread : "";
    return marks === "" ? props.guild.name : `${props.guild.name}, ${marks}`;
  };
  return (
    <li class="rail-place" data-here={props.isHere ? "" : undefined} data-unread={unread() ? "" : undefined}>
      <Tip label={props.guild.name}>
        <Link to={pathTo(props.guild.id)} aria-label={label()} aria-current={props.isHere ? "page" : undefined}>
          <GuildIcon guild={props.guild} />
          <Show when={mentions() > 0}><span class="badge" aria-hidden="true">{mentions() > 99 ? "99+" : mentions()}</span></Show>
        </Link>
      </Tip>
    </li>
  );
}
