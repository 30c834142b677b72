//! Every bound of the program, with its unit and its reason. Nothing is unbounded (DESIGN 2.5).

use std::time::Duration;

/// Characters of a message, at most. Discord's limit for accounts without a subscription.
pub const MESSAGE_CHARS_MAX: usize = 2_000;

/// Characters of a name, at most. Discord's limit for user names and nicknames.
pub const NAME_CHARS_MAX: usize = 32;

/// Characters of a nonce, at most. Discord's limit for the `nonce` of a message.
pub const NONCE_CHARS_MAX: usize = 25;

/// Bytes of one frame from a lobby client, at most; what is longer is skipped, never kept.
///
/// A message of [`MESSAGE_CHARS_MAX`] characters, each written as two `\uXXXX` escapes, takes 24,000 bytes; the
/// rest is room for the keys around it and for what a client may add.
pub const LOBBY_FRAME_BYTES_MAX: usize = 32 * 1024;

/// Messages that a newcomer to the lobby is shown. The number that the first Decentra chose.
pub const LOBBY_HISTORY_MAX: usize = 100;

/// Names in one list of who is in the lobby, at most; the count beside it is always whole.
pub const ROSTER_NAMES_MAX: usize = 100;

/// Messages that one lobby connection may send at once, after a quiet time.
pub const LOBBY_BURST: u32 = 10;

/// Time after which one more message may be sent, once the burst is used up: five each second.
pub const LOBBY_REFILL: Duration = Duration::from_millis(200);

/// Pause in reading from a connection for each frame that came too fast.
///
/// Every such frame is answered, so a flood would buy answers at its own rate; the pause lets at most a thousand
/// a second through, and the rest waits in the sender's own socket.
pub const FLOOD_PAUSE: Duration = Duration::from_millis(1);

/// Time that a connection has to send the head of its request.
pub const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of the head of a request, at most.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;

/// Time in which a client must take something of an answer; one that takes nothing is let go, and the answer with it.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Times that the guests of one network may join at once, and the time after which one more is free.
///
/// As many as may be connected ([`CONNECTIONS_PER_ADDRESS_MAX`]), so that all can come back after a restart; but nobody
/// fills the screens of others by coming and going.
pub const GUEST_JOINS_BURST: u32 = 256;

/// See [`GUEST_JOINS_BURST`].
pub const GUEST_JOINS_REFILL: Duration = Duration::from_secs(1);

/// Messages that the guests of one network may send at once together, and the time after which one more is free: 20 a
/// second, more than anyone reads, so that many connections do not fill the disk faster than a few.
pub const GUEST_MESSAGES_BURST: u32 = 100;

/// See [`GUEST_MESSAGES_BURST`].
pub const GUEST_MESSAGES_REFILL: Duration = Duration::from_millis(50);

/// Time that a lobby connection has to join.
pub const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Quiet time after which the server pings everyone in the lobby.
///
/// Shorter than the 60 s after which common reverse proxies (nginx's `proxy_read_timeout`) drop a silent connection.
pub const PING_INTERVAL: Duration = Duration::from_secs(45);

/// Silence after which a lobby connection counts as dead: two pings and their answers went missing.
pub const SILENCE_MAX: Duration = Duration::from_mins(2);

/// Time that the last bytes of a connection that is being closed have to leave.
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Time that a stop may take, in all (DESIGN 2.1).
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes that wait for one slow reader, at most; then it is cut off, and catches up when it comes back.
///
/// The bytes are shared by all who wait for them, so a thousand slow readers hold one copy.
pub const BACKLOG_BYTES_MAX: usize = 1024 * 1024;

/// Pieces that wait for one slow reader, at most: each costs 32 bytes of its own, however short.
pub const BACKLOG_PIECES_MAX: usize = 512;

/// Bytes that one piece takes while it waits for one reader, beside its own: its place in the queue, and how it is kept.
pub const BACKLOG_PIECE_BYTES: usize = 160;

/// Bytes that wait for one reader each, of all readers together, at most; beyond it, whoever has more than
/// [`WAITING_BYTES_FREE`] is cut off, rather than that the memory fills. What many wait for is held once, and not counted.
pub const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Bytes that may wait for any reader, whatever waits for the others: a hundred messages that it shares with others.
pub const WAITING_BYTES_FREE: usize = 16 * 1024;

