import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { close, expectAccessible, launch, open } from "./browser";
import { PASSWORD, Server } from "./server";

let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), Server.start("--rate-limits", "off")]);
});
afterAll(async () => {
  await browser.close();
  await server.end();
});

test("a new owner makes the place their own, and someone comes by the invite", async () => {
  const ana = await open(browser, server.url);
  await ana.getByRole("heading", { name: "Make this place yours" }).waitFor();
  await expectAccessible(ana);
  await ana.getByLabel("Name").fill("ana");
  await ana.getByLabel("Password").fill(PASSWORD);
  await ana.getByRole("button", { name: "Make this place yours" }).click();

  await ana.getByLabel("Name of the place").fill("Book club");
  await expectAccessible(ana);
  await ana.getByRole("button", { name: "Next" }).click();
  await ana.getByLabel("Name of a channel").fill("reading");
  await ana.getByRole("button", { name: "Next" }).click();
  const link = ana.getByLabel("Invite");
  await expect.poll(() => link.inputValue()).toContain("/invite/");
  await expectAccessible(ana);
  const invite = await link.inputValue();
  await ana.getByRole("button", { name: "To your place" }).click();
  await ana.getByRole("heading", { name: "reading", exact: true }).waitFor();
  await expectAccessible(ana);

  const ben = await open(browser, invite);
  await ben.getByRole("heading", { name: "Book club" }).waitFor();
  await expectAccessible(ben);
  await ben.getByLabel("Name").fill("ben");
  await ben.getByLabel("Password").fill(PASSWORD);
  await ben.getByRole("button", { name: "Make an account" }).click();
  await ben.getByRole("link", { name: /reading/ }).click();
  await ben.getByLabel("Write to #reading").fill("hello from ben");
  await ben.keyboard.press("Enter");
  await ana.getByText("hello from ben").first().waitFor();
  await close(ben);
  await close(ana);
});

test("who signs in wrongly is told so, and rightly is let in", async () => {
  const page = await open(browser, `${server.url}/login`);
  await page.getByLabel("Name").fill("ana");
  await page.getByLabel("Password").fill("something else");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("do not belong together").waitFor();
  await expectAccessible(page);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Communities" }).waitFor();
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await close(page);
});

test("an invite that is not valid says so", async () => {
  const page = await open(browser, `${server.url}/invite/nosuch`);
  await page.getByRole("heading", { name: "not valid" }).waitFor();
  await expectAccessible(page);
  await close(page);
});

test("a guest looks into the lobby, and is heard", async () => {
  const page = await open(browser, `${server.url}/lobby`);
  await page.getByLabel("What shall the others call you?").fill("Gast");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Enter the lobby" }).click();
  await page.getByLabel("Write to #lobby").fill("is anyone here?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("log").getByText("is anyone here?").waitFor();
  await expectAccessible(page);
  await close(page);
});
