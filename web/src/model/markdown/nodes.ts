import type { Id } from "../id";

/** A piece of a message's text, as it is shown. There is none that holds markup: whatever is no node is text. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "strong" | "emphasis" | "underline" | "strike" | "spoiler" | "quote" | "small"; readonly of: readonly Node[] }
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly of: readonly Node[] }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly (readonly Node[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "block"; readonly language: string; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly of: readonly Node[] }
  | { readonly kind: "user" | "role" | "channel"; readonly id: Id }
  | { readonly kind: "all"; readonly text: "@everyone" | "@here" }
  | { readonly kind: "emoji"; readonly id: Id; readonly name: string; readonly isAnimated: boolean }
  | { readonly kind: "time"; readonly unix: number; readonly style: string }
  | { readonly kind: "break" };
