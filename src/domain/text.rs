//! Sentences for people, in both languages of the product.

use serde::{Deserialize, Serialize};

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Tiếng Việt, the first language of the product.
    #[default]
    Vi,
    /// English.
    En,
}

/// One thing said in both languages, known when the program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Tiếng Việt.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// Says `vi` in Vietnamese and `en` in English.
    pub const fn new(vi: &'static str, en: &'static str) -> Self {
        Self { vi, en }
    }

    /// In one of the languages.
    pub const fn say(self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }
}

/// A text from outside in both languages: `Tiếng Việt / English`. A text without the mark is one
/// for both.
pub fn in_both(text: &str) -> [&str; 2] {
    text.split_once(" / ").map_or([text, text], |(vi, en)| [vi.trim(), en.trim()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_one_language_is_for_both() {
        assert_eq!(in_both("Xã / Communes"), ["Xã", "Communes"]);
        assert_eq!(in_both("Xã"), ["Xã", "Xã"]);
        assert_eq!(in_both("a/b"), ["a/b", "a/b"]);
    }
}
