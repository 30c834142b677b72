//! A role of the bot's own: made, changed, worn, taken off, deleted.

use anyhow::{Result, ensure};
use decentra_bots::protocol::MADE_NAME;
use twilight_model::{
    gateway::event::Event,
    guild::{Role, RoleColors},
    id::{Id, marker::RoleMarker},
};

use crate::bot::Bot;

const COLORS: RoleColors = plain(0x33_66_99);
const OTHER_COLORS: RoleColors = plain(0x99_33_66);

/// Makes a role, edits it, gives it to the bot, takes it away, deletes it.
pub(crate) async fn keep(bot: &mut Bot) -> Result<()> {
    let role = create(bot).await?;
    edit(bot, role).await?;
    wear(bot, role).await?;
    delete(bot, role).await
}

async fn create(bot: &mut Bot) -> Result<Id<RoleMarker>> {
    let made = bot.http.create_role(bot.guild).name(MADE_NAME).colors(COLORS).await?.model().await?;
    ensure!(has(&made, &COLORS), "the answer is {made:?}");
    bot.inbox
        .pick("the GUILD_ROLE_CREATE", |event| match event {
            Event::RoleCreate(create) if create.role.id == made.id => Some(()),
            _ => None,
        })
        .await?;
    Ok(made.id)
}

async fn edit(bot: &mut Bot, role: Id<RoleMarker>) -> Result<()> {
    let edited = bot.http.update_role(bot.guild, role).colors(Some(OTHER_COLORS)).await?.model().await?;
    ensure!(has(&edited, &OTHER_COLORS), "the answer is {edited:?}");
    bot.inbox
        .pick("the GUILD_ROLE_UPDATE", |event| match event {
            Event::RoleUpdate(update) if update.role.id == role && has(&update.role, &OTHER_COLORS) => {
                Some(())
            }
            _ => None,
        })
        .await
}

async fn wear(bot: &Bot, role: Id<RoleMarker>) -> Result<()> {
    bot.http.add_guild_member_role(bot.guild, bot.me, role).await?;
    ensure!(wears(bot, role).await?, "the bot was given the role and does not have it");
    bot.http.remove_guild_member_role(bot.guild, bot.me, role).await?;
    ensure!(!wears(bot, role).await?, "the role was taken from the bot and it still has it");
    Ok(())
}

async fn wears(bot: &Bot, role: Id<RoleMarker>) -> Result<bool> {
    Ok(bot.http.guild_member(bot.guild, bot.me).await?.model().await?.roles.contains(&role))
}

async fn delete(bot: &mut Bot, role: Id<RoleMarker>) -> Result<()> {
    bot.http.delete_role(bot.guild, role).await?;
    bot.inbox
        .pick("the GUILD_ROLE_DELETE", |event| match event {
            Event::RoleDelete(delete) if delete.role_id == role => Some(()),
            _ => None,
        })
        .await
}

const fn plain(color: u32) -> RoleColors {
    RoleColors { primary_color: color, secondary_color: None, tertiary_color: None }
}

fn has(role: &Role, colors: &RoleColors) -> bool {
    (role.name.as_str(), &role.colors) == (MADE_NAME, colors)
}
