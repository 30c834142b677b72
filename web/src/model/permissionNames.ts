import { Permission } from "./permission";

/** The permissions that one sets for a role, in groups, most wanted first. */
export const SETTABLE = [
  ["general", ["ViewChannel", "ManageChannels", "ManageRoles", "ManageGuild", "ViewAuditLog", "Administrator"]],
  ["people", ["CreateInvite", "ChangeNickname", "ManageNicknames", "KickMembers", "BanMembers", "ModerateMembers"]],
  ["text", ["SendMessages", "ReadMessageHistory", "AddReactions", "AttachFiles", "EmbedLinks", "MentionEveryone", "ManageMessages", "PinMessages"]],
] as const satisfies readonly (readonly [string, readonly (keyof typeof Permission)[]])[];

export type Settable = (typeof SETTABLE)[number][1][number];