/// Bytes that the kernel takes for one connection before it has sent them, about; the rest waits with us, where it is shared
/// and counted. It takes megabytes else for each who does not read, and ten thousand of these slow down all that is sent.
///
/// Several times what leaves between two looks at a busy socket, so that nobody's line stands still for want of bytes.
pub const UNSENT_BYTES_MAX: u32 = 32 * 1024;

/// Questions to the database that wait, at most; who asks more is told that the server is busy. Most take less than a
/// millisecond.
pub const READS_WAITING_MAX: usize = 256;

/// Questions that may always wait, however dear they are: as with [`CHANGES_WAITING_MIN`].
pub const READS_WAITING_MIN: usize = 64;

/// Time that a question to the database waits for others, about, at most: no more are let in than are answered within it.
/// It is as long as a turn of the log ([`TURN_MAX`]), so that reading is as quick as writing when there is too much of both.
pub const READS_TIME_MAX: Duration = Duration::from_millis(50);

/// Time that one turn of the log is to take at most, its sync not counted: no more changes are let in than that many.
///
/// A change waits for the rest of one turn and for its own, so it is answered after twice this and two syncs; DESIGN asks
/// for 250 ms at most, and the network and other work on the processor need theirs.
pub const TURN_MAX: Duration = Duration::from_millis(50);

/// Changes that wait for the log, at most, however cheap they are; who asks for more is told that the server is busy.
///
/// Each takes a few KiB, and those that wait are all written in one transaction: more would save no more syncs.
pub const CHANGES_WAITING_MAX: usize = 256;

/// Changes that may always wait, however dear they are: some dozens of people at the same moment are not too many, also
/// where the processor has much else to do.
pub const CHANGES_WAITING_MIN: usize = 64;

/// Commands of connections that come, go on or go, which wait for the log at once; the others wait outside.
///
/// So few that changes are not held up by a storm of them, and enough that they share their syncs.
pub const PASSAGES_WAITING_MAX: usize = 64;

/// Time after which nobody knows when what was decided will be stored: the disk does not answer. Until it does, changes
/// are turned down at once, so that nobody waits for it who need not.
pub const TURN_STUCK: Duration = Duration::from_secs(2);

/// Time that a message in the lobby waits to be taken, at most. With twice [`TURN_MAX`] it is less than 250 ms.
pub const BUSY_WAIT: Duration = Duration::from_millis(100);

/// Time after which whoever was told that the server is busy may try again.
pub const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// Commands written in one transaction, at most: all that wait. Bounds the work that a crash undoes, and the size of one
/// fan-out.
pub const COMMANDS_PER_COMMIT_MAX: usize = CHANGES_WAITING_MAX + PASSAGES_WAITING_MAX;

/// Connections in all, unless configured. Each takes about 6.5 KiB (`docs/performance.md`), and a
/// file descriptor.
pub const CONNECTIONS_MAX: usize = 20_000;

/// File descriptors that connections leave to the rest: the database with its log and its readers, the listener, the
/// runtime, and room for what a checkpoint or a library opens. About 25 are in use.
pub const DESCRIPTORS_KEPT: u64 = 64;

/// Connections from one address (an IPv6 /64 counts as one), unless configured.
///
/// Room for a school or a company behind one address, too few to fill the server.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;

/// Bytes of one message from a server to our client, at most; a server that sends more is left.
///
/// A history of [`LOBBY_HISTORY_MAX`] messages of [`MESSAGE_CHARS_MAX`] characters, each written as two `\uXXXX`
/// escapes (as Python's `json` does), takes 2.4 MB.
pub const SERVER_FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Messages that a client keeps until the server has confirmed them. Hours of typing on a train.
pub const OUTBOX_MAX: usize = 1_000;

/// Entries that a client can scroll back to. Days of a lively lobby; each costs a few hundred bytes.
pub const SCROLLBACK_MAX: usize = 10_000;

