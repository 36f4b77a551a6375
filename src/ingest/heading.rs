//! Headings as people write them: with or without tone marks, spaces, underscores, units.

use unicode_normalization::UnicodeNormalization;

/// A heading without tone marks, case and everything that is no letter or digit:
/// `Diện tích (m²)` and `dien_tich_m2` are both `dientichm2`.
pub fn key(heading: &str) -> String {
    folded(heading).filter(char::is_ascii_alphanumeric).collect()
}

/// The words of a heading, folded: `họ_tên chủHộ` is `ho`, `ten`, `chu`, `ho`.
pub fn words(heading: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(heading.len() + 8);
    let mut before_lower = false;
    for c in heading.chars() {
        if before_lower && c.is_uppercase() {
            spaced.push(' ');
        }
        before_lower = c.is_lowercase();
        spaced.push(c);
    }
    let plain: String = folded(&spaced).collect();
    plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Letters without marks, in lower case; `đ` is `d`, `²` is `2`.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
}

/// A name folded for comparison, without the word of its level: `Huyện Sìn Hồ` is `sinho`.
pub fn name_key(name: &str) -> String {
    key(without_level_word(name))
}

/// Words of levels that are written before a unit's name.
const LEVEL_WORDS: [&str; 10] =
    ["thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã", "nước"];

/// `Xã Tà Tổng` is `Tà Tổng`; names that are only a number keep their word (`Phường 1`).
pub fn without_level_word(name: &str) -> &str {
    let name = name.trim();
    for word in LEVEL_WORDS {
        let mut rest = name.char_indices();
        let begins = word.chars().all(|expected| {
            rest.next().is_some_and(|(_, c)| c.to_lowercase().eq(expected.to_lowercase()))
        });
        if begins && let Some((at, ' ')) = rest.next() {
            let rest = name[at..].trim_start();
            if rest.chars().any(char::is_alphabetic) {
                return rest;
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_marks_case_and_spaces_are_nothing() {
        for same in ["Diện tích (m²)", "dien_tich_m2", "DIEN TICH M2", "Diện\u{a0}tích-m2"] {
            assert_eq!(key(same), "dientichm2", "{same}");
        }
        assert_eq!(key("Địa điểm"), "diadiem");
        assert_eq!(words("họ_tên chủHộ"), ["ho", "ten", "chu", "ho"]);
    }

    #[test]
    fn the_word_of_the_level_is_not_the_name() {
        assert_eq!(without_level_word("Xã Tà Tổng"), "Tà Tổng");
        assert_eq!(without_level_word("Thị trấn Sìn Hồ"), "Sìn Hồ");
        assert_eq!(without_level_word("Phường 1"), "Phường 1");
        assert_eq!(without_level_word("Xã"), "Xã");
        assert_eq!(name_key("HUYỆN Sìn Hồ"), name_key("sin ho"));
    }
}
