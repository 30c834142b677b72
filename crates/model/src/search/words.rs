//! The words of a text, as they are compared.
//!
//! Case and accents do not count, nor what nobody sees. A word is a run of letters and digits. Where a language puts no
//! spaces between its words (Chinese, Japanese, Thai and others; Korean, whose words take endings, is treated alike), each
//! two neighbours are a word, and so is the last character alone: so every stretch of the text is found, of whatever
//! length, and few others are. An emoji is a word by itself.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::limits::WORD_CHARS_MAX;

/// A word of a text, in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// What it is.
    pub kind: WordKind,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// A word, an emoji, or two neighbours.
    Whole,
    /// The last character of a run without spaces, which also stands in the word before.
    Tail,
    /// The only character of such a run.
    Alone,
}

/// The words of `text`, in their order.
pub fn words(text: &str) -> Vec<Word> {
    let folded = fold(text);
    let mut words = Vec::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let class = class(first);
        let length = match class {
            Class::Sign => first.len_utf8(),
            _ => rest.find(|c| self::class(c) != class).unwrap_or(rest.len()),
        };
        let (run, after) = rest.split_at(length);
        rest = after;
        match class {
            Class::Gap => {}
            Class::Letter | Class::Sign => {
                words.push(Word { text: run.chars().take(WORD_CHARS_MAX).collect(), kind: WordKind::Whole });
            }
            Class::Dense => push_pairs(run, &mut words),
        }
    }
    words
}

/// Adds the words of a run of characters without spaces between words.
fn push_pairs(run: &str, words: &mut Vec<Word>) {
    let mut before: Option<char> = None;
    for c in run.chars() {
        if let Some(before) = before {
            words.push(Word { text: String::from_iter([before, c]), kind: WordKind::Whole });
        }
        before = Some(c);
    }
    let is_alone = run.chars().nth(1).is_none();
    let kind = if is_alone { WordKind::Alone } else { WordKind::Tail };
    words.extend(before.map(|last| Word { text: last.into(), kind }));
}

/// What a character is to its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It stands between words.
    Gap,
    /// It is part of a word.
    Letter,
    /// It is part of a run without spaces between words.
    Dense,
    /// It is a word by itself.
    Sign,
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Letter } else { Class::Gap };
    }
    if !c.is_alphanumeric() && !is_combining_mark(c) {
        let is_sign = matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}');
        return if is_sign { Class::Sign } else { Class::Gap };
    }
    if is_dense(c) { Class::Dense } else { Class::Letter }
}

/// Whether `c` is of a script that puts no spaces between words. Source: Unicode's block names.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0fff}'     // Thai, Lao, Tibetan
        | '\u{1000}'..='\u{109f}'   // Myanmar
        | '\u{1100}'..='\u{11ff}'   // Hangul, in parts
        | '\u{1780}'..='\u{17ff}'   // Khmer
        | '\u{2e80}'..='\u{9fff}'   // Han, Hiragana, Katakana, Bopomofo
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'   // Hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}' // Kana, further
        | '\u{20000}'..='\u{3ffff}' // Han, further
    )
}

/// `text` as it is compared: in one form, in lower case, without accents.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain =
        text.nfkd().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase).filter(|c| !is_accent(*c));
    let mut folded = String::with_capacity(text.len());
    for c in plain.nfc() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c => folded.push(c),
        }
    }
    folded
}

/// Whether `c` is a mark on a letter of Latin, Greek, Cyrillic, Arabic or Hebrew, which people leave out when they search.
/// The marks of other scripts tell words apart.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05c7}' | '\u{064b}'..='\u{065f}' | '\u{0670}')
}

/// Whether `c` only says how its neighbours are drawn.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{0640}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<_> = words(text).into_iter().map(|word| word.text).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn a_word_is_a_run_of_letters_and_digits() {
        check("Hello, wide World!", "hello wide world");
        check("  it's v2.0 of some_name ", "it s v2 0 of some name");
        check("<@123> <:wave:456> https://example.org/a?b=c", "123 wave 456 https example org a b c");
        check("", "");
        check(" --- \u{200b}", "");
    }

    #[test]
    fn case_and_accents_do_not_count() {
        check("Café CAFE\u{301} Straße ÆON Øre Łódź", "cafe cafe strasse aeon ore lodz");
        check("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ");
        check("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul");
        check("Ёлка елка", "елка елка");
        check("ﬁne ｗｉｄｅ", "fine wide");
        check("soft\u{ad}hyphen", "softhyphen");
    }

    #[test]
    fn without_spaces_neighbours_are_words_and_the_last_character_is_one() {
        check("東京都", "東京 京都 都");
        check("京", "京");
        check("iPhoneを充電する", "iphone を充 充電 電す する る");
        check("がか", "がか か");
        check("학교에서", "학교 교에 에서 서");
        check("ไทย", "ไท ทย ย");
    }

    #[test]
    fn marks_that_tell_words_apart_stay_in_them() {
        check("हिन्दी में", "हिन्दी में");
    }

    #[test]
    fn an_emoji_is_a_word() {
        check("done🎉🎉 👩\u{200d}🌾 ☺\u{fe0f}", "done 🎉 🎉 👩 🌾 ☺");
    }

    #[test]
    fn a_word_has_an_end() {
        assert_eq!(words(&"a".repeat(2_000))[0].text.len(), WORD_CHARS_MAX);
    }
}
