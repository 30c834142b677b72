//! What a card in a message may hold.

use decentra_model::Embed;
use decentra_model::embed::{EmbedAuthor, EmbedField, EmbedFooter, EmbedMedia};
use decentra_model::limits::{
    EMBED_AUTHOR_CHARS_MAX, EMBED_DESCRIPTION_CHARS_MAX, EMBED_FIELDS_MAX, EMBED_FOOTER_CHARS_MAX,
    EMBED_NAME_CHARS_MAX, EMBED_TITLE_CHARS_MAX, EMBED_VALUE_CHARS_MAX, URL_CHARS_MAX,
};

use super::Form;
use super::form::WHOLE;

/// The embed in `form`.
pub(super) fn parse(form: &mut Form<'_>) -> Embed {
    let embed = read(form);
    if embed.is_empty() && form.is_right() {
        form.refuse(WHOLE, "EMBED_EMPTY", "An embed needs something to show.");
    }
    embed
}

fn read(form: &mut Form<'_>) -> Embed {
    Embed {
        title: form.trimmed("title", 0..=EMBED_TITLE_CHARS_MAX),
        description: form.trimmed("description", 0..=EMBED_DESCRIPTION_CHARS_MAX),
        url: url(form, "url"),
        timestamp: form.time("timestamp"),
        color: form.small("color", 0..=0x00ff_ffff),
        footer: form.nested("footer", |form| EmbedFooter {
            text: form.required_trimmed("text", 1..=EMBED_FOOTER_CHARS_MAX),
            icon_url: url(form, "icon_url"),
        }),
        image: media(form, "image"),
        thumbnail: media(form, "thumbnail"),
        author: form.nested("author", |form| EmbedAuthor {
            name: form.required_trimmed("name", 1..=EMBED_AUTHOR_CHARS_MAX),
            url: url(form, "url"),
            icon_url: url(form, "icon_url"),
        }),
        fields: form.list("fields", EMBED_FIELDS_MAX, field).unwrap_or_default(),
    }
}

fn field(form: &mut Form<'_>) -> EmbedField {
    EmbedField {
        name: form.required_trimmed("name", 1..=EMBED_NAME_CHARS_MAX),
        value: form.required_trimmed("value", 1..=EMBED_VALUE_CHARS_MAX),
        inline: form.flag("inline").unwrap_or_default(),
    }
}

fn media(form: &mut Form<'_>, key: &str) -> Option<EmbedMedia> {
    form.nested(key, |form| url(form, "url").map(|url| EmbedMedia { url })).flatten()
}

/// An address that a client may open: nothing but the web, and files that came along.
fn url(form: &mut Form<'_>, key: &str) -> Option<String> {
    let url = form.text(key, 0..=URL_CHARS_MAX).filter(|url| !url.is_empty())?;
    if ["http://", "https://", "attachment://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Some(url);
    }
    form.refuse(key, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'attachment').");
    None
}
