import { createEffect, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { client } from "../app/account";
import { go, place } from "../app/router";
import { ClientContext } from "./context";
import { Doors } from "./doors/Doors";

const Home = lazy(() => import("./Home").then(({ Home }) => ({ default: Home })));
const Welcome = lazy(() => import("./doors/Welcome").then(({ Welcome }) => ({ default: Welcome })));
const Lobby = lazy(() => import("./doors/Lobby").then(({ Lobby }) => ({ default: Lobby })));

/** The doors for who is not signed in, the chat for who is. */
export function App() {
  createEffect(() => {
    const isSignedIn = client() !== null;
    const { at } = place();
    if (isSignedIn && (at === "login" || at === "register")) go("/", { replace: true });
    // While someone signs in, the chat is fetched that they will want next.
    if (!isSignedIn) void Home.preload();
    if (!isSignedIn && (at === "guild" || at === "home" || at === "welcome")) go("/login", { replace: true });
  });
  return (
    <Suspense>
      <Switch fallback={<Doors />}>
        <Match when={place().at === "lobby"}>
          <Lobby />
        </Match>
        <Match when={place().at === "invite"}>
          <Doors />
        </Match>
        <Match when={client() !== null}>
          <Show when={client()} keyed>
            {(client) => (
              <ClientContext.Provider value={client}>
                <Show when={place().at === "welcome"} fallback={<Home />}>
                  <Welcome />
                </Show>
              </ClientContext.Provider>
            )}
          </Show>
        </Match>
      </Switch>
    </Suspense>
  );
}
