//! Plots and places, never people: which headings carry a person.
//!
//! Such a column is dropped before a cell of it is kept; the report says how many rows filled it,
//! never what they said.

use crate::domain::DatasetKind;

use super::heading;

/// Words that mark a person wherever they stand in a heading.
const ANYWHERE: &[&str] = &[
    // Vietnamese, folded: people, ethnicity, papers, telephones.
    "nguoi",
    "hoten",
    "chuho",
    "chunuong",
    "chudat",
    "chusohuu",
    "cccd",
    "cmnd",
    "cmt",
    "sdt",
    "dtdd",
    "dantoc",
    "hokhau",
    "ngaysinh",
    "namsinh",
    "gioitinh",
    "tongiao",
    "nhankhau",
    // English.
    "owner",
    "owners",
    "farmer",
    "grower",
    "cultivator",
    "person",
    "persons",
    "people",
    "firstname",
    "lastname",
    "surname",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "email",
    "ethnic",
    "ethnicity",
    "household",
    "households",
    "hh",
    "family",
    "passport",
    "birth",
    "birthday",
    "birthdate",
    "dob",
    "gender",
    "sex",
    "religion",
    "reporter",
    "informant",
    "surveyor",
    "enumerator",
    "collector",
    "observer",
    "author",
    "username",
    "leader",
    "contact",
];

/// Words that mark a person when they follow each other.
const TOGETHER: &[&[&str]] = &[
    &["ho", "ten"],
    &["ho", "va", "ten"],
    &["ten", "chu"],
    &["ten", "ho"],
    &["chu", "ho"],
    &["chu", "nuong"],
    &["chu", "dat"],
    &["chu", "ruong"],
    &["chu", "so", "huu"],
    &["can", "cuoc"],
    &["chung", "minh"],
    &["dien", "thoai"],
    &["so", "dt"],
    &["dan", "toc"],
    &["ho", "khau"],
    &["ho", "gia", "dinh"],
    &["so", "ho"],
    &["ma", "ho"],
    &["ho", "so", "nhan", "khau"],
    &["ngay", "sinh"],
    &["nam", "sinh"],
    &["gioi", "tinh"],
    &["ton", "giao"],
    &["can", "bo"],
    &["doi", "tuong"],
    &["to", "truong"],
    &["first", "name"],
    &["last", "name"],
    &["family", "name"],
    &["national", "id"],
    &["id", "card"],
    &["identity", "card"],
    &["created", "user"],
    &["last", "edited", "user"],
    &["created", "by"],
    &["edited", "by"],
    &["updated", "by"],
    &["submitted", "by"],
];

/// Headings that are a person's only where the kind has no names of units: in a boundary file a
/// `fullName` is a commune's.
const NOT_IN_BOUNDARIES: &[&[&str]] = &[&["full", "name"], &["fullname"], &["ten", "day", "du"]];

/// Whether a column with this heading, in a file of this kind, carries a person.
pub fn is_personal(heading: &str, kind: DatasetKind) -> bool {
    let words = heading::words(heading);
    let has = |phrase: &[&str]| {
        words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(a, b)| a == b))
    };
    // `số người dự` counts heads at a meeting; it names nobody.
    if has(&["so", "nguoi"]) || has(&["so", "luong", "nguoi"]) {
        return false;
    }
    let units = matches!(kind, DatasetKind::Boundaries | DatasetKind::BorderLines);
    words.iter().any(|word| ANYWHERE.contains(&word.as_str()))
        || TOGETHER.iter().any(|phrase| has(phrase))
        || (!units && NOT_IN_BOUNDARIES.iter().any(|phrase| has(phrase)))
        || is_family_or_household(heading, &words)
}

/// `Hộ` (household) and `Họ` (family name) are people's, `Hồ` (lake, as in Sìn Hồ) is a place's;
/// without marks they are the same two letters, and a heading of nothing else is taken as people's.
fn is_family_or_household(heading: &str, words: &[String]) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let composed: String = heading.nfc().collect::<String>().to_lowercase();
    let marked =
        composed.split(|c: char| !c.is_alphanumeric()).any(|word| word == "hộ" || word == "họ");
    let bare = words.len() == 1 && words[0] == "ho" && composed.trim() != "hồ";
    marked || bare
}

/// Whether a cell holds what only a person has: a citizen's number (12 digits, CCCD) or a mobile
/// telephone's.
pub fn is_personal_number(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect::<String>();
    let (international, local) = match digits.strip_prefix("+84") {
        Some(rest) => (true, rest),
        None => (false, digits.as_str()),
    };
    if local.is_empty() || !local.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let mobile = |number: &str| {
        number.len() == 9 && matches!(number.as_bytes()[0], b'3' | b'5' | b'7' | b'8' | b'9')
    };
    if international {
        return mobile(local);
    }
    match local.strip_prefix('0') {
        Some(rest) => rest.len() == 11 || mobile(rest),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_carry_a_person_are_found() {
        for heading in [
            "Họ và tên",
            "họ_tên",
            "HO TEN",
            "hoTen",
            "Chủ nương",
            "chu_ho",
            "Tên chủ hộ",
            "CCCD",
            "Số CMND",
            "SĐT",
            "so dien thoai",
            "Điện thoại",
            "Dân tộc",
            "dan_toc",
            "Hộ",
            "Hộ gia đình",
            "Số hộ khẩu",
            "Người trồng",
            "nguoi_phat_hien",
            "Owner",
            "owner_name",
            "phone",
            "Phone No.",
            "ethnic_group",
            "household_id",
            "Full name",
            "fullName",
            "created_by",
            "Tên hộ",
            "Số hộ",
        ] {
            assert!(is_personal(heading, DatasetKind::Plots), "{heading}");
        }
    }

    #[test]
    fn columns_of_places_and_units_are_not() {
        for heading in [
            "Tên xã",
            "commune_name",
            "Xã",
            "Tên bản",
            "Đơn vị phá nhổ",
            "destroyed_by",
            "Mã",
            "Ngày phát hiện",
            "Sìn Hồ",
            "hồ",
            "Diện tích (m2)",
            "Nguồn tin",
            "team",
            "SiteName",
            "Số người dự",
            "photo",
            "theo dõi",
            "Country",
            "tên",
        ] {
            assert!(!is_personal(heading, DatasetKind::Plots), "{heading}");
        }
        for heading in ["fullName", "fullNameEn", "name", "population_2009"] {
            assert!(!is_personal(heading, DatasetKind::Boundaries), "{heading}");
        }
    }

    #[test]
    fn numbers_of_people_are_known() {
        for personal in ["0912345678", "091 234 5678", "+84912345678", "012301234567"] {
            assert!(is_personal_number(personal), "{personal}");
        }
        for not in ["2018-2019/0012", "12", "LC-0012", "20190103", "00345", "03463", "", "-"] {
            assert!(!is_personal_number(not), "{not}");
        }
    }
}
