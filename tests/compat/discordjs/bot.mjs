/**
 * A bot on discord.js as it comes from npm; only the address of the API is changed.
 *
 * It takes the steps of the README in order and prints each that it has passed. What the server must have done is
 * asserted on what the library makes of it, as a bot's author would see it.
 */

import assert from 'node:assert/strict';
import { env, exit } from 'node:process';
import { ChannelType, Client, Events, GatewayDispatchEvents, GatewayIntentBits, Partials } from 'discord.js';
import { Journal } from './journal.mjs';

/** How long an outage may last for a bot, in milliseconds: the cut, the driver's posts, and the library's pauses. */
const OUTAGE_MS = 60_000;

const THUMB = '👍';

const client = new Client({
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.GuildMessageReactions,
    GatewayIntentBits.DirectMessages,
    GatewayIntentBits.MessageContent,
  ],
  // The library asks for it: a bot is not told of direct channels before something is written in them.
  partials: [Partials.Channel],
  rest: { api: `${env.DECENTRA_URL}/api` },
});
const journal = new Journal(client, [
  Events.ClientReady,
  Events.ShardResume,
  Events.MessageCreate,
  Events.MessageUpdate,
  Events.MessageReactionAdd,
  Events.ChannelUpdate,
  Events.GuildRoleUpdate,
]);
// What the gateway sent, where the client's own events say less: it tells neither a second READY nor a message that it
// has already, and of what it made or deleted itself it tells upon the answer.
const gateway = new Journal(client.ws, [
  GatewayDispatchEvents.Ready,
  GatewayDispatchEvents.MessageCreate,
  GatewayDispatchEvents.ChannelDelete,
  GatewayDispatchEvents.GuildRoleCreate,
  GatewayDispatchEvents.GuildRoleDelete,
]);
client.on(Events.Debug, (line) => console.error(line));
client.on(Events.ShardError, (error) => console.error(`shard: ${error.message}`));

async function login() {
  await client.login(env.BOT_TOKEN);
  await journal.until(Events.ClientReady);
  const guild = client.guilds.cache.get(env.GUILD_ID);
  assert(guild?.available, 'the guild is not in the cache');
  const channel = guild.channels.cache.get(env.CHANNEL_ID);
  assert(channel, 'the channel is not in the cache');
  return { guild, channel };
}

async function receive(channel) {
  const isPing = (message) => message.channelId === channel.id && message.content === 'ping';
  const [ping] = await journal.until(Events.MessageCreate, isPing);
  assert.equal(ping.author.bot, false);
  assert.equal(ping.guildId, channel.guildId);
  return ping;
}

async function send(channel) {
  const pong = await channel.send('pong');
  assert.match(pong.id, /^\d{17,20}$/);
  assert.equal(pong.content, 'pong');
  assert.equal(pong.author.id, client.user.id);
  return pong;
}

async function edit(pong) {
  await pong.edit('pong!');
  const isEdit = (_, message) => message.id === pong.id && message.content === 'pong!';
  const [, edited] = await journal.until(Events.MessageUpdate, isEdit);
  assert(edited.editedTimestamp, 'the edit has no time');
}

async function react(ping) {
  await ping.react(THUMB);
  const isMine = (reaction, user) => reaction.message.id === ping.id && user.id === client.user.id;
  const [reaction] = await journal.until(Events.MessageReactionAdd, isMine);
  assert.deepEqual([reaction.emoji.name, reaction.count], [THUMB, 1]);
}

async function reply(ping) {
  const answer = await ping.reply('a reply');
  const { messageId, channelId, guildId } = answer.reference;
  assert.deepEqual([messageId, channelId, guildId], [ping.id, ping.channelId, ping.guildId]);
  assert.equal((await answer.fetchReference()).content, 'ping');
}

/** Everything in the channel, newest first, a hundred at a time, until a page is empty. */
async function history(channel) {
  const messages = [];
  for (let before; ; before = messages.at(-1).id) {
    const page = await channel.messages.fetch({ limit: 100, before, cache: false });
    if (page.size === 0) return messages;
    messages.push(...page.values());
  }
}

async function page(channel) {
  const messages = await history(channel);
  assert.equal(new Set(messages.map((message) => message.id)).size, messages.length, 'a message came twice');
  const posted = messages.map((message) => message.content).filter((content) => content.startsWith('history '));
  assert.deepEqual(posted.reverse(), numbered('history', 120));
}

