import { createSignal } from "solid-js";
import type { Id } from "../model/id";

/** A place of the client; `crates/server/src/routes/client.rs` knows how each begins. */
export type Place =
  | { readonly at: "start" }
  | { readonly at: "login" }
  | { readonly at: "register" }
  | { readonly at: "welcome" }
  | { readonly at: "lobby" }
  | { readonly at: "invite"; readonly code: string }
  | { readonly at: "guild"; readonly guildId: Id; readonly channelId: Id | null; readonly messageId: Id | null }
  | { readonly at: "home"; readonly channelId: Id | null };

const [place, setPlace] = createSignal<Place>(placeOf(location.pathname));
addEventListener("popstate", () => setPlace(placeOf(location.pathname)));

export { place };

/** Goes to a place, by its path; with `replace`, the way back leads past where one is now. */
export function go(path: string, { replace = false } = {}): void {
  if (path !== location.pathname) history[replace ? "replaceState" : "pushState"](null, "", path);
  setPlace(placeOf(path));
}

/** The path of a guild, a channel, or a message. */
export function pathTo(guildId: Id | undefined, channelId?: Id | null, messageId?: Id | null): string {
  return `/channels/${[guildId ?? "@me", channelId, messageId].filter((part) => part != null).join("/")}`;
}

export function placeOf(path: string): Place {
  const [first = "", second, third, fourth] = path.split("/").filter((part) => part !== "");
  switch (first) {
    case "login":
    case "register":
    case "welcome":
    case "lobby":
      return { at: first };
    case "invite":
      return second === undefined ? { at: "start" } : { at: "invite", code: decodeURIComponent(second) };
    case "channels":
      if (second === undefined) return { at: "start" };
      if (second === "@me") return { at: "home", channelId: third ?? null };
      return { at: "guild", guildId: second, channelId: third ?? null, messageId: fourth ?? null };
    default:
      return { at: "start" };
  }
}
