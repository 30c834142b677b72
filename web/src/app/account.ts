import { createSignal } from "solid-js";
import { Client } from "./client";
import { keep, kept } from "./storage";
import { go } from "./router";

const [client, setClient] = createSignal<Client | null>(null);

/** The client of whoever is signed in. */
export { client };

const token = kept<string | null>("token", null);
if (token !== null) open(token);

/** Goes on as whoever has this token, in this tab and the ones to come. */
export function signIn(token: string): void {
  keep("token", token);
  open(token);
}

function open(token: string): void {
  client()?.close();
  setClient(
    new Client(token, () => {
      keep("token", null);
      setClient(null);
      go("/login", { replace: true });
    }),
  );
}

// Another tab signed out, or in as someone else.
addEventListener("storage", (event) => {
  if (event.key === "decentra.token" && event.newValue !== event.oldValue) location.reload();
});