/** Is written to by someone in private, answers, and writes to them by itself. */
async function direct() {
  const [whisper] = await journal.until(Events.MessageCreate, (message) => message.content === 'psst');
  assert.equal(whisper.channel.type, ChannelType.DM);
  assert.equal(whisper.guildId, null);
  const answer = await whisper.reply('psst yourself');
  assert.equal(answer.channelId, whisper.channelId);
  const written = await whisper.author.send('and by myself');
  assert.equal(written.channelId, whisper.channelId, 'there is one channel for the two');
  await journal.until(Events.MessageCreate, (message) => message.id === written.id);
  const contents = (await history(whisper.channel)).map((message) => message.content);
  assert.deepEqual(contents, ['and by myself', 'psst yourself', 'psst']);
}

async function channelOfItsOwn(guild) {
  const made = await guild.channels.create({ name: 'made-by-bot', type: ChannelType.GuildText });
  assert.equal(made.name, 'made-by-bot');
  await made.setTopic('a topic');
  await journal.until(Events.ChannelUpdate, (_, channel) => channel.id === made.id && channel.topic === 'a topic');
  await made.delete();
  await gateway.until(GatewayDispatchEvents.ChannelDelete, (channel) => channel.id === made.id);
}

async function role(guild) {
  const made = await guild.roles.create({ name: 'made-by-bot', colors: { primaryColor: 0x3498db } });
  assert.equal(made.colors.primaryColor, 0x3498db);
  await gateway.until(GatewayDispatchEvents.GuildRoleCreate, ({ role }) => role.id === made.id);
  await made.edit({ name: 'edited-by-bot', colors: { primaryColor: 0xe91e63 } });
  const isEdit = (_, role) => role.id === made.id && role.name === 'edited-by-bot';
  const [, edited] = await journal.until(Events.GuildRoleUpdate, isEdit);
  assert.equal(edited.colors.primaryColor, 0xe91e63);

  const me = () => guild.members.fetch({ user: client.user.id, force: true });
  await (await me()).roles.add(made);
  assert((await me()).roles.cache.has(made.id), 'the role was not given');
  await (await me()).roles.remove(made);
  assert(!(await me()).roles.cache.has(made.id), 'the role was not taken away');
  await made.delete();
  await gateway.until(GatewayDispatchEvents.GuildRoleDelete, (told) => told.role_id === made.id);
}

/** Sees what was posted since the first cut, all of it, in order, once, and still in the first session. */
async function outage(channel, resumes, posted) {
  await journal.until(Events.MessageCreate, (message) => message.content === posted.at(-1), OUTAGE_MS);
  await journal.until(Events.ShardResume, () => journal.all(Events.ShardResume).length >= resumes, OUTAGE_MS);
  // The channel's events come in order, so whatever was repeated lies before this message.
  const mark = await channel.send('seen');
  await journal.until(Events.MessageCreate, (message) => message.id === mark.id);
  const heard = gateway.all(GatewayDispatchEvents.MessageCreate).map((message) => message.content);
  assert.deepEqual(heard.filter((content) => /^(missed|after) /.test(content)), posted);
  assert.equal(gateway.all(GatewayDispatchEvents.Ready).length, 1, 'READY came again: the session was lost');
}

function numbered(word, count) {
  return Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);
}

/** Takes one step, and prints that it was passed; or says which one was not, and ends. */
async function step(name, take) {
  try {
    const made = await take();
    console.log(`step ${name}`);
    return made;
  } catch (error) {
    console.error(`step ${name} failed: ${error.stack}`);
    exit(1);
  }
}

const { guild, channel } = await step('login', login);
const ping = await step('receive', () => receive(channel));
const pong = await step('send', () => send(channel));
await step('edit', () => edit(pong));
await step('react', () => react(ping));
await step('reply', () => reply(ping));
await step('page', () => page(channel));
await step('direct', direct);
await step('channel', () => channelOfItsOwn(guild));
await step('role', () => role(guild));
await step('steady', () => {});
const missed = numbered('missed', 5);
await step('resume', () => outage(channel, 1, missed));
await step('survive', () => outage(channel, 2, [...missed, ...numbered('after', 3)]));
await client.destroy();
