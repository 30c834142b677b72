//! A card in a message.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A card. Source: Discord's documentation, "Embed Object".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Embed {
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the heading leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A moment to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// The colour of its edge, as 0xRRGGBB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<u32>,
    /// Its last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<EmbedFooter>,
    /// A large picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<EmbedMedia>,
    /// A small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<EmbedMedia>,
    /// Who it is by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<EmbedAuthor>,
    /// Its table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<EmbedField>,
}

/// The last line of an embed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedFooter {
    /// Its text.
    pub text: String,
    /// A picture before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
}

/// A picture of an embed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedMedia {
    /// Where it lies.
    pub url: String,
}

/// Who an embed is by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedAuthor {
    /// Their name.
    pub name: String,
    /// Where the name leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A picture before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
}

/// A cell of an embed's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedField {
    /// Its heading.
    pub name: String,
    /// Its text.
    pub value: String,
    /// Whether it may stand beside others.
    #[serde(default)]
    pub inline: bool,
}

impl Embed {
    /// Whether there is nothing in it to show.
    pub fn is_empty(&self) -> bool {
        self.chars() == 0 && self.image.is_none() && self.thumbnail.is_none() && self.url.is_none()
    }

    /// Characters in all its texts, as Discord counts them for its limit.
    pub fn chars(&self) -> usize {
        let count = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
        let fields: usize =
            self.fields.iter().map(|field| field.name.chars().count() + field.value.chars().count()).sum();
        count(&self.title)
            + count(&self.description)
            + self.footer.as_ref().map_or(0, |footer| footer.text.chars().count())
            + self.author.as_ref().map_or(0, |author| author.name.chars().count())
            + fields
    }
}
