import { createEffect, createRoot, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { keep, kept } from "./storage";

/** How the client looks and speaks on this device. */
export interface Preferences {
  theme: "system" | "dark" | "light" | "contrast";
  density: "cosy" | "compact";
  /** Size of messages, in pixels. */
  fontSize: number;
  motion: "system" | "reduced";
  language: "en" | "de";
  showsMembers: boolean;
}

export const FONT_SIZES = [13, 14, 15, 16, 18, 20] as const;

const usual: Preferences = {
  theme: "system",
  density: "cosy",
  fontSize: 15,
  motion: "system",
  language: navigator.language.startsWith("de") ? "de" : "en",
  showsMembers: true,
};

const [preferences, setPreferences] = createStore<Preferences>({ ...usual, ...kept<Partial<Preferences>>("preferences", {}) });

export { preferences };

export function prefer<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  setPreferences(key, value);
  keep("preferences", { ...preferences });
}

const light = matchMedia("(prefers-color-scheme: light)");
const [systemIsLight, setSystemIsLight] = createSignal(light.matches);
light.addEventListener("change", () => setSystemIsLight(light.matches));

/** Puts what is preferred onto the page, where the style sheets look for it. */
export function showPreferences(): void {
  createRoot(() =>
    createEffect(() => {
      const root = document.documentElement;
      root.dataset["theme"] = preferences.theme === "system" ? (systemIsLight() ? "light" : "dark") : preferences.theme;
      root.dataset["density"] = preferences.density;
      root.dataset["motion"] = preferences.motion;
      root.lang = preferences.language;
      root.style.setProperty("--message-size", `${preferences.fontSize / 16}rem`);
    }),
  );
}
