import { createRoot, createEffect, createSignal } from "solid-js";
import { preferences } from "../app/preferences";
import { en, type Words } from "./en";

const [words, setWords] = createSignal<Words>(en);

/** What the client says, in the language that is preferred; another one than English is fetched when it is. */
export { words };

createRoot(() =>
  createEffect(() => {
    if (preferences.language === "en") setWords(() => en);
    else void import("./de").then(({ de }) => preferences.language === "de" && setWords(() => de));
  }),
);
