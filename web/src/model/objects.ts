/** What the server tells, as far as the client uses it: Discord's objects, with Discord's keys. */
import type { Id } from "./id";

/** An account, as everyone sees it. */
export interface User {
  readonly id: Id;
  readonly username: string;
  readonly global_name?: string | null;
  readonly avatar?: string | null;
  readonly bot?: boolean;
}

/** The account, as it sees itself. */
export interface Self extends User {
  readonly email?: string | null;
  readonly bio?: string;
}

/** Someone in a guild. */
export interface Member {
  readonly user: User;
  readonly nick?: string | null;
  readonly roles: readonly Id[];
  readonly joined_at: string;
  readonly communication_disabled_until?: string | null;
}

export interface Role {
  readonly id: Id;
  readonly name: string;
  readonly color: number;
  readonly hoist: boolean;
  readonly position: number;
  /** The bits of permissions, as a decimal number. */
  readonly permissions: string;
  readonly mentionable: boolean;
  readonly managed: boolean;
}

/** What a role (0) or a member (1) may do otherwise in one channel. */
export interface Overwrite {
  readonly id: Id;
  readonly type: 0 | 1;
  readonly allow: string;
  readonly deny: string;
}

/** The kinds of channels that the client knows. */
export const ChannelKind = { Text: 0, Direct: 1, Voice: 2, Group: 3, Category: 4, Announcement: 5 } as const;

export interface Channel {
  readonly id: Id;
  readonly type: number;
  readonly guild_id?: Id;
  readonly name?: string | null;
  readonly topic?: string | null;
  readonly position?: number;
  readonly parent_id?: Id | null;
  readonly permission_overwrites?: readonly Overwrite[];
  readonly last_message_id?: Id | null;
  readonly last_pin_timestamp?: string | null;
  readonly rate_limit_per_user?: number;
  readonly nsfw?: boolean;
  /** Of a direct conversation: who is in it, beside oneself. */
  readonly recipients?: readonly User[];
}

/** A guild, without what it holds. */
export interface Guild {
  readonly id: Id;
  readonly name: string;
  readonly icon: string | null;
  readonly description: string | null;
  readonly owner_id: Id;
  readonly system_channel_id: Id | null;
  readonly member_count: number;
  readonly joined_at: string | null;
}

export type Status = "online" | "idle" | "dnd" | "offline";

export interface Emoji {
  readonly id: Id | null;
  readonly name: string;
}

export interface Reaction {
  readonly emoji: Emoji;
  readonly count: number;
  readonly me: boolean;
}

export interface Attachment {
  readonly id: Id;
  readonly filename: string;
  readonly description?: string | null;
  readonly size: number;
  readonly url: string;
  readonly content_type?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
}

export interface Embed {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly color?: number;
  readonly author?: { readonly name?: string; readonly url?: string };
  readonly footer?: { readonly text?: string };
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[];
}

export interface Message {
  readonly id: Id;
  readonly channel_id: Id;
  readonly guild_id?: Id;
  /** 0 is said by someone, 19 answers another one; others tell what happened. */
  readonly type: number;
  readonly author: User;
  readonly content: string;
  readonly timestamp: string;
  readonly edited_timestamp: string | null;
  readonly mention_everyone: boolean;
  readonly mentions: readonly User[];
  readonly mention_roles: readonly Id[];
  readonly attachments: readonly Attachment[];
  readonly embeds: readonly Embed[];
  readonly reactions?: readonly Reaction[];
  readonly pinned: boolean;
  readonly webhook_id?: Id | null;
  readonly nonce?: string | number | null;
  readonly message_reference?: { readonly message_id?: Id; readonly channel_id: Id };
  /** The message that this one answers; `null`, if it is gone. */
  readonly referenced_message?: Message | null;
}

/** An invite, as everyone who has its code sees it. */
export interface Invite {
  readonly code: string;
  readonly guild: { readonly id: Id; readonly name: string; readonly icon: string | null; readonly description: string | null };
  readonly channel: { readonly id: Id; readonly name: string };
  readonly inviter?: User | null;
  readonly expires_at: string | null;
  readonly approximate_member_count?: number;
  readonly approximate_presence_count?: number;
  readonly uses?: number;
  readonly max_uses?: number;
  readonly max_age?: number;
  readonly created_at?: string;
}

/** What one should know of an instance before one has an account. */
export interface Instance {
  readonly name: string;
  readonly version: string;
  readonly has_owner: boolean;
  readonly registration: "invite" | "open" | "closed";
  readonly guests: boolean;
  readonly home_guild_id: Id | null;
  readonly lobby_channel_id: Id | null;
}

/** What READY and GUILD_CREATE tell of a guild. */
export interface GuildCreate extends Guild {
  readonly unavailable?: boolean;
  readonly roles: readonly Role[];
  readonly channels: readonly Channel[];
  readonly members: readonly Member[];
  readonly presences: readonly Presence[];
}

export interface Presence {
  readonly user: { readonly id: Id };
  readonly status: Status;
}

export interface ReadEntry {
  readonly id: Id;
  readonly last_message_id: Id | null;
  readonly mention_count?: number;
}

export interface Ready {
  readonly user: Self;
  readonly guilds: readonly GuildCreate[];
  readonly private_channels: readonly Channel[];
  readonly session_id: string;
  readonly merged_members?: readonly (readonly Member[])[];
  readonly read_state?: { readonly entries?: readonly ReadEntry[] };
}
