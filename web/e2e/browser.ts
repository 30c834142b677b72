import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { expect } from "vitest";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? execSync("command -v chromium").toString().trim(), args: flags });
}

/** What a page complained about, by page. */
const complaints = new WeakMap<Page, string[]>();

/** A page with nothing in its storage. All that it complains about counts against it, what its policy forbids among it. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const heard: string[] = [];
  complaints.set(page, heard);
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("console", (message) => {
    // What the network does is the test's own doing, or is asserted elsewhere.
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) heard.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Ends a page; it must not have complained. */
export async function close(page: Page): Promise<void> {
  await page.context().close();
  expect(complaints.get(page)).toEqual([]);
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Levels A and AA. */
export const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Nothing on the page, or in a part of it, keeps anyone out (WCAG 2.2, levels A and AA, as far as a program can tell). */
export async function expectAccessible(page: Page, rules: readonly string[] = [...WCAG, "best-practice"], part = "html"): Promise<void> {
  // An expression of the debugger's, which the page's policy does not reach.
  const violations = (await page.evaluate(`${axe}; axe.run(${JSON.stringify(part)}, { runOnly: ${JSON.stringify(rules)} }).then((found) => found.violations)`)) as readonly Violation[];
  expect(violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary ?? ""}`).join("\n")}`)).toEqual([]);
}

/** Has people appear as being there, until the page that is given back is closed. */
export async function appear(browser: Browser, url: string, tokens: readonly string[]): Promise<Page> {
  const page = await open(browser, `${url}/login`);
  await page.evaluate(
    (tokens) =>
      Promise.all(
        tokens.map(
          (token, nth) =>
            new Promise<void>((there) => {
              const socket = new WebSocket(`ws://${location.host}/gateway?v=10&encoding=json`);
              const status = nth === 2 ? "idle" : "online";
              socket.onmessage = ({ data }) => {
                const { op, t } = JSON.parse(String(data)) as { op: number; t: string | null };
                if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token, intents: 0, properties: {}, presence: { status, activities: [] } } }));
                if (t === "READY") there();
              };
            }),
        ),
      ),
    tokens,
  );
  return page;
}

/** Signs `page` in by its storage, as one who was here before. */
export async function signedIn(browser: Browser, url: string, token: string, path = "/", options: BrowserContextOptions = {}): Promise<Page> {
  const origin = new URL(url).origin;
  return open(browser, url + path, { ...options, storageState: { cookies: [], origins: [{ origin, localStorage: [{ name: "decentra.token", value: JSON.stringify(token) }] }] } });
}
