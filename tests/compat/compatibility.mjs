/**
 * Prints `docs/compatibility.md`: which operations and events of Discord's description a server serves, and what the
 * tests do with each library. `node compatibility.mjs OPENAPI_JSON`, the document being what the server says of itself.
 */
import { readFileSync } from 'node:fs';
import { readOperations } from './validator/operations.mjs';

/** Operations of which only a part is served, and which. */
const PARTLY = new Map(
  Object.entries({
    'POST /channels/{channel_id}/messages': 'no files, stickers, polls or components yet',
    'PATCH /channels/{channel_id}/messages/{message_id}': 'no files or components yet',
    'PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me': 'Unicode emojis only',
    'POST /channels/{channel_id}/invites': 'into a guild; no targets, no roles',
    'POST /guilds/{guild_id}/channels': 'text, voice, category and announcement channels',
    'PATCH /channels/{channel_id}': 'text, voice, category and announcement channels, and groups',
    'PUT /channels/{channel_id}/recipients/{user_id}': 'for people, who bring in friends; not by OAuth2',
    'POST /users/@me/channels': 'not by OAuth2',
    'GET /guilds/{guild_id}/messages/search': 'no slop, kinds of authors and embeds, file names, or whom a reply answers',
    'GET /applications/{application_id}/commands': 'always empty',
    'GET /applications/{application_id}/guilds/{guild_id}/commands': 'always empty',
    'GET /guilds/{guild_id}/emojis': 'always empty',
    'GET /guilds/{guild_id}/stickers': 'always empty',
    'GET /guilds/{guild_id}/integrations': 'always empty',
    'GET /guilds/{guild_id}/webhooks': 'always empty',
    'GET /guilds/{guild_id}/scheduled-events': 'always empty',
    'GET /guilds/{guild_id}/threads/active': 'always empty',
    'GET /guilds/{guild_id}/auto-moderation/rules': 'always empty',
    'GET /guilds/{guild_id}/soundboard-sounds': 'always empty',
    'GET /guilds/{guild_id}/templates': 'always empty',
    'GET /guilds/{guild_id}/regions': 'always empty',
    'GET /soundboard-default-sounds': 'always empty',
    'GET /sticker-packs': 'always empty',
    'GET /voice/regions': 'always empty',
    'GET /users/@me/connections': 'always empty',
  }),
);

/** The dispatches of Discord's documentation, "Receive Events". */
const EVENTS = `READY RESUMED APPLICATION_COMMAND_PERMISSIONS_UPDATE AUTO_MODERATION_ACTION_EXECUTION
AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_DELETE AUTO_MODERATION_RULE_UPDATE CHANNEL_CREATE CHANNEL_DELETE
CHANNEL_PINS_UPDATE CHANNEL_UPDATE ENTITLEMENT_CREATE ENTITLEMENT_DELETE ENTITLEMENT_UPDATE
GUILD_AUDIT_LOG_ENTRY_CREATE GUILD_BAN_ADD GUILD_BAN_REMOVE GUILD_CREATE GUILD_DELETE GUILD_EMOJIS_UPDATE
GUILD_INTEGRATIONS_UPDATE GUILD_MEMBERS_CHUNK GUILD_MEMBER_ADD GUILD_MEMBER_REMOVE GUILD_MEMBER_UPDATE
GUILD_ROLE_CREATE GUILD_ROLE_DELETE GUILD_ROLE_UPDATE GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_DELETE
GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_USER_ADD GUILD_SCHEDULED_EVENT_USER_REMOVE
GUILD_SOUNDBOARD_SOUNDS_UPDATE GUILD_SOUNDBOARD_SOUND_CREATE GUILD_SOUNDBOARD_SOUND_DELETE
GUILD_SOUNDBOARD_SOUND_UPDATE GUILD_STICKERS_UPDATE GUILD_UPDATE INTEGRATION_CREATE INTEGRATION_DELETE
INTEGRATION_UPDATE INTERACTION_CREATE INVITE_CREATE INVITE_DELETE MESSAGE_CREATE MESSAGE_DELETE MESSAGE_DELETE_BULK
MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE
MESSAGE_REACTION_REMOVE_ALL MESSAGE_REACTION_REMOVE_EMOJI MESSAGE_UPDATE PRESENCE_UPDATE SOUNDBOARD_SOUNDS
STAGE_INSTANCE_CREATE STAGE_INSTANCE_DELETE STAGE_INSTANCE_UPDATE SUBSCRIPTION_CREATE SUBSCRIPTION_DELETE
SUBSCRIPTION_UPDATE THREAD_CREATE THREAD_DELETE THREAD_LIST_SYNC THREAD_MEMBERS_UPDATE THREAD_MEMBER_UPDATE
THREAD_UPDATE TYPING_START USER_UPDATE VOICE_CHANNEL_EFFECT_SEND VOICE_SERVER_UPDATE VOICE_STATE_UPDATE
WEBHOOKS_UPDATE`.split(/\s+/);

