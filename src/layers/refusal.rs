//! Why a question is refused, in words for its asker.

use std::fmt;

/// What is wrong and what would be right: in both languages where a person can come to it from the
/// map, in English alone where only a program can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    en: String,
    vi: Option<String>,
}

impl Refusal {
    pub(crate) fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { en: en.into(), vi: Some(vi.into()) }
    }

    /// The words in Vietnamese, where there are any.
    pub fn vi(&self) -> Option<&str> {
        self.vi.as_deref()
    }
}

impl From<String> for Refusal {
    fn from(en: String) -> Self {
        Self { en, vi: None }
    }
}

impl fmt::Display for Refusal {
    /// In English.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.en)
    }
}
