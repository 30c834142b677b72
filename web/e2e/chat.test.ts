import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { close, expectAccessible, signedIn, WCAG } from "./browser";
import { browser, scene, server } from "./stage";

const message = (page: Page, text: string) => page.locator(".message").filter({ hasText: text }).last();

test("two people talk: they write, answer, react, change and delete", async () => {
  const path = `/channels/${scene.guildId}/${scene.reading}`;
  const ana = await signedIn(browser, server.url, scene.ana.token, path);
  const ben = await signedIn(browser, server.url, scene.ben.token, path);
  const box = (page: Page) => page.getByLabel("Write to #reading");
  await box(ana).fill("a first word");
  await box(ben).waitFor();
  await ana.keyboard.press("Enter");
  await message(ben, "a first word").waitFor();
  await expect.poll(() => box(ana).inputValue()).toBe("");

  await message(ben, "a first word").hover();
  await ben.getByRole("button", { name: "Answer", exact: true }).click();
  await box(ben).fill("an answer with **weight**");
  await ben.keyboard.press("Enter");
  await message(ana, "an answer with weight").locator("strong", { hasText: "weight" }).waitFor();
  await message(ana, "an answer with weight").locator(".reply-line", { hasText: "a first word" }).waitFor();

  await message(ana, "an answer with weight").hover();
  await ana.getByRole("group", { name: "What can be done with the message" }).getByRole("button", { name: "React" }).click();
  await ana.getByRole("searchbox").fill("tada");
  await ana.keyboard.press("Enter");
  await message(ben, "an answer with weight").getByRole("button", { name: "🎉: 1 reaction" }).click();
  await message(ana, "an answer with weight").getByRole("button", { name: "🎉: 2 reactions" }).waitFor();

  await box(ben).focus();
  await ben.keyboard.press("ArrowUp");
  await ben.getByLabel("Change the message").fill("an answer with grace");
  await ben.keyboard.press("Enter");
  await message(ana, "an answer with grace").getByText("(edited)").waitFor();
  await expectAccessible(ana);

  await message(ben, "an answer with grace").click({ button: "right" });
  await ben.getByRole("menuitem", { name: "Delete" }).click();
  await ben.getByRole("dialog").waitFor();
  await expectAccessible(ben);
  await ben.getByRole("button", { name: "Delete", exact: true }).click();
  await ana.getByText("an answer with grace").waitFor({ state: "detached" });
  await close(ben);
  await close(ana);
});

test("what is written while the server is away waits, and goes out once", async () => {
  const path = `/channels/${scene.guildId}/${scene.reading}`;
  const ana = await signedIn(browser, server.url, scene.ana.token, path);
  await ana.getByLabel("Write to #reading").waitFor();
  await message(ana, "pinned a message").waitFor();
  await server.stop("SIGKILL");
  await ana.getByText("Reconnecting, you can keep writing.").waitFor();
  await ana.getByLabel("Write to #reading").fill("said into the dark");
  await ana.keyboard.press("Enter");
  await ana.locator(".message.pending", { hasText: "said into the dark" }).waitFor();
  await server.run();
  await ana.locator(".message:not(.pending)", { hasText: "said into the dark" }).waitFor();
  await ana.locator(".message.pending").waitFor({ state: "detached" });
  const said = await scene.ana.get<{ content: string }[]>(`/channels/${scene.reading}/messages?limit=10`);
  expect(said.filter((message) => message.content === "said into the dark")).toHaveLength(1);
  await close(ana);
});

test("what is read on one device is read on the other, and after a reload", async () => {
  const path = `/channels/${scene.guildId}/${scene.reading}`;
  const [desk, laptop] = [await signedIn(browser, server.url, scene.ana.token, path), await signedIn(browser, server.url, scene.ana.token, path)];
  const link = (page: Page, name: string | RegExp) => page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true });
  const read = await scene.ana.post<{ id: string }>(`/guilds/${scene.guildId}/channels`, { name: "news", type: 0 });
  await link(desk, "news").waitFor();
  await link(laptop, "news").waitFor();
  await scene.ben.say(read.id, `<@${scene.ana.id}> look`);
  await link(desk, "news 1 mention").waitFor();
  await link(laptop, "news 1 mention").waitFor();
  await desk.bringToFront();
  await link(desk, "news 1 mention").click();
  await message(desk, "look").waitFor();
  await link(laptop, "news").waitFor();
  await laptop.reload();
  await link(laptop, "news").waitFor();
  await close(laptop);
  await close(desk);
});

