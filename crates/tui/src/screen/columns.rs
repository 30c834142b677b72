//! Where in a row its parts stand.

/// Columns of `12:34`.
pub const TIME: usize = 5;

/// Columns of text beyond which lines are hard to read; what a wide screen has more stays empty.
const TEXT_MAX: usize = 96;

/// Where the parts of a message stand in a row, in columns: ` 12:34 › Ana     text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Where the time begins, if there is room for one.
    pub time: Option<usize>,
    /// Where the mark stands.
    pub mark: usize,
    /// Where the name begins, and also what is not a message.
    pub name: usize,
    /// How wide a name may be; 0 if it stands at the start of the text.
    pub name_width: usize,
    /// Where the text of a message begins.
    pub text: usize,
    /// How wide the text of a message may be.
    pub text_width: usize,
    /// How wide what is not a message may be.
    pub note_width: usize,
}

impl Columns {
    /// The columns in a list that is `width` columns wide.
    pub fn of(width: usize) -> Self {
        let time = (width >= 36).then_some(1);
        let mark = if time.is_some() { 1 + TIME + 1 } else { 0 };
        let name = mark + 2;
        let name_width = if width < 28 { 0 } else { (width / 6).clamp(6, 16) };
        let text = if name_width == 0 { name } else { name + name_width + 1 };
        let right_margin = usize::from(time.is_some());
        let room = |from: usize| width.saturating_sub(from + right_margin).clamp(1, TEXT_MAX);
        Self { time, mark, name, name_width, text, text_width: room(text), note_width: room(name) }
    }

    /// The text that stands in the text column: with the name before it where it has no column of its own.
    pub fn text_of(&self, name: &str, text: &str) -> String {
        if self.name_width == 0 && !name.is_empty() { format!("{name}: {text}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fit_into_every_width() {
        for width in 0..400 {
            let columns = Columns::of(width);
            assert!(columns.text_width >= 1 && columns.note_width >= 1);
            if width > 2 {
                assert!(columns.text + columns.text_width <= width, "{width}: {columns:?}");
            }
        }
    }
}