/// Bytes of text that a client can scroll back to, so that a server of another make, without our limits, cannot
/// fill the memory.
pub const SCROLLBACK_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Messages that a client remembers having seen, to tell what is new in the history after a reconnect.
///
/// Ten times what our server tells; a server that tells more is met halfway.
pub const SEEN_MAX: usize = 10 * LOBBY_HISTORY_MAX;

/// Bytes of messages that may come before the history; a server that sends more is left.
pub const EARLY_BYTES_MAX: usize = SERVER_FRAME_BYTES_MAX;

/// Time to reach a server: the name, the connection, TLS and the upgrade.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which the history must come after `join`.
pub const ENTRY_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which the echo of a message must come; then the client reconnects, and looks for it in the history.
///
/// The server's disk may be busy, and the message may lie behind others in a slow connection.
pub const ECHO_TIMEOUT: Duration = Duration::from_secs(20);

/// Times that a message may stay without an echo on a living connection; then it counts as failed.
pub const ECHO_ATTEMPTS_MAX: u32 = 3;

/// Pause before a message is sent again that the server could not take, where the server names none.
pub const RESEND_PAUSE: Duration = Duration::from_secs(3);

/// Pause before a message is sent again, at most, whatever the server asks for.
pub const RESEND_PAUSE_MAX: Duration = Duration::from_mins(1);

/// Quiet time between two pings of the client. Shorter than what makes proxies and home routers forget a connection.
pub const CLIENT_PING_INTERVAL: Duration = Duration::from_secs(30);

/// Silence after which the client counts the connection as lost: two pings were not answered, and some slack.
pub const SERVER_SILENCE_MAX: Duration = Duration::from_secs(75);

/// Time in which one frame must leave; then the connection counts as lost.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Time that a client that leaves waits for the server's answer to its goodbye.
pub const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first pause before a reconnect is between zero and this; each further one may be twice as long.
///
/// A server that restarts is back within a second; and after it, a thousand clients come spread over that time.
pub const BACKOFF_BASE: Duration = Duration::from_millis(500);

/// The longest pause before a reconnect: how long a person may have to wait once the server is back.
pub const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// Time that a connection must have lasted for the pauses to start small again.
pub const BACKOFF_FORGIVEN_AFTER: Duration = Duration::from_secs(5);

/// Embeds of a message, at most. This and the next are Discord's ("Embed Limits").
pub const EMBEDS_MAX: usize = 10;

/// Characters in all embeds of a message together, at most.
pub const EMBEDS_CHARS_MAX: usize = 6_000;

/// Characters of an embed's title, at most.
pub const EMBED_TITLE_CHARS_MAX: usize = 256;

/// Characters of an embed's text, at most.
pub const EMBED_DESCRIPTION_CHARS_MAX: usize = 4_096;

/// Cells of an embed's table, at most.
pub const EMBED_FIELDS_MAX: usize = 25;

/// Characters of a cell's heading, at most.
pub const EMBED_NAME_CHARS_MAX: usize = 256;

/// Characters of a cell's text, at most.
pub const EMBED_VALUE_CHARS_MAX: usize = 1_024;

/// Characters of an embed's last line, at most.
pub const EMBED_FOOTER_CHARS_MAX: usize = 2_048;

/// Characters of the name of an embed's author, at most.
pub const EMBED_AUTHOR_CHARS_MAX: usize = 256;

/// Characters of an address, at most. Discord's limit for the addresses of embeds.
pub const URL_CHARS_MAX: usize = 2_048;

/// Users or roles that one message may mention. Discord's limit for `allowed_mentions`.
pub const MENTIONS_MAX: usize = 100;

/// Time in which a message with the same `nonce` and `enforce_nonce` counts as the same message.
///
/// Discord says "the past few minutes".
pub const NONCE_MEMORY: Duration = Duration::from_mins(5);

/// Members of a guild, at most. The largest community that Decentra is made for is a tenth of it.
pub const MEMBERS_MAX: usize = 100_000;

/// Dispatches that the log keeps, at least: as far back a session can resume. About 50 MB.
pub const LOG_KEPT: i64 = 65_536;

