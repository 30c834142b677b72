import { For } from "solid-js";
import { words } from "../../words/words";

/** Widths of the lines, in hundredths: as people write. */
const LINES = [[62], [80, 44], [35], [71, 88, 20], [50]] as const;

/** The shape of messages that are on their way. */
export function Skeleton() {
  return (
    <div class="skeletons" role="status">
      <span class="unseen">{words().common.loading}</span>
      <For each={LINES}>
        {(lines) => (
          <div class="skeleton-message">
            <span class="skeleton face" />
            <span class="lines">
              <span class="skeleton name" />
              <For each={lines}>{(width) => <span class="skeleton" style={{ width: `${width}%` }} />}</For>
            </span>
          </div>
        )}
      </For>
    </div>
  );
}
