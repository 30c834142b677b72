import { useClient } from "./context";
import { Show } from "solid-js";
import { words } from "../words/words";

/** The shape of the chat, until the server has told what is in it. */
export function Waiting() {
  const client = useClient();
  const widths = [58, 72, 44, 63, 50];
  return (
    <div class="home waiting" aria-busy="true">
      <div class="rail" />
      <div class="side">
        <div class="waiting-lines">
          {widths.map((width) => (
            <div class="skeleton" style={{ width: `${width}%` }} />
          ))}
        </div>
      </div>
      <main class="main nothing">
        <Show when={client.line() === "lost"} fallback={<span class="unseen">{words().common.loading}</span>}>
          <p class="faint" role="status">{words().doors.unreachable}</p>
        </Show>
      </main>
    </div>
  );
}
