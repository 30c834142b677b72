/**
 * A bot on discord.js as it comes from npm, which tells all that it sees: for `cargo xtask torture crash --bots`.
 *
 * A line for each thing: `ready` and `resumed`, `told ID TEXT` for each message of the gateway, `posted ID TEXT` for
 * each that it posted itself.
 */

import { randomUUID } from 'node:crypto';
import { env } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Events, GatewayDispatchEvents, GatewayIntentBits } from 'discord.js';

/** The pause between two posts, in milliseconds. */
const PAUSE_MS = 100;

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: `${env.DECENTRA_URL}/api` },
});
// The client's own events do not tell a message that it has already; those of the gateway tell all.
client.ws.on(GatewayDispatchEvents.Ready, () => console.log('ready'));
client.ws.on(GatewayDispatchEvents.Resumed, () => console.log('resumed'));
client.ws.on(GatewayDispatchEvents.MessageCreate, ({ id, content }) => console.log(`told ${id} ${content}`));
client.on(Events.Error, (error) => console.error(error.message));
client.on(Events.ShardError, (error) => console.error(`shard: ${error.message}`));

/** Posts, unless the server is away: then the library says so. */
async function post(channel, content) {
  try {
    const message = await channel.send({ content, nonce: randomUUID().slice(0, 25), enforceNonce: true });
    console.log(`posted ${message.id} ${message.content}`);
  } catch (error) {
    console.error(error.message);
  }
}

const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
await client.login(env.BOT_TOKEN);
await ready;
const channel = client.channels.cache.get(env.CHANNEL_ID);
for (let nth = 1; ; nth += 1) {
  await post(channel, `js-${nth}`);
  await pause(PAUSE_MS);
}
