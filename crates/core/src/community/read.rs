//! How far people have read, and what counts as meant for them.
//!
//! A mention of a few is counted for each of them when it is posted. One of many, of everyone or of a role, is noted once for
//! the channel, and counted for whoever asks, from a list that is kept short: nothing is ever counted by going through
//! what was written.

use decentra_model::limits::{ACKS_MAX, MENTION_COUNT_MAX};
use decentra_model::read::{BroadMention, LEVEL_NOTHING, Notifications, ReadState, Reading};
use decentra_model::{Channel, Event, Id, Member, Message, Timestamp};
use serde_json::Value;

use super::{Actor, Command, Community, Desk, Form, GuildState, Refusal, Venue};

/// Posts `message`: what is written counts for whom it is meant, and as read by who wrote it.
pub(super) fn post(desk: &mut Desk<'_>, message: Message, nonce: Option<Value>, dedupe: Option<String>) {
    let (channel_id, message_id) = (message.channel_id, message.id);
    let community = desk.community();
    let author = message.author.user().filter(|author| !community.is_bot(*author));
    let users = community.venue(channel_id).map(|venue| community.called(venue, &message, desk.now));
    let broad = broad(&message);
    desk.emit(Event::MessageCreated { message, nonce, dedupe });
    if let Some(users) = users.filter(|users| !users.is_empty()) {
        desk.emit(Event::Called { channel_id, users });
    }
    if let Some(broad) = broad {
        desk.emit(Event::ManyCalled(broad));
    }
    if let Some(user_id) = author {
        let old = desk.community().read_state(user_id, channel_id);
        let state = ReadState { last_message_id: message_id, mention_count: 0, ..old };
        desk.emit(Event::ReadSet { user_id, state, reading: Reading::Wrote });
    }
}

/// What is noted of `message`, if it is meant for many.
fn broad(message: &Message) -> Option<BroadMention> {
    let extra = &message.extra;
    if !extra.mention_everyone && extra.mention_roles.is_empty() {
        return None;
    }
    Some(BroadMention {
        channel_id: message.channel_id,
        message_id: message.id,
        author_id: message.author.user()?,
        everyone: extra.mention_everyone,
        roles: extra.mention_roles.clone(),
    })
}

impl Community {
    /// The people for each of whom `message` counts: whom it mentions by name and, in a direct channel, all others.
    fn called(&self, venue: Venue<'_>, message: &Message, now: Timestamp) -> Vec<Id> {
        let named = |user: Id| message.extra.mentions.contains(&user);
        let users = match venue {
            Venue::Guild(..) => &message.extra.mentions,
            Venue::Direct(_, direct) => &direct.members,
        };
        let author = message.author.user();
        let counts = |user: &Id| {
            Some(*user) != author
                && !self.is_bot(*user)
                && venue.may_view(*user)
                && author.is_none_or(|author| !self.has_blocked(*user, author))
                && self.wants(*user, venue, named(*user), now)
        };
        users.iter().copied().filter(counts).collect()
    }

    /// Whether what stands in `venue` is meant for `user`, as far as they want it to be.
    fn wants(&self, user: Id, venue: Venue<'_>, is_named: bool, now: Timestamp) -> bool {
        let settings = self.person(user).notifications(venue.guild_id());
        match venue {
            Venue::Guild(_, channel) => level(settings, channel) != Some(LEVEL_NOTHING),
            // Nobody is named by what is only written in it.
            Venue::Direct(_, direct) => {
                let own =
                    settings.and_then(|settings| settings.channel(direct.id)).map(|channel| &channel.rule);
                let rules = || own.into_iter().chain(settings.map(|settings| &settings.rule));
                let is_muted = rules().any(|rule| rule.is_muted(now));
                rules().find_map(|rule| rule.level) != Some(LEVEL_NOTHING) && (is_named || !is_muted)
            }
        }
    }

    /// How far `user` has read in a channel, without what is meant for many.
    fn read_state(&self, user: Id, channel: Id) -> ReadState {
        self.person(user).read(channel).unwrap_or(ReadState::unread(channel))
    }

    /// How far `user` has read in the channels that they see: where they have read something, or something is meant for
    /// them.
    pub fn read_states(&self, user: Id) -> Vec<ReadState> {
        let person = self.person(user);
        let mut states: Vec<ReadState> = person.reads().collect();
        states.retain(|state| self.venue_for(state.channel_id, user).is_ok());
        for state in &mut states {
            state.mention_count = self.meant(user, *state);
        }
        for guild in self.guilds_of(user) {
            for channel in guild.channels.values() {
                if person.read(channel.id).is_some()
                    || !self.broad.contains_key(&channel.id)
                    || !guild.may_view(channel, user)
                {
                    continue;
                }
                let state = ReadState::unread(channel.id);
                let mention_count = self.meant(user, state);
                if mention_count > 0 {
                    states.push(ReadState { mention_count, ..state });
                }
            }
        }
        states
    }

    /// How many messages are meant for `user`, who has read so far.
    fn meant(&self, user: Id, state: ReadState) -> u32 {
        let of_many = self.channel(state.channel_id).and_then(|(guild, channel)| {
            let member = guild.member(user)?;
            let settings = self.person(user).notifications(Some(guild.guild.id));
            if level(settings, channel) == Some(LEVEL_NOTHING) {
                return None;
            }
            // What was written before they came is not meant for them.
            let since = state.last_message_id.max(Id::at(member.joined_at));
            let broad = self.broad.get(&channel.id)?.iter().rev();
            let unread = broad.take_while(|mention| mention.message_id > since);
            Some(unread.filter(|mention| self.is_meant(user, member, guild, settings, mention)).count())
        });
        let of_many = u32::try_from(of_many.unwrap_or_default()).unwrap_or(u32::MAX);
        state.mention_count.saturating_add(of_many).min(MENTION_COUNT_MAX)
    }

