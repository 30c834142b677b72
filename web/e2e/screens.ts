import type { BrowserContextOptions, Page } from "playwright-core";
import { test } from "vitest";
import { open, signedIn } from "./browser";
import { browser, scene, server } from "./stage";

/** Where the pictures are put. */
const folder = process.env["DECENTRA_SCREENS"] ?? "e2e/screens";

const desktop: BrowserContextOptions = { viewport: { width: 1360, height: 850 } };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const looks = [
  ["desktop-dark", { ...desktop, colorScheme: "dark" }],
  ["desktop-light", { ...desktop, colorScheme: "light" }],
  ["phone-dark", { ...phone, colorScheme: "dark" }],
  ["phone-light", { ...phone, colorScheme: "light" }],
] as const;

test.each(looks)("%s", async (look, options) => {
  const shot = (page: Page, name: string) => page.screenshot({ path: `${folder}/${name}-${look}.png` });
  const isPhone = look.startsWith("phone");
  const door = await open(browser, `${server.url}/login`, options);
  await door.getByRole("heading", { name: "Sign in" }).waitFor();
  await shot(door, "login");
  await door.goto(`${server.url}/invite/${scene.invite}`);
  await door.getByRole("heading", { name: "Book club" }).waitFor();
  await shot(door, "invite");
  await door.context().close();

  const page = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`, options);
  await page.getByText("No spoilers").first().waitFor();
  if (!isPhone) await page.locator(".members .member").nth(4).waitFor();
  await shot(page, "chat");
  if (isPhone) {
    await page.getByRole("button", { name: "Channels" }).click();
    await page.getByRole("link", { name: /off-topic/ }).waitFor();
    await shot(page, "channels");
    await page.getByRole("link", { name: /poems/ }).click();
  } else {
    await page.locator(".message").nth(3).hover();
    await page.getByRole("button", { name: "React", exact: true }).first().click();
    await page.getByRole("searchbox").waitFor();
    await shot(page, "emoji");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await shot(page, "switcher");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: /poems/ }).click();
  }
  await page.getByRole("heading", { name: "The beginning of #poems" }).waitFor();
  await shot(page, "empty");
  await page.keyboard.press("Control+,");
  await page.getByRole("button", { name: "Appearance" }).click();
  await page.getByText("Colours").waitFor();
  await shot(page, "appearance");
  await page.keyboard.press("Escape");
  if (!isPhone) {
    await page.getByRole("button", { name: /: menu/ }).click();
    await shot(page, "menu");
    await page.getByRole("menuitem", { name: "Settings of the community" }).click();
    await page.getByRole("button", { name: "Roles" }).click();
    await page.getByText("Name of the role").waitFor();
    await shot(page, "roles");
  }
  await page.context().close();
});
