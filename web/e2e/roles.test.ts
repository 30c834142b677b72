import { test } from "vitest";
import { close, expectAccessible, signedIn } from "./browser";
import { browser, scene, server } from "./stage";

test("a channel that is only for some appears for who is given the role, and goes with it", async () => {
  const path = `/channels/${scene.guildId}/${scene.reading}`;
  const [, , dora] = scene.present;
  if (dora === undefined) throw new Error("she is there");
  const host = await signedIn(browser, server.url, scene.ana.token, path);
  const guest = await signedIn(browser, server.url, dora.token, path);
  await guest.getByRole("link", { name: "poems" }).waitFor();
  await guest.getByRole("link", { name: "hosts" }).waitFor({ state: "detached" });

  await host.getByRole("button", { name: "Book club: menu" }).click();
  await host.getByRole("menuitem", { name: "Settings of the community" }).click();
  await expectAccessible(host);
  await host.getByRole("button", { name: "Members", exact: true }).click();
  await host.getByLabel("Find someone").fill("dora");
  await host.getByRole("button", { name: "Roles: Dora" }).click();
  await host.getByRole("menuitemcheckbox", { name: "Hosts" }).click();
  await guest.getByRole("link", { name: "hosts" }).waitFor();
  await host.getByRole("menuitemcheckbox", { name: "Hosts" }).click();
  await guest.getByRole("link", { name: "hosts" }).waitFor({ state: "detached" });
  await host.keyboard.press("Escape");

  await host.getByRole("button", { name: "Roles", exact: true }).click();
  await host.getByLabel("Name of the role").waitFor();
  await expectAccessible(host);
  await close(guest);
  await close(host);
});