test("a draft outlives a reload, and hostile words are only words", async () => {
  const path = `/channels/${scene.guildId}/${scene.reading}`;
  const ana = await signedIn(browser, server.url, scene.ana.token, path);
  const hostile = '<img src=x onerror="document.title=1"> [x](javascript:alert(1)) \u202egnp.exe z\u0300\u0301\u0302\u0303\u0304\u0305';
  await scene.ben.say(scene.reading, hostile);
  await message(ana, "onerror").waitFor();
  expect(await message(ana, "onerror").locator("img, a").count()).toBe(0);
  await ana.getByLabel("Write to #reading").fill("half a thought");
  await ana.reload();
  await expect.poll(() => ana.getByLabel("Write to #reading").inputValue()).toBe("half a thought");
  await close(ana);
});

test("what has to come before one can talk is small", async () => {
  const ana = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`);
  await message(ana, "pinned a message").waitFor();
  const scripts = await ana.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) => name.endsWith(".js")).map(({ encodedBodySize }) => encodedBodySize),
  );
  const bytes = scripts.reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(150_000);
  await close(ana);
});

test("one goes anywhere by keys", async () => {
  const ana = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`);
  await ana.getByRole("heading", { name: "reading", exact: true }).waitFor();
  await ana.keyboard.press("Control+k");
  await ana.getByRole("combobox").fill("poe");
  await expectAccessible(ana);
  await ana.keyboard.press("Enter");
  await ana.getByRole("heading", { name: "poems", exact: true }).waitFor();
  await ana.keyboard.press("Alt+ArrowUp");
  await ana.getByRole("heading", { name: "off-topic", exact: true }).waitFor();
  await ana.keyboard.press("Control+/");
  await ana.getByRole("heading", { name: "Keys" }).waitFor();
  await expectAccessible(ana);
  await close(ana);
});

test("a long history keeps its place while one reads back, and leads back to the present", async () => {
  const { id } = await scene.ana.post<{ id: string }>(`/guilds/${scene.guildId}/channels`, { name: "long", type: 0 });
  for (let group = 0; group < 26; group += 1) await Promise.all(Array.from({ length: 10 }, (_, nth) => scene.ben.say(id, `line ${group}${nth}`)));
  await scene.ben.say(id, "the last line");
  const ana = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${id}`);
  await message(ana, "the last line").waitFor();
  const list = ana.getByRole("region", { name: "Messages in #long" });
  await expect
    .poll(async () => {
      await list.evaluate((element) => element.scrollTo({ top: 0 }));
      return ana.getByText("The beginning of #long").isVisible();
    }, { timeout: 30_000 })
    .toBe(true);
  // Of all that was read, only so much is drawn.
  expect(await ana.locator(".message").count()).toBeLessThanOrEqual(220);
  await scene.ben.say(id, "a later line");
  await ana.getByRole("button", { name: "To the newest" }).click();
  await message(ana, "a later line").waitFor();
  await close(ana);
});

test("on a phone there is one pane at a time", async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const ana = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`, phone);
  await ana.getByLabel("Write to #reading").waitFor();
  await expectAccessible(ana);
  await ana.getByRole("button", { name: "Channels" }).tap();
  await ana.getByRole("link", { name: "poems" }).waitFor();
  expect(await ana.getByLabel("Write to #reading").isVisible()).toBe(false);
  // A list of channels alone is no page with a heading, as is thought best; all that keeps anyone out is looked for.
  await expectAccessible(ana, WCAG);
  await ana.getByRole("link", { name: "poems" }).tap();
  await ana.getByLabel("Write to #poems").waitFor();
  await close(ana);
});
