//! Codes, never names: what the id of a plot, a place, a leg or a team may look like.
//!
//! A heading says little about what people type below it: `team` is where a report of the field
//! has the name of its leader. So what has no shape of a code is not kept.

use unicode_normalization::UnicodeNormalization;

use super::{heading, personal::is_personal_number};

/// What a code is, for whoever mends the file.
pub const RIGHT_ID: &str =
    "a code of letters, digits and - _ . / : # without spaces, such as S-12 or 2018-2019/0012";

/// Signs that may stand in a code. Braces and brackets: GUIDs and copies (`A1 (2)`).
const SIGNS: &str = "-_./:#{}()+–";
/// Words of units, folded, that a code may follow: `Đội 1`.
const UNITS: &[&str] =
    &["doi", "doan", "to", "nhom", "tram", "don", "chot", "team", "unit", "group"];
/// What may stand between the word of a unit and its number, folded: `Đồn Biên phòng 303`.
const ATTRIBUTES: &[&[&str]] = &[
    &["so"],
    &["no"],
    &["bien", "phong"],
    &["cong", "tac"],
    &["co", "dong"],
    &["tuan", "tra"],
    &["lien", "nganh"],
    &["dan", "quan"],
];
/// Titles in lower case; with their marks, for `ba` is three and `chi` a branch.
const TITLES: &[&str] = &["ông", "bà", "anh", "chị", "mr", "mrs", "ong"];
/// Family names of the country and its mountains, folded. The shortest are left out: `LY` and `LO`
/// are codes too.
const FAMILIES: &[&str] = &[
    "nguyen", "tran", "pham", "hoang", "huynh", "phan", "dang", "duong", "giang", "vang", "thao",
    "sung", "hang", "chang", "trang", "phung", "khoang",
];

/// What keeps `text` from being a code, without repeating it: it may be a person's name.
pub fn fault(text: &str) -> Option<&'static str> {
    let text: String = text.nfc().collect();
    let text = text.trim();
    if is_personal_number(text) {
        return Some("looks like a person's telephone or citizen number and was not kept");
    }
    if names_a_person(text) {
        return Some("looks like a person's name (not shown, not kept)");
    }
    let spaced: Vec<&str> = text.split_whitespace().collect();
    let rest = after_unit(&spaced);
    let words_meet = rest.windows(2).any(|pair| !has_digit(pair[0]) && !has_digit(pair[1]));
    if words_meet || (rest.len() < spaced.len() && !ends_as_code(rest)) {
        return Some("has two or more words without a digit (not shown, not kept)");
    }
    let strange = |c: char| !(c.is_alphanumeric() || c.is_whitespace() || SIGNS.contains(c));
    text.contains(strange).then_some("has signs that no code has (not shown, not kept)")
}

/// Whether `text` reads like a person: a title before a word, a family name before others, or
/// capitalised words without a digit.
pub fn names_a_person(text: &str) -> bool {
    let text: String = text.nfc().collect();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let titled = words.windows(2).any(|pair| {
        TITLES.contains(&pair[0].to_lowercase().as_str())
            && !has_digit(pair[1])
            && pair[1].chars().nth(1).is_some()
    });
    let first_is_family = words.len() > 1 && FAMILIES.contains(&heading::key(words[0]).as_str());
    let capitalised = words.iter().filter(|word| is_capitalised(word)).count();
    titled || (!has_digit(&text) && (first_is_family || capitalised > 1))
}

/// What follows the word of a unit and its attribute; all of it where none leads.
fn after_unit<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    let [first, rest @ ..] = words else { return words };
    if rest.is_empty() || !UNITS.contains(&heading::key(first).as_str()) {
        return words;
    }
    let folded: Vec<String> = rest.iter().map(|word| heading::key(word)).collect();
    let attribute = ATTRIBUTES
        .iter()
        .find(|it| folded.len() > it.len() && folded.iter().zip(**it).all(|(a, b)| a == b));
    &rest[attribute.map_or(0, |it| it.len())..]
}

/// One word with a digit, a letter, or a short word in capitals: `Đội Tủa` is a person's.
fn ends_as_code(rest: &[&str]) -> bool {
    let [code, more @ ..] = rest else { return false };
    let letters = code.chars().count();
    let short = letters == 1 || (letters <= 4 && code.chars().all(char::is_uppercase));
    (has_digit(code) || short) && more.iter().all(|word| has_digit(word))
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// `Tủa`, not `TUA`, `tua` or `T`.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
        && letters.all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_codes() {
        for code in [
            "T-03",
            "Đội 1",
            "ĐỘI 12",
            "đoàn 06",
            "Đội số 3",
            "Đồn Biên phòng 303",
            "tổ A",
            "đồn BP",
            "team 7",
            "S-12",
            "S 12",
            "D01",
            "KT1",
            "LC-MT-0012",
            "2018-2019/0012",
            "team-a",
            "alpha",
            "A1 (2)",
            "{8A3F0C1E-0000-4000-8000-00000000ABCD}",
            "uuid:8a3f0c1e",
            "Muong-Te-0012",
            "03463",
            "12",
            "",
            "địa-điểm#4",
        ] {
            assert_eq!(fault(code), None, "{code}");
        }
    }

    #[test]
    fn people_are_not() {
        for person in [
            "Nguyễn Văn A",
            "Nguyễn Văn A 1985",
            "NGUYỄN VĂN A",
            "nguyen van a",
            "Giàng A Tủa",
            "Nương ông Giàng A Tủa",
            "ông Tủa",
            "ông-Tủa",
            "Ong_Tua",
            "bà Mua 2",
            "Mr Tua",
            "Mrs. Mua",
            "anh Sùng",
            "chị Vàng",
            "Giàng_A_Tủa",
            "GIANG_A_TUA",
            "Nguyen.Van.A",
            "Tủa, Giàng A",
            "Đội Tủa",
            "Đội Nguyễn Văn A",
            "Đội ông Tủa",
            "nhóm chị Mua 3",
            "0912345678",
            "a@b.vn",
            "Nguye\u{302}\u{303}n Va\u{306}n A",
            "Giàng\u{a0}A\u{a0}Tủa",
        ] {
            assert!(fault(person).is_some(), "{person}");
        }
    }
}
