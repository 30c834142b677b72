import type { CDPSession, Page } from "playwright-core";
import { test } from "vitest";
import { close, open, signedIn } from "./browser";
import { PASSWORD, type Person } from "./server";
import { browser, scene, server } from "./stage";

/** Messages in the channel that is scrolled through. */
const LONG = Number(process.env["DECENTRA_MEASURE_LONG"] ?? 100_000);

/** What is said while memory is watched: 20 messages a second for an hour, as fast as they are taken. */
const HOUR = Number(process.env["DECENTRA_MEASURE_HOUR"] ?? 72_000);

/** How often what is quick is done. */
const ROUNDS = 20;

function tell(what: string, ...figures: string[]): void {
  console.log(`| ${[what, ...figures].join(" | ")} |`);
}

function ms(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  return `${at(0.5)} ms, at most ${at(1)}`;
}

/** Posts many messages, in no order of their own, and gives back when all are said. */
async function sayMany(who: Person, channelId: string, count: number): Promise<void> {
  let left = count;
  const some = async () => {
    while (left > 0) {
      left -= 1;
      await who.say(channelId, `Number ${left}: a sentence of about the length that people write, more often than not.`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, some));
}

/** Takes the time from the next click or key, until what is `shown` in the page's own words is there, and drawn. */
async function timer(page: Page, shown: string): Promise<() => Promise<number>> {
  await page.evaluate(`window.took = new Promise((done) => {
    let from = Infinity;
    for (const kind of ["click", "keydown"]) addEventListener(kind, () => (from = Math.min(from, performance.now())), { capture: true, once: true });
    const seen = new MutationObserver(() => {
      if (from === Infinity || !(${shown})) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
    });
    seen.observe(document, { childList: true, subtree: true, characterData: true });
  }); undefined`);
  return () => page.evaluate("window.took");
}

/** Whether a row says this, in the page's own words. */
const rowSays = (rows: string, text: string) => `[...document.querySelectorAll(${JSON.stringify(rows)})].some((row) => row.textContent.includes(${JSON.stringify(text)}))`;

const message = (page: Page, text: string) => page.locator(".message:not(.pending)").filter({ hasText: text }).last();

test("sign-in", async () => {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 5; round += 1) {
    const page = await open(browser, `${server.url}/login`);
    const debug = await page.context().newCDPSession(page);
    await debug.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.getByLabel("Name").fill("ana");
    await page.getByLabel("Password").fill(PASSWORD);
    const took = await timer(page, `document.querySelector(".message") && document.querySelector(".composer textarea")`);
    // What people see first is a place with messages in it.
    await page.evaluate((last) => localStorage.setItem("decentra.last", JSON.stringify(last)), { guildId: scene.guildId, channelId: scene.reading });
    await page.getByRole("button", { name: "Sign in" }).click();
    times.push(await took());
    bytes = await page.evaluate(() => (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) => name.endsWith(".js")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0));
    await close(page);
  }
  tell("script of the first load, compressed", `${(bytes / 1000).toFixed(0)} KB`, "≤ 150");
  tell("sign-in to usable chat, processor four times slower", ms(times), "< 1,000");
});

test("typing and switching", async () => {
  const page = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${scene.reading}`);
  await page.locator(".message").first().waitFor();
  const box = page.getByLabel("Write to #reading");
  const says = async (rows: string, text: string) => {
    await box.fill(text);
    const took = await timer(page, rowSays(rows, text));
    await page.keyboard.press("Enter");
    const time = await took();
    await message(page, text).waitFor();
    return time;
  };
  const shown: number[] = [];
  const settled: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    shown.push(await says(".message", `at once ${round}.`));
    settled.push(await says(".message:not(.pending)", `word number ${round}.`));
  }
  tell("Enter to the message on the screen, faint", ms(shown), "");
  tell("Enter to the message on disk, told, and drawn", ms(settled), "< 50");
  const goTo = async (name: string, text: string) => {
    const took = await timer(page, rowSays(".message", text));
    await page.getByRole("link", { name }).click();
    return took();
  };
  const first = await goTo("off-topic", "opening hours");
  const times: number[] = [];
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    times.push(await goTo("reading", "word number 19."));
    times.push(await goTo("off-topic", "opening hours"));
  }
  tell("to a channel for the first time", `${first.toFixed(0)} ms`, "< 100");
  tell("to a channel and back", ms(times), "< 100");
  await close(page);
});

test("a long scroll", async () => {
  const { id } = await scene.ana.post<{ id: string }>(`/guilds/${scene.guildId}/channels`, { name: "long", type: 0 });
  await sayMany(scene.ben, id, LONG);
  const page = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${id}`);
  await page.locator(".message").nth(10).waitFor();
  const found = await page.evaluate(
    (seconds) =>
      new Promise<{ frames: number[]; tasks: number[]; read: number }>((done) => {
        const list = document.querySelector<HTMLElement>(".message")?.closest<HTMLElement>('[role="region"]');
        if (list == null) throw new Error("there is a list");
        const tasks: number[] = [];
        new PerformanceObserver((entries) => tasks.push(...entries.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
        const frames: number[] = [];
        const keys = new Set<string>();
        const from = performance.now();
        let before = from;
        const step = (now: number) => {
          frames.push(now - before);
          before = now;
          // A quick hand on a wheel: 3,000 pixels a second.
          list.scrollBy({ top: -50, behavior: "instant" });
          for (const row of list.querySelectorAll<HTMLElement>("[data-key]")) keys.add(row.dataset["key"] ?? "");
          if (now - from < seconds * 1000) requestAnimationFrame(step);
          else done({ frames: frames.slice(1), tasks, read: keys.size });
        };
        requestAnimationFrame(step);
      }),
    30,
  );
  const frames = [...found.frames].sort((a, b) => a - b);
  const late = frames.filter((frame) => frame > 25).length;
  tell(`30 s of scrolling back through ${LONG.toLocaleString("en")} messages, ${found.read.toLocaleString("en")} of them read`, `${(1000 / (frames.reduce((sum, frame) => sum + frame, 0) / frames.length)).toFixed(0)} frames a second, ${((late / frames.length) * 100).toFixed(1)} % late`, "60");
  tell("long tasks meanwhile", `${found.tasks.length}, the longest ${Math.max(0, ...found.tasks).toFixed(0)} ms`, "none over 50");
  await close(page);
});

test("memory", async () => {
  const { id } = await scene.ana.post<{ id: string }>(`/guilds/${scene.guildId}/channels`, { name: "busy", type: 0 });
  await scene.ben.say(id, "the first");
  const page = await signedIn(browser, server.url, scene.ana.token, `/channels/${scene.guildId}/${id}`);
  await message(page, "the first").waitFor();
  const debug = await page.context().newCDPSession(page);
  const figures: string[] = [];
  for (let part = 0; part < 6; part += 1) {
    await sayMany(scene.ben, id, HOUR / 6);
    await scene.ben.say(id, `the end of part ${part}`);
    await message(page, `the end of part ${part}`).waitFor({ timeout: 300_000 });
    figures.push(await heap(debug));
  }
  tell(`memory after each sixth of ${HOUR.toLocaleString("en")} messages`, `${figures.join(", ")} MB`, "no growth");
  await close(page);
});

/** What is alive in the page, in MB. */
async function heap(debug: CDPSession): Promise<string> {
  await debug.send("HeapProfiler.collectGarbage");
  const { usedSize } = await debug.send("Runtime.getHeapUsage");
  return (usedSize / 1_000_000).toFixed(1);
}
