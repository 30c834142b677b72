import { createContext, createMemo, createSignal, useContext, type Accessor } from "solid-js";
import type { Client } from "../../app/client";
import type { Id } from "../../model/id";
import type { Channel, Emoji, Message } from "../../model/objects";
import { isSame } from "../../model/apply/message";
import { may, Permission } from "../../model/permission";
import { show } from "../overlay";

/** What is being done in the channel that is open. */
export interface Chat {
  readonly channel: Accessor<Channel>;
  readonly replyTo: Accessor<Message | null>;
  readonly setReplyTo: (message: Message | null) => void;
  /** The message that is being changed. */
  readonly editing: Accessor<Id | null>;
  readonly setEditing: (id: Id | null) => void;
  /** The message that the pointer or the focus is on. */
  readonly active: Accessor<Id | null>;
  readonly setActive: (id: Id | null) => void;
  /** Keeps that message, wherever the pointer goes, while something is being chosen for it. */
  readonly hold: (isHeld: boolean) => void;
  readonly may: (bits: bigint) => boolean;
  readonly mayDelete: (message: Message) => boolean;
  readonly isOwn: (message: Message) => boolean;
  readonly toggle: (message: Message, emoji: Emoji) => void;
  readonly remove: (message: Message, isSure: boolean) => void;
  /** Shows a message of this channel, wherever it is. */
  readonly jumpTo: (id: Id) => void;
  readonly setJumper: (jump: (id: Id) => void) => void;
  /** Puts the cursor into the composer. */
  readonly focus: () => void;
  readonly setFocuser: (focus: () => void) => void;
}

export const ChatContext = createContext<Chat>();

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (chat === undefined) throw new Error("no channel is open here");
  return chat;
}

export function createChat(client: Client, channel: Accessor<Channel>): Chat {
  const [replyTo, setReplyTo] = createSignal<Message | null>(null);
  const [editing, setEditing] = createSignal<Id | null>(null);
  const [active, setActive] = createSignal<Id | null>(null);
  let isHeld = false;
  const mayManage = createMemo(() => may(client.state(), channel(), Permission.ManageMessages));
  let jumper: (id: Id) => void = () => {};
  let focuser: () => void = () => {};
  const isOwn = (message: Message) => message.author.id === client.state().me?.id && message.webhook_id == null;
  return {
    channel,
    replyTo,
    setReplyTo,
    editing,
    setEditing,
    active,
    setActive: (id) => void (isHeld || setActive(id)),
    hold: (held) => (isHeld = held),
    may: (bits) => may(client.state(), channel(), bits),
    mayDelete: (message) => isOwn(message) || mayManage(),
    isOwn,
    toggle: (message, emoji) => {
      const isMine = (message.reactions ?? []).some((reaction) => isSame(reaction.emoji, emoji) && reaction.me);
      // What comes of it, the gateway tells.
      void (isMine ? client.unreact(message, emoji) : client.react(message, emoji)).catch(() => undefined);
    },
    remove: (message, isSure) => {
      if (isSure) void client.delete(message).catch(() => undefined);
      else show({ is: "deleteMessage", message });
    },
    jumpTo: (id) => jumper(id),
    setJumper: (jump) => (jumper = jump),
    focus: () => focuser(),
    setFocuser: (focus) => (focuser = focus),
  };
}
