"""What happens next: any action, by chance; some are likelier."""

from __future__ import annotations

import os
from random import Random

from action import Action, Scene
from channels import (
    CreateChannel,
    DeleteChannel,
    DeleteOverwrite,
    MoveChannel,
    PutOverwrite,
    RenameChannel,
    RewriteChannel,
)
from invites import CreateInvite, DeleteInvite, RenameGuild
from members import AddBot, Ban, Join, Kick, Leave, Nickname, TimeOut, Unban
from messages import BulkDelete, ClearReactions, Delete, Edit, Pin, React, Send, Type, Unreact
from roles import CreateRole, DeleteRole, EditRole, GiveRole, SortRoles, TakeRole

WEIGHTS: dict[type[Action], int] = {
    Send: 10,
    Edit: 4,
    Delete: 2,
    BulkDelete: 1,
    React: 4,
    Unreact: 2,
    ClearReactions: 1,
    Pin: 3,
    Type: 3,
    CreateChannel: 3,
    RenameChannel: 3,
    MoveChannel: 2,
    DeleteChannel: 1,
    RewriteChannel: 2,
    PutOverwrite: 8,
    DeleteOverwrite: 3,
    CreateRole: 2,
    EditRole: 6,
    DeleteRole: 1,
    SortRoles: 1,
    GiveRole: 5,
    TakeRole: 5,
    Nickname: 3,
    TimeOut: 4,
    Kick: 2,
    Ban: 2,
    Unban: 2,
    Leave: 1,
    Join: 4,
    AddBot: 3,
    CreateInvite: 2,
    DeleteInvite: 2,
    RenameGuild: 2,
}


def next_action(dice: Random, scene: Scene) -> Action:
    """DECENTRA_ORACLE_WITHOUT leaves some out, while what they need is being built: "Type,AddBot"."""
    without = os.environ.get("DECENTRA_ORACLE_WITHOUT", "").split(",")
    kinds = [kind for kind in WEIGHTS if kind.__name__ not in without]
    weights = [WEIGHTS[kind] for kind in kinds]
    while True:
        kind = dice.choices(kinds, weights)[0]
        tries = [action for action in (kind.pick(dice, scene), kind.pick(dice, scene)) if action]
        # Half of the attempts that are bound to fail get a second chance, so that more happens.
        able = [action for action in tries if action.verdict(scene.guild).may_succeed or dice.random() < 0.5]
        if tries:
            return (able or tries)[0]