    fn is_meant(
        &self,
        user: Id,
        member: &Member,
        guild: &GuildState,
        settings: Option<&Notifications>,
        mention: &BroadMention,
    ) -> bool {
        let (no_everyone, no_roles) =
            settings.map_or((false, false), |settings| (settings.suppress_everyone, settings.suppress_roles));
        let by_role =
            || mention.roles.iter().any(|role| member.roles.contains(role) && guild.roles.contains_key(role));
        mention.author_id != user
            && !self.has_blocked(user, mention.author_id)
            && ((mention.everyone && !no_everyone) || (!no_roles && by_role()))
    }
}

/// The level that someone has chosen for a channel: for itself, for its category, or for the guild.
fn level(settings: Option<&Notifications>, channel: &Channel) -> Option<u8> {
    let settings = settings?;
    let of = |id: Id| settings.channel(id).and_then(|channel| channel.rule.level);
    of(channel.id).or_else(|| channel.parent_id.and_then(of)).or(settings.rule.level)
}

/// How far one has read.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// Where.
    pub channel_id: Id,
    /// Up to which message.
    pub message_id: Id,
    /// Whether it is so even if one had read further, and then how many are meant for one.
    pub manual: Option<u32>,
}

/// Whether one marks as unread, and how many messages are then meant for one.
pub fn read_manual(form: &mut Form<'_>) -> Option<u32> {
    let count = form.small("mention_count", 0..=MENTION_COUNT_MAX).unwrap_or_default();
    form.flag("manual").unwrap_or_default().then_some(count)
}

/// The marks in a form.
pub fn read_marks(form: &mut Form<'_>) -> Vec<Mark> {
    form.require("read_states");
    let marks = form.list("read_states", ACKS_MAX, |form| {
        // Other kinds of what can be read, such as scheduled events, are not there.
        let is_channel = form.small("read_state_type", 0..=u32::from(u8::MAX)).is_none_or(|kind| kind == 0);
        let mark = Mark {
            channel_id: form.required_id("channel_id"),
            message_id: form.required_id("message_id"),
            manual: None,
        };
        is_channel.then_some(mark)
    });
    marks.into_iter().flatten().flatten().collect()
}

/// Notes how far one has read in a channel.
#[derive(Debug)]
pub struct Acknowledge {
    /// Who.
    pub actor: Actor,
    /// How far.
    pub mark: Mark,
}

impl Command for Acknowledge {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        desk.venue(self.mark.channel_id, self.actor.user_id)?;
        acknowledge(desk, self.actor.user_id, self.mark);
        Ok(())
    }
}

/// Notes how far one has read in many channels. Those that one does not see are passed over.
#[derive(Debug)]
pub struct AcknowledgeMany {
    /// Who.
    pub actor: Actor,
    /// How far.
    pub marks: Vec<Mark>,
}

impl Command for AcknowledgeMany {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user = self.actor.user_id;
        for mark in self.marks {
            if desk.venue(mark.channel_id, user).is_ok() {
                acknowledge(desk, user, mark);
            }
        }
        Ok(())
    }
}

/// Notes that one has read all there is in a guild.
#[derive(Debug)]
pub struct AcknowledgeGuild {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild_id: Id,
}

impl Command for AcknowledgeGuild {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user = self.actor.user_id;
        let (community, guild) = (desk.community(), desk.guild(self.guild_id, user)?);
        let seen = guild.channels.values().filter(|channel| guild.may_view(channel, user));
        let newest = |channel: &Channel| {
            let message_id = community.last_message(channel.id)?;
            Some(Mark { channel_id: channel.id, message_id, manual: None })
        };
        let marks: Vec<Mark> = seen.filter_map(newest).collect();
        for mark in marks {
            acknowledge(desk, user, mark);
        }
        Ok(())
    }
}

/// Notes that one has seen what is pinned in a channel.
#[derive(Debug)]
pub struct AcknowledgePins {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
}

impl Command for AcknowledgePins {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user_id = self.actor.user_id;
        let last = desk.venue(self.channel_id, user_id)?.last_pin_at();
        let old = desk.community().read_state(user_id, self.channel_id);
        if last > old.pins_seen_at {
            let state = ReadState { pins_seen_at: last, ..old };
            desk.emit(Event::ReadSet { user_id, state, reading: Reading::SawPins });
        }
        Ok(())
    }
}

/// Notes how far `user`, who sees the channel, has read. What was not written yet was not read, either.
fn acknowledge(desk: &mut Desk<'_>, user_id: Id, mark: Mark) {
    let community = desk.community();
    let Some(last) = community.last_message(mark.channel_id) else { return };
    let known = community.person(user_id).read(mark.channel_id);
    let old = known.unwrap_or(ReadState::unread(mark.channel_id));
    let message_id = mark.message_id.min(last);
    let (state, reading) = match mark.manual {
        Some(mention_count) => {
            (ReadState { last_message_id: message_id, mention_count, ..old }, Reading::Marked)
        }
        None if message_id < old.last_message_id => return,
        None => (ReadState { last_message_id: message_id, mention_count: 0, ..old }, Reading::Acknowledged),
    };
    if known != Some(state) {
        desk.emit(Event::ReadSet { user_id, state, reading });
    }
}
