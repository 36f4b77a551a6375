//! Values, properties and numbers as the layers say them.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{Figure, Property, Value, ValueKind};
use crate::{
    domain::{Language, Text},
    snapshot::{Snapshot, UnitRef},
};

/// A property: name, title and description in Vietnamese and English.
pub(super) const fn property(
    name: &'static str,
    kind: ValueKind,
    title: (&'static str, &'static str),
    description: (&'static str, &'static str),
) -> Property {
    Property {
        name,
        title: Text::new(title.0, title.1),
        description: Text::new(description.0, description.1),
        kind,
        unit: None,
        words: &[],
    }
}

/// A figure without a unit: name, title in Vietnamese and English, value, and the sentence that
/// tells it in both.
pub(super) fn figure(
    name: &'static str,
    title: (&'static str, &'static str),
    value: Value<'static>,
    (vi, en): (String, String),
) -> Figure {
    Figure { name, title: Text::new(title.0, title.1), value, unit: None, vi, en }
}

impl Property {
    /// The same with a UCUM unit.
    pub(super) const fn in_unit(self, unit: &'static str) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// The same with a closed list of words.
    pub(super) const fn one_of(self, words: &'static [&'static str]) -> Self {
        Self { words, ..self }
    }
}

/// Words lent.
pub(super) fn text(words: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(words))
}

/// Words made.
pub(super) fn told(words: String) -> Value<'static> {
    Value::Text(Cow::Owned(words))
}

/// A count.
pub(super) fn count(count: u64) -> Value<'static> {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A measure with this many decimals; unknown or not finite: null.
pub(super) fn measure(measure: impl Into<Option<f64>>, decimals: i32) -> Value<'static> {
    match measure.into().filter(|measure| measure.is_finite()) {
        Some(measure) => Value::Real(rounded(measure, decimals)),
        None => Value::Null,
    }
}

/// A day, where there is one.
pub(super) fn day(day: Option<Date>) -> Value<'static> {
    day.map_or(Value::Null, Value::Date)
}

/// Rounds to decimals, −0 to 0.
pub(super) fn rounded(measure: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    (measure * factor).round() / factor + 0.0
}

/// A measure with so many significant figures: more of them would be false precision.
pub(super) fn rough(measure: f64, figures: i32, language: Language) -> String {
    if measure == 0.0 || !measure.is_finite() {
        return number(measure, 0, language);
    }
    let decimals = figures - 1 - measure.abs().log10().floor() as i32;
    number(rounded(measure, decimals), decimals.max(0), language)
}

/// Name and code of a unit; both unknown outside of all.
pub(super) fn unit(snapshot: &Snapshot, unit: Option<UnitRef>) -> [Value<'_>; 2] {
    match unit.map(|unit| snapshot.unit(unit)) {
        Some(unit) => [text(unit.name()), text(unit.code())],
        None => [Value::Null, Value::Null],
    }
}

/// A number as people of the language write it: `1.234,5` and `1,234.5`; decimals at the end that
/// are zero are left out.
pub(super) fn number(number: f64, decimals: i32, language: Language) -> String {
    // Most of what is said: small counts, ten to a sentence, ten thousand sentences to a map.
    if decimals == 0 && (0.0..1000.0).contains(&number) && number.fract() == 0.0 {
        return (number as u32).to_string();
    }
    let plain = format!("{:.*}", usize::try_from(decimals).unwrap_or(0), number.abs());
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let (thousands, decimal) = match language {
        Language::Vi => ('.', ','),
        Language::En => (',', '.'),
    };
    let mut said = String::new();
    if number < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        said.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            said.push(thousands);
        }
        said.push(digit);
    }
    let part = part.trim_end_matches('0');
    if !part.is_empty() {
        said.push(decimal);
        said.push_str(part);
    }
    said
}

/// A day as people write it: `15/02/2025` and `2025-02-15`.
pub(super) fn date(date: Date, language: Language) -> String {
    match language {
        Language::Vi => date.strftime("%d/%m/%Y").to_string(),
        Language::En => date.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(number(1_234_567.5, 1, Language::Vi), "1.234.567,5");
        assert_eq!(number(1234.0, 2, Language::En), "1,234");
        assert_eq!(number(-0.04, 1, Language::En), "0");
        assert_eq!(number(-12.5, 1, Language::Vi), "−12,5");
        assert_eq!(rounded(-0.0001, 2).to_bits(), 0.0_f64.to_bits());
        assert_eq!(measure(f64::NAN, 1), Value::Null);
    }

    #[test]
    fn measures_are_told_without_false_precision() {
        let of = |measure, figures| rough(measure, figures, Language::En);
        assert_eq!(of(302.31, 3), "302");
        assert_eq!(of(0.003_308, 2), "0.0033");
        assert_eq!(of(1_684.3, 2), "1,700");
        assert_eq!(of(2.5, 3), "2.5");
        assert_eq!(of(0.0, 3), "0");
        assert_eq!(rough(12_345.6, 3, Language::Vi), "12.300");
    }
}
