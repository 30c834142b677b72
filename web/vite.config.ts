import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { emojis } from "./build/emojis.ts";

/** Where the server runs while one works on the client with `npm run dev`. */
const server = process.env["DECENTRA_SERVER"] ?? "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [solid(), emojis()],
  build: {
    target: "es2022",
    // Nothing is put into a page's text: the policy under which it is served lets nothing of it run.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/avatars", "/icons", "/attachments", "/emojis", "/gateway"].map((path) => [path, { target: server, ws: true }]),
    ),
  },
});
