import { createContext, createMemo, useContext, type Accessor } from "solid-js";
import type { Client } from "../app/client";
import type { State } from "../model/state";

export const ClientContext = createContext<Client>();

/** The client of whoever is signed in; only within the chat. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error("nobody is signed in here");
  return client;
}

/** A part of what is known, that changes only when the part does. */
export function useState<T>(part: (state: State) => T): Accessor<T> {
  const client = useClient();
  return createMemo(() => part(client.state()));
}
