import { Show } from "solid-js";
import { hueOf, initials } from "../../model/names";
import type { Status, User } from "../../model/objects";

/** Somebody's picture, or the first letters of their name on a colour that stays theirs. */
export function Avatar(props: { user: User; name: string; size?: number; status?: Status | undefined }) {
  const size = () => props.size ?? 36;
  // Drawn by the style sheet: they are no text that somebody has to hear.
  const letters = () => initials(props.name).slice(0, size() < 30 ? 1 : 2);
  return (
    <span class="avatar" aria-hidden="true" style={{ "--size": `${size()}px` }}>
      <Show
        when={props.user.avatar}
        fallback={
          <span class="letters" style={{ "--person": String(hueOf(props.user.id + (props.user.bot ? props.user.username : ""))) }} data-letters={letters()} />
        }
      >
        {(avatar) => <img src={`/avatars/${props.user.id}/${avatar()}.png?size=${size() > 64 ? 256 : 128}`} alt="" loading="lazy" />}
      </Show>
      <Show when={props.status}>{(status) => <span class="presence" data-status={status()} />}</Show>
    </span>
  );
}
