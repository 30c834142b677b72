import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launch } from "./browser";
import { bookClub, type Scene } from "./scene";
import { Server } from "./server";

// The book club, for each file that imports it: there before its first test, and ended after its last.
export let browser: Browser;
export let server: Server;
export let scene: Scene;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start("--rate-limits", "off", "--registration", "open", "--name", "Book club")]);
  scene = await bookClub(server);
});
afterAll(async () => {
  await browser.close();
  await server.end();
});
