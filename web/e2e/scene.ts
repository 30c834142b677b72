import { Person, type Server } from "./server";

/** A place as it might be, for pictures of it. */
export interface Scene {
  readonly ana: Person;
  readonly ben: Person;
  readonly guildId: string;
  readonly reading: string;
  readonly invite: string;
  /** Some of those who are there. */
  readonly present: readonly Person[];
}

interface Created {
  readonly id: string;
}

export async function bookClub(server: Server): Promise<Scene> {
  const ana = await Person.register(server, "ana");
  const [home] = await ana.get<Created[]>("/users/@me/guilds");
  const guildId = home?.id ?? "";
  const others = ["ben", "cem", "dora", "emil", "fatma", "greta", "hugo"];
  const people = Object.fromEntries(await Promise.all(others.map(async (name) => [name, await Person.register(server, name)] as const)));
  const { ben, cem, dora, greta } = people as Record<string, Person>;
  if (ben === undefined || cem === undefined || dora === undefined || greta === undefined) throw new Error("they are there");
  await ana.patch("/users/@me", { global_name: "Ana" });
  await Promise.all(Object.entries(people).map(([name, person]) => person.patch("/users/@me", { global_name: NAMES[name] })));
  const hosts = await ana.post<Created>(`/guilds/${guildId}/roles`, { name: "Hosts", color: 0xd98a3d, hoist: true, mentionable: true });
  await ana.put(`/guilds/${guildId}/members/${ana.id}/roles/${hosts.id}`);
  await ana.put(`/guilds/${guildId}/members/${ben.id}/roles/${hosts.id}`);
  const channel = (name: string, more: object = {}) => ana.post<Created>(`/guilds/${guildId}/channels`, { name, ...more });
  const talk = await channel("Talk", { type: 4 });
  const reading = await channel("reading", { type: 0, parent_id: talk.id, topic: "What we read, and **why**. This month: *The Left Hand of Darkness*" });
  const off = await channel("off-topic", { type: 0, parent_id: talk.id });
  await channel("poems", { type: 0, parent_id: talk.id, topic: "Short ones, please" });
  const hostsOnly = await channel("hosts", { type: 0, parent_id: talk.id, permission_overwrites: [{ id: guildId, type: 0, deny: "1024", allow: "0" }, { id: hosts.id, type: 0, allow: "1024", deny: "0" }] });
  const evenings = await channel("Evenings", { type: 4 });
  await channel("Lounge", { type: 2, parent_id: evenings.id });

  const say = (who: Person, text: string, more: object = {}) => who.say(reading.id, text, more);
  await say(ben, "Welcome to the reading room. **House rules**\n1. No spoilers without ||bars||\n2. Quote the page you mean\n3. Be kind to the book, and kinder to each other");
  await say(greta, "I have the old paperback, so my page numbers will be off by ten or so. Sorry in advance!");
  const question = await say(ana, "Has anyone finished chapter four?");
  const answer = await say(ben, "Last night. No spoilers, but ||the tent scene is everything||", { message_reference: { message_id: question.id } });
  await say(ben, "> The unknown, the unforetold, the unproven, that is what life is based on.\nI read that line three times, and put the book down to look out of the window for a while.");
  await say(cem, `Two in the morning, here. Worth it. <@${ana.id}> you were right about the ice.`);
  await say(dora, "For who keeps notes in Markdown, mine are a script by now:\n```js\nconst notes = pages.filter((page) => page.isMarked);\n// What I said I would do on Thursday.\nconsole.log(`${notes.length} marks left`);\n```");
  const plan = await say(greta, "Shall we say **Thursday, 19:00**? I bring the cake 🍰 See also <https://example.org/a-map-of-winter> for a map.");
  await say(dora, "Works for me");
  await say(people["fatma"] as Person, "Me too, if the trains do what trains should do");
  await say(cem, "🌻");
  for (const [who, emoji] of [[ana, "👍"], [ben, "👍"], [cem, "👍"], [dora, "🎉"]] as const) await who.put(`/channels/${reading.id}/messages/${plan.id}/reactions/${encodeURIComponent(emoji)}/@me`);
  for (const who of [ana, dora]) await who.put(`/channels/${reading.id}/messages/${answer.id}/reactions/${encodeURIComponent("👀")}/@me`);
  await ana.put(`/channels/${reading.id}/messages/pins/${plan.id}`);
  await ben.say(off.id, `<@${ana.id}> have you seen the new library opening hours?`);
  await ben.say(hostsOnly.id, "Who brings the projector?");
  for (const name of ["Garden", "Night trains"]) await ana.post("/guilds", { name });
  const { code } = await ana.post<{ code: string }>(`/channels/${reading.id}/invites`, { max_age: 0 });
  return { ana, ben, guildId, reading: reading.id, invite: code, present: [ben, cem, dora, greta] };
}

const NAMES: Record<string, string> = { ben: "Ben", cem: "Cem", dora: "Dora", emil: "Emil", fatma: "Fatma Yıldırım", greta: "Greta", hugo: "Hugo Maximilian von Hohenfels" };