/// Dispatches at the end of the log that are kept in memory, at most, for sessions that resume.
///
/// Enough for twenty thousand sessions that went and came back, and for what was said meanwhile.
pub const RECENT_MAX: usize = 65_536;

/// Bytes of these, at most.
pub const RECENT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Time that a gateway session may be left before it is forgotten.
///
/// Long enough for a tunnel, a closed lid, an upgrade of the server or of the bot's machine.
pub const RESUME_WINDOW: Duration = Duration::from_mins(10);

/// Pause between two notes of where gateway sessions stand.
pub const SESSION_NOTE_INTERVAL: Duration = Duration::from_secs(2);

/// Gateway sessions that are noted at once, unless the log moves so fast that more have to be. Each takes about 20 µs, and
/// changes wait for them.
pub const SESSION_NOTES_MAX: usize = 256;

/// Bytes of one payload from a gateway client, at most. Discord's ("Sending Events").
pub const GATEWAY_PAYLOAD_BYTES_MAX: usize = 4_096;

/// Payloads that one gateway connection may send at once, and the time after which one more is free: 120 in 60 s, as
/// Discord has it ("Rate Limiting").
pub const GATEWAY_BURST: u32 = 120;

/// See [`GATEWAY_BURST`].
pub const GATEWAY_REFILL: Duration = Duration::from_millis(500);

/// Sessions that one account may open at once, and the time after which one more is free. Far above what Discord
/// allows, since a small server has no need to spread restarts over time.
pub const IDENTIFY_BURST: u32 = 64;

/// See [`IDENTIFY_BURST`].
pub const IDENTIFY_REFILL: Duration = Duration::from_secs(1);

/// Sessions that one account may have, live and left together, at most: the oldest left one goes first.
pub const SESSIONS_PER_USER_MAX: usize = 1_024;

/// Time between two heartbeats of a gateway client. Discord's usual value.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(41_250);

/// Time that a gateway client has to take what it is sent at once when its session begins or goes on: one guild, or 64
/// dispatches. A few hundred kilobytes over the slowest of lines.
pub const TAKE_TIMEOUT: Duration = Duration::from_mins(1);

/// Time that a gateway connection has to identify or resume.
pub const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of a presence's activities, at most.
pub const PRESENCE_BYTES_MAX: usize = 4_096;

/// Activities of a presence, at most.
pub const ACTIVITIES_MAX: usize = 8;

/// Members in one `GUILD_MEMBERS_CHUNK`. Discord's.
pub const MEMBERS_PER_CHUNK: usize = 1_000;

/// Members that a search may find, at most. Discord's limit for a request by name.
pub const MEMBERS_FOUND_MAX: usize = 100;

/// Messages in one page of history, at most. Discord's.
pub const HISTORY_PAGE_MAX: u32 = 100;

/// Bytes of the body of a request that may hold a picture, at most: room for it as text, and for what stands beside it.
pub const LONG_BODY_BYTES_MAX: usize = 12 * 1024 * 1024;

/// Bodies longer than [`BODY_BYTES_MAX`] that are read and worked on at once. Each takes up to three times its bytes: as
/// it came, as JSON and as what it means.
pub const LONG_BODIES_AT_ONCE: usize = 8;

/// Bytes of the body of any other request, at most: what a caller without an account makes the server hold is counted in
/// these. The longest that makes sense are the overwrites of a channel, and the order of all channels: 50 KB.
pub const BODY_BYTES_MAX: usize = 128 * 1024;

/// Bytes of a body that is too long, that are taken and thrown away so that its sender hears the answer, at most.
pub const DISCARDED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Commas in a body of JSON, at most: they bound how many values it has, each of which takes up to a hundred bytes in
/// memory, and two in the body. The longest message with embeds holds 30,000, most of them in its words.
pub const BODY_COMMAS_MAX: usize = 65_536;

/// Characters of a reason in the audit log, at most. Discord's.
pub const REASON_CHARS_MAX: usize = 512;

/// Calls that one account, or one address without an account, may make at once, and the time after which one more is
/// free: 50 a second, as Discord has it for all routes together ("Global Rate Limit").
pub const CALLS_BURST: u32 = 100;