/** The libraries under test: the version, and the one thing to change. */
const LIBRARIES = [
  ['discord.js', '14.28.1', '`new Client({ rest: { api: "http://HOST:8765/api" }, … })`'],
  ['discord.py', '2.7.1', '`discord.http.Route.BASE = "http://HOST:8765/api/v10"` and `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("ws://HOST:8765")`'],
  ['serenity', '0.12.5', '`HttpBuilder::new(token).proxy("http://HOST:8765").ratelimiter_disabled(true)`, given to `ClientBuilder::new_with_http`'],
  ['twilight', '0.18.0', '`.proxy("HOST:8765".into(), true)` of the HTTP client, `.proxy_url("ws://HOST:8765")` of the gateway\'s configuration'],
];

const ours = JSON.parse(readFileSync(process.argv[2], 'utf8'));
/** Parameters have other names elsewhere, and stand for one of ours where they do not. */
const shapeOf = (path) => path.replace(/\{[^}]*\}/g, '{}');
const served = new Map();
for (const [path, methods] of Object.entries(ours.paths)) {
  for (const method of Object.keys(methods)) served.set(`${method.toUpperCase()} ${shapeOf(path)}`, path);
}

/** Ours that answers to this operation: the same shape, or one whose parameter takes `@me`. */
const servedAs = ({ method, template }) =>
  served.get(`${method} ${shapeOf(template)}`) ?? served.get(`${method} ${shapeOf(template).replaceAll('@me', '{}')}`);

const state = (operation) => {
  if (!servedAs(operation)) return ['not', ''];
  const note = PARTLY.get(`${operation.method} ${operation.template}`);
  return note ? ['partly', note] : ['served', ''];
};

const operations = readOperations().toSorted((a, b) => a.template.localeCompare(b.template, 'en') || a.method.localeCompare(b.method, 'en'));
const states = operations.map((operation) => [operation, ...state(operation)]);
const count = (wanted) => states.filter(([, is]) => is === wanted).length;
const events = EVENTS.map((name) => [name, ours['x-gateway-events'].includes(name) ? 'served' : 'not']);
const described = new Set(operations.map(servedAs));
const more = [...served].filter(([, path]) => !described.has(path)).map(([key, path]) => `${key.split(' ')[0]} ${path}`);

const lines = [
  '# What is compatible with Discord',
  '',
  'Made by `tests/compat/compatibility.mjs` from what the server says of itself at `/api/v10/openapi.json`, and from',
  `Discord's description in the npm package \`discord-api-spec\`. A test holds it to be up to date.`,
  '',
  '## Libraries',
  '',
  'Unmodified, with one setting changed. In `tests/compat`, a bot on each logs in, receives, sends, edits, reacts,',
  'replies, pages through 120 messages, is written to in private and answers (discord.js, discord.py), manages a',
  'channel and a role, loses its connection and resumes, and resumes again after the server was killed with `kill -9`,',
  'each event once and in order.',
  '',
  '| library | version | what to change |',
  '|---|---|---|',
  ...LIBRARIES.map((row) => `| ${row.join(' | ')} |`),
  '',
  '## Operations',
  '',
  `Of ${operations.length}: ${count('served')} served, ${count('partly')} partly, ${count('not')} not.`,
  '',
  '| operation | | |',
  '|---|---|---|',
  ...states.map(([{ method, template }, is, note]) => `| \`${method} ${template}\` | ${is} | ${note} |`),
  '',
  "Beside them, what Discord's own clients call and its description leaves out:",
  '',
  ...more.toSorted().map((operation) => `- \`${operation}\``),
  '',
  '## Events',
  '',
  `Of ${events.length}: ${events.filter(([, is]) => is === 'served').length} served.`,
  '',
  '| event | |',
  '|---|---|',
  ...events.map(([name, is]) => `| ${name} | ${is} |`),
];
console.log(lines.join('\n'));
