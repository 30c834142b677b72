import type { Id } from "./id";
import type { Message } from "./objects";
import type { Pending, Read } from "./state";

/** What the gateway tells. Its form is the server's word, and is looked at where it is applied. */
export interface Dispatch {
  readonly kind: "dispatch";
  readonly t: string;
  readonly d: unknown;
}

/** What happened here. */
export type Local =
  /** A page of a channel's messages came, newest first, as the API answers it. */
  | { readonly kind: "page"; readonly channelId: Id; readonly messages: readonly Message[]; readonly of: PageOf; readonly limit: number }
  /** A channel was read. */
  | { readonly kind: "read"; readonly channelId: Id; readonly read: Read }
  /** Something was written, and waits for being sent. */
  | { readonly kind: "written"; readonly pending: Pending }
  /** It was turned down, or is to be tried again (`null`). */
  | { readonly kind: "failed"; readonly nonce: string; readonly failure: string | null }
  /** It is there, or was given up. */
  | { readonly kind: "settled"; readonly nonce: string }
  /** The time at which who was writing before counts as done. */
  | { readonly kind: "quiet"; readonly before: number }
  /** Nobody is signed in any more. */
  | { readonly kind: "signedOut" };

/** Which page of a channel it is. */
export type PageOf =
  | { readonly at: "newest" }
  | { readonly at: "before"; readonly id: Id }
  | { readonly at: "after"; readonly id: Id }
  | { readonly at: "around"; readonly id: Id };

export type Event = Dispatch | Local;