/// See [`CALLS_BURST`].
pub const CALLS_REFILL: Duration = Duration::from_millis(20);

/// Callers whose rates are kept, at most; beyond it those that are quiet are forgotten.
pub const CALLERS_MAX: usize = 65_536;

/// Calls of one route, for one channel or guild, that one account may make within [`ROUTE_WINDOW`].
///
/// Discord's are lower and differ by route; bots wait as they are told, but some give up, so ours are generous.
pub const ROUTE_CALLS: u32 = 30;

/// See [`ROUTE_CALLS`].
pub const ROUTE_WINDOW: Duration = Duration::from_secs(1);

/// Characters of the name of a guild, channel or role, at most. Discord's.
pub const TITLE_CHARS_MAX: usize = 100;

/// Characters of a guild's description, at most. Discord's.
pub const GUILD_DESCRIPTION_CHARS_MAX: usize = 300;

/// Guilds that one account may be in, at most. Discord's limit for accounts without a subscription.
pub const GUILDS_PER_USER_MAX: usize = 100;

/// Channels of a guild, at most. Discord's, categories counted.
pub const CHANNELS_MAX: usize = 500;

/// Channels under one category, at most. Discord's.
pub const CHANNELS_PER_CATEGORY_MAX: usize = 50;

/// Characters of a channel's topic, at most. Discord's.
pub const TOPIC_CHARS_MAX: usize = 1_024;

/// Seconds of slow mode, at most: six hours. Discord's.
pub const SLOW_MODE_MAX: u32 = 21_600;

/// Bits per second of a voice channel, at least and at most. Discord's.
pub const BITRATE_MIN: u32 = 8_000;

/// See [`BITRATE_MIN`].
pub const BITRATE_MAX: u32 = 384_000;

/// People in one voice channel, at most, where that is limited. Discord's.
pub const VOICE_USERS_MAX: u32 = 99;

/// Exceptions of one channel to what roles allow, at most. Above the 250 roles of a guild; each takes 40 bytes.
pub const OVERWRITES_MAX: usize = 500;

/// Roles of a guild, at most, `@everyone` counted. Discord's.
pub const ROLES_MAX: usize = 250;

/// Members in one page of a list, at most. Discord's.
pub const MEMBERS_PAGE_MAX: u32 = 1_000;

/// Seconds that a member can be timed out, at most: 28 days. Discord's.
pub const TIMEOUT_SECS_MAX: i64 = 28 * 24 * 60 * 60;

/// Members that one prune removes, at most; who wants more prunes again. Each is an event that all are told of.
pub const PRUNE_MAX: usize = 1_000;

/// Days without a login after which a prune removes a member, at most. Discord's.
pub const PRUNE_DAYS_MAX: u32 = 30;

/// Bans of a guild, at most: as many as it may have members.
pub const BANS_MAX: usize = MEMBERS_MAX;

/// Bans in one page of a list, at most. Discord's.
pub const BANS_PAGE_MAX: u32 = 1_000;

/// Accounts that one call may ban, at most. Discord's limit for a bulk ban.
pub const BULK_BAN_MAX: usize = 200;

/// Seconds back from a ban, for which messages may be deleted with it, at most: seven days. Discord's.
pub const BAN_DELETE_SECS_MAX: u32 = 7 * 24 * 60 * 60;

/// Messages of one channel that a call deletes with its bans, at most: the newest. Bounds the work of one command.
pub const BAN_DELETE_MAX: usize = 10_000;

/// Messages that one event deletes, at most. Discord's limit for a bulk.
pub const BULK_DELETE_MAX: usize = 100;

/// Invites of a guild, at most. Discord's.
pub const INVITES_MAX: usize = 1_000;

/// Seconds that an invite holds, at most: seven days. Discord's.
pub const INVITE_AGE_MAX: u32 = 7 * 24 * 60 * 60;

/// Times that an invite can be used, at most, where that is limited. Discord's.
pub const INVITE_USES_MAX: u32 = 100;

/// Characters of an invite's code: 62 to the power of 8 cannot be guessed at the rate that calls are taken.
pub const INVITE_CODE_CHARS: usize = 8;

