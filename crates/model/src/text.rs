//! What text from outside may hold, and what of it could act on whoever shows it.

/// Whether `c` could move a terminal's cursor, end a line or turn the reading direction of what surrounds it.
///
/// Unicode's general categories Cc, Zl and Zp, the bidirectional controls of its annex 9, and the deprecated format
/// controls beside them.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2066}'..='\u{206f}')
}

/// Whether a reader sees nothing of `c`.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || is_control(c)
        || matches!(c, '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}')
        || matches!(c, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}
