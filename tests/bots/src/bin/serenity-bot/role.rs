//! A role of the bot's own: made, changed, worn, taken off, deleted.

use anyhow::{Result, ensure};
use decentra_bots::protocol::MADE_NAME;
use serenity::all::{Colour, EditRole, Event, Role, RoleId};

use crate::bot::Bot;

const COLOUR: Colour = Colour::new(0x33_66_99);
const OTHER_COLOUR: Colour = Colour::new(0x99_33_66);

/// Makes a role, edits it, gives it to the bot, takes it away, deletes it.
pub(crate) async fn keep(bot: &mut Bot) -> Result<()> {
    let role = create(bot).await?;
    edit(bot, role).await?;
    wear(bot, role).await?;
    delete(bot, role).await
}

async fn create(bot: &mut Bot) -> Result<RoleId> {
    let made = bot.guild.create_role(&bot.http, EditRole::new().name(MADE_NAME).colour(COLOUR)).await?;
    ensure!(has(&made, COLOUR), "the answer is {made:?}");
    bot.inbox
        .pick("the GUILD_ROLE_CREATE", |event| match event {
            Event::GuildRoleCreate(event) if event.role.id == made.id => Some(()),
            _ => None,
        })
        .await?;
    Ok(made.id)
}

async fn edit(bot: &mut Bot, role: RoleId) -> Result<()> {
    let edited = bot.guild.edit_role(&bot.http, role, EditRole::new().colour(OTHER_COLOUR)).await?;
    ensure!(has(&edited, OTHER_COLOUR), "the answer is {edited:?}");
    bot.inbox
        .pick("the GUILD_ROLE_UPDATE", |event| match event {
            Event::GuildRoleUpdate(event) if event.role.id == role && has(&event.role, OTHER_COLOUR) => {
                Some(())
            }
            _ => None,
        })
        .await
}

async fn wear(bot: &Bot, role: RoleId) -> Result<()> {
    bot.http.add_member_role(bot.guild, bot.me, role, None).await?;
    ensure!(wears(bot, role).await?, "the bot was given the role and does not have it");
    bot.http.remove_member_role(bot.guild, bot.me, role, None).await?;
    ensure!(!wears(bot, role).await?, "the role was taken from the bot and it still has it");
    Ok(())
}

async fn wears(bot: &Bot, role: RoleId) -> Result<bool> {
    Ok(bot.guild.member(&bot.http, bot.me).await?.roles.contains(&role))
}

async fn delete(bot: &mut Bot, role: RoleId) -> Result<()> {
    bot.guild.delete_role(&bot.http, role).await?;
    bot.inbox
        .pick("the GUILD_ROLE_DELETE", |event| match event {
            Event::GuildRoleDelete(event) if event.role_id == role => Some(()),
            _ => None,
        })
        .await
}

/// Whether it has the name, and the colour in the old field and in the new one.
fn has(role: &Role, colour: Colour) -> bool {
    (role.name.as_str(), role.colour, role.colours.primary_colour) == (MADE_NAME, colour, colour)
}