/// Entries of the audit log in one page, at most. Discord's.
pub const AUDIT_PAGE_MAX: u32 = 100;

/// Bytes of a body that nobody wants, which are taken all the same, at most; beyond it the connection is closed.
pub const SKIPPED_BYTES_MAX: usize = 64 * 1024;

/// Time that such a body has to come in.
pub const SKIP_TIMEOUT: Duration = Duration::from_secs(1);

/// Time that the body of a request has to come in.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Characters of a password, at least. Discord's; NIST SP 800-63B asks for as many.
pub const PASSWORD_CHARS_MIN: usize = 8;

/// Characters of a password, at most: more would only be work for who compares it.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// Passwords that are worked on at once, and pictures: each takes a processor, and memory.
pub const WORKS_AT_ONCE: usize = 2;

/// Those that wait for it, at most; who comes then is told to come back.
pub const WORKS_WAITING_MAX: usize = 64;

/// Attempts to log in to one account, from all networks together from which nobody has done so lately, and from each of
/// the others; and the time after which one more is free. Who knows the password gets theirs back.
pub const ATTEMPTS_PER_ACCOUNT: u32 = 10;

/// See [`ATTEMPTS_PER_ACCOUNT`].
pub const ATTEMPTS_PER_ACCOUNT_REFILL: Duration = Duration::from_secs(30);

/// Attempts to log in or to register from one address, and the time after which one more is free.
pub const ATTEMPTS_PER_ADDRESS: u32 = 20;

/// See [`ATTEMPTS_PER_ADDRESS`].
pub const ATTEMPTS_PER_ADDRESS_REFILL: Duration = Duration::from_secs(10);

/// Devices on which one account is logged in, at most: the one that was used longest ago goes first.
pub const LOGINS_PER_USER_MAX: usize = 64;

/// Time after which the use of a login is noted again.
pub const LOGIN_NOTE_INTERVAL: Duration = Duration::from_hours(1);

/// Characters of what someone says of themselves, at most. Discord's.
pub const BIO_CHARS_MAX: usize = 190;

/// Characters of an address for mail, at most (RFC 3696, erratum 1690).
pub const EMAIL_CHARS_MAX: usize = 254;

/// Pause between two looks for custom statuses that are to end.
pub const STATUS_INTERVAL: Duration = Duration::from_secs(5);

/// Characters of a custom status, at most. Discord's.
pub const CUSTOM_STATUS_CHARS_MAX: usize = 128;

/// Applications that one account may make, at most. Discord's is 25 for most.
pub const APPLICATIONS_MAX: usize = 50;

/// Characters of an application's name, at most. Discord's.
pub const APPLICATION_NAME_CHARS_MAX: usize = 32;

/// Characters of an application's description, at most. Discord's.
pub const APPLICATION_DESCRIPTION_CHARS_MAX: usize = 400;

/// Bytes of a picture of an account or a guild, as it is sent, at most. Discord's.
pub const IMAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Pixels along a side of a picture that is sent, at most: bounds the memory that it takes to read it.
pub const IMAGE_SIDE_MAX: u32 = 4_096;

/// Pixels along a side of the pictures that are made of it.
pub const IMAGE_SIDES: [u32; 3] = [64, 128, 512];

/// Different emoji under one message, at most. Discord's.
pub const REACTIONS_MAX: usize = 20;

/// Users in one page of those who reacted, at most. Discord's.
pub const REACTORS_PAGE_MAX: u32 = 100;

/// Pinned messages of a channel, at most. Discord's.
pub const PINS_MAX: usize = 250;

/// Pins in one page, at most. Discord's.
pub const PINS_PAGE_MAX: u32 = 50;

/// Seconds after which a message cannot be deleted in bulk any more: two weeks. Discord's.
pub const BULK_DELETE_SECS_MAX: i64 = 14 * 24 * 60 * 60;

/// Bytes of pages of history that are kept ready, at most: what most read again and again is the newest page.
pub const PAGES_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Time for which ids are taken ahead. After a crash, what is new gets ids of up to so far in the future.
pub const IDS_AHEAD: Duration = Duration::from_secs(1);

