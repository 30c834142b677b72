import { createResource, For, Show } from "solid-js";
import { ago } from "../../words/moments";
import { words } from "../../words/words";
import { said } from "../common/form";
import { useClient } from "../context";
import { Icon } from "../icon/Icon";

interface Session {
  readonly id_hash: string;
  readonly approx_last_used_time: string;
  readonly current: boolean;
  readonly client_info: { readonly platform: string | null };
}

/** Where one is signed in. */
export function Sessions() {
  const client = useClient();
  const [sessions, { refetch }] = createResource(() => client.rest.get<{ user_sessions: readonly Session[] }>("/auth/sessions").then((answer) => answer.user_sessions));
  const all = () => (sessions.error === undefined ? (sessions.latest ?? []) : []);
  const end = async (ended: readonly Session[]) => {
    await client.rest.post("/auth/sessions/logout", { session_id_hashes: ended.map((session) => session.id_hash) });
    await refetch();
  };
  const others = () => all().filter((session) => !session.current);
  return (
    <section>
      <p class="faint">{words().settings.sessionsHint}</p>
      <Show when={sessions.error}>{(error) => <p class="wrong" role="alert">{said(error())}</p>}</Show>
      <ul class="rows">
        <For each={all()}>
          {(session) => (
            <li>
              <Icon name="monitor" class="faint" />
              <span class="grow">
                <b>{session.client_info.platform ?? "…"}</b>
                <span class="faint small">{session.current ? words().settings.thisDevice : words().settings.lastUsed(ago(Date.parse(session.approx_last_used_time)))}</span>
              </span>
              <Show when={!session.current}><button type="button" class="button" onClick={() => void end([session])}>{words().settings.endSession}</button></Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={others().length > 1}><button type="button" class="button danger" onClick={() => void end(others())}>{words().settings.endOthers}</button></Show>
    </section>
  );
}
