import type { Page } from "playwright-core";
import { test } from "vitest";
import { close, expectAccessible, signedIn, WCAG } from "./browser";
import { browser, scene, server } from "./stage";

/** Ana in the reading room, with her browser set so. */
async function ana(options: object): Promise<Page> {
  const page = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`, options);
  await page.locator(".message").nth(5).waitFor();
  await expectAccessible(page);
  return page;
}

test("nothing that opens over the chat keeps anyone out, in the dark", async () => {
  const page = await ana({ colorScheme: "dark" });
  await inFront(page);
  await close(page);
});

test("nothing that opens over the chat keeps anyone out, by daylight", async () => {
  const page = await ana({ colorScheme: "light" });
  await inFront(page);
  await close(page);
});

test("no page of settings keeps anyone out, with much contrast", async () => {
  const page = await ana({ contrast: "more" });
  await ofSettings(page);
  await close(page);
});

/** What opens over the chat. */
async function inFront(page: Page): Promise<void> {
  const opened = async (open: () => Promise<void>, role: "menu" | "dialog") => {
    await open();
    await page.getByRole(role).waitFor();
    // The page behind it was looked at; what is before it stands beside the landmarks of a page, by its nature.
    await expectAccessible(page, WCAG, `[role="${role}"]`);
    // Escape takes away the name of what one points at first, and what it opened then.
    await page.mouse.move(0, 0);
    await page.locator(".tooltip").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole(role).waitFor({ state: "detached" });
  };
  const menu = async (name: string) => {
    await page.getByRole("button", { name: "Book club: menu" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await opened(() => page.getByRole("button", { name: "Book club: menu" }).click(), "menu");
  await opened(() => page.getByRole("link", { name: "poems" }).click({ button: "right" }), "menu");
  await opened(() => page.locator(".message").nth(5).click({ button: "right" }), "menu");
  await opened(() => page.locator(".message .person-name").first().click(), "dialog");
  await opened(() => page.getByRole("button", { name: "Pinned messages" }).click(), "dialog");
  await opened(() => page.getByRole("button", { name: "Choose an emoji" }).click(), "dialog");
  await opened(() => page.getByRole("button", { name: "Make a community" }).click(), "dialog");
  await opened(() => menu("Make a channel"), "dialog");
  await opened(() => menu("Invite people"), "dialog");
  await page.getByLabel("Write to #reading").fill("Is it @b");
  await page.getByRole("listbox").waitFor();
  await expectAccessible(page, WCAG, ".chat-foot");
}

async function ofSettings(page: Page): Promise<void> {
  const each = async (names: readonly string[]) => {
    for (const name of names) {
      await page.getByRole("button", { name, exact: true }).click();
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      await expectAccessible(page);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await each(["Account", "Appearance", "Sessions"]);
  await page.getByRole("button", { name: "Book club: menu" }).click();
  await page.getByRole("menuitem", { name: "Settings of the community" }).click();
  await each(["Overview", "Roles", "Members", "Invites", "Bans", "Audit log"]);
}