/// Users in a direct channel beside the one who asks, at most. Discord's: a group has ten.
pub const RECIPIENTS_MAX: usize = 9;

/// Direct channels in a list of one's own, at most: those that were written in last. Who has more finds the others by whom
/// they are with.
pub const DIRECTS_SHOWN_MAX: usize = 1_000;

/// Groups that one can be in, at most. Ours: each costs all who are in it a place in their lists.
pub const GROUPS_PER_USER_MAX: usize = 100;

/// Friends and requests of one person, at most. Discord's limit for friends.
pub const FRIENDS_MAX: usize = 1_000;

/// Those whom one person has blocked, at most.
pub const BLOCKS_MAX: usize = 1_000;

/// Those who are told how someone appears outside of guilds, at most: all friends, and about as many with whom there is a
/// direct channel.
pub const CONTACTS_MAX: usize = 2 * FRIENDS_MAX;

/// Characters of a note on somebody, at most. Discord's.
pub const NOTE_CHARS_MAX: usize = 256;

/// Notes of one person, at most. Discord's.
pub const NOTES_MAX: usize = 500;

/// Channels in which one notes at once how far one has read, at most. Discord's.
pub const ACKS_MAX: usize = 100;

/// Messages meant for one that are counted in a channel, at most: more than any badge shows.
pub const MENTION_COUNT_MAX: u32 = 9_999;

/// Messages meant for many that are noted for each channel, the newest: what is older is counted for nobody any more.
pub const BROAD_MENTIONS_MAX: u32 = 100;

/// Seconds for which clients offer to mute, at most: a year.
pub const MUTE_SECS_MAX: i64 = 366 * 24 * 60 * 60;

/// Characters of a word in the index of messages, at most: a word is known by so many. Longer ones are no words that
/// somebody would type.
pub const WORD_CHARS_MAX: usize = 40;

/// Characters of what is searched for, at most. Discord's.
pub const SEARCH_CHARS_MAX: usize = 1_024;

/// Terms in what is searched for, at most: each takes a few reads in the index. A long paragraph has fewer.
pub const SEARCH_TERMS_MAX: usize = 256;

/// Terms of these that may be the beginning of a word, at most: for each, all words are gathered that begin so.
pub const SEARCH_PREFIXES_MAX: usize = 4;

/// Letters, at least, of what is to be the beginning of a word, where they are Latin: too many words begin with fewer.
pub const PREFIX_CHARS_MIN: usize = 4;

/// Letters, at least, of the last word that is searched for to stand for longer ones as well.
pub const UNFINISHED_CHARS_MIN: usize = 4;

/// Messages in one page of what was found, at most. Discord's.
pub const SEARCH_PAGE_MAX: u32 = 25;

/// Messages that a page may pass over, at most. Discord's.
pub const SEARCH_OFFSET_MAX: u32 = 9_975;

/// Messages that are found, at most: as many as can be paged to. Of more, so many are told.
pub const SEARCH_FOUND_MAX: usize = (SEARCH_OFFSET_MAX + SEARCH_PAGE_MAX) as usize;

/// Messages that are compared by what they say, at most: the newest of those that are found. Each takes a few microseconds.
pub const SEARCH_RANKED_MAX: usize = 1_000;

/// Accounts, roles, messages or hosts that one filter of a search may name, at most. Discord's.
pub const SEARCH_CHOICES_MAX: usize = 100;

/// Characters of a host's name, at most: what DNS has room for (RFC 1035).
pub const HOST_CHARS_MAX: usize = 253;

/// Messages that the index of searches takes in at once. To look through those that wait for it takes a search a few
/// milliseconds, and to take them in about as long.
pub const INDEXED_AT_ONCE: usize = 1_024;

/// Pause between two steps in which older messages are taken into the index of searches, of [`INDEXED_AT_ONCE`] each: a step
/// holds the log up for about 10 ms. A million messages take a minute.
pub const INDEX_PAUSE: Duration = Duration::from_millis(50);

/// Searches that wait, at most; who asks for more is told that the server is busy. Most take a few milliseconds, and the
/// longest ones some dozens.
pub const LONG_READS_WAITING_MAX: usize = 32;
