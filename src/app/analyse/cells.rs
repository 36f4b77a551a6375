//! What a cell says: a number, nothing, or something that cannot be used.

use crate::ingest::{RawValue, Sheet};

/// Beyond this a number is a mark of something else: nothing on the ground is as large.
pub(super) const MOST: f64 = 1e100;

/// Numbers that programs write where nothing is known.
const MARKS: [f64; 2] = [-9999.0, -99999.0];

/// The least number of 32 bits and what rounds to it, a mark of rasters.
const LEAST_OF_32_BITS: f64 = -3.4e38;

/// The number in a cell; `None` where it says that nothing is known.
///
/// # Errors
///
/// What is wrong, and what would be right.
pub(super) fn number(value: &RawValue, decimal_comma: bool) -> Result<Option<f64>, String> {
    let text = value.shown();
    if ["na", "nan", "null", "none", "n/a"].contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    let number = match value {
        RawValue::Integer(number) => Some(*number as f64),
        RawValue::Number(number) => Some(*number),
        _ if decimal_comma => text.replacen(',', ".", 1).parse().ok(),
        _ => text.parse::<f64>().ok(),
    };
    match number {
        Some(number) if !number.is_finite() => {
            Err(format!("`{text}` is not finite; leave the cell empty where nothing is known"))
        }
        Some(number) if number.abs() > MOST => Err(format!(
            "{number:e} looks like a no-data mark; leave the cell empty where nothing is known"
        )),
        Some(number) => Ok(Some(number)),
        None => Err(format!(
            "`{text}` is no number such as 12.5 (with a point); leave it empty where unknown"
        )),
    }
}

/// By column whether a comma parts the decimals: the cells are parted by something else, and no
/// cell of the column has a point.
pub(super) fn decimal_commas(sheet: &Sheet) -> Vec<bool> {
    let free = sheet.parted_by.is_some_and(|sign| sign != ',');
    let column = |column: usize| {
        let cells = || sheet.rows.iter().filter_map(move |row| row.values[column].as_ref());
        let has = |sign: char| {
            cells().any(|cell| matches!(cell, RawValue::Text(text) if text.contains(sign)))
        };
        free && has(',') && !has('.')
    };
    (0..sheet.columns.len()).map(column).collect()
}

/// What to say of numbers below 0 that mark what is not known, among others that are not below 0.
pub(super) fn marks(column: &str, values: &[Option<f64>]) -> Option<String> {
    let is_mark = |value: f64| MARKS.contains(&value) || value <= LEAST_OF_32_BITS;
    let known = || values.iter().flatten().copied();
    let mark = known().find(|value| is_mark(*value))?;
    let others_are_not_below_0 = known().all(|value| is_mark(value) || value >= 0.0);
    let count = known().filter(|value| is_mark(*value)).count();
    let digits = if mark <= LEAST_OF_32_BITS { format!("{mark:e}") } else { mark.to_string() };
    (others_are_not_below_0 && count < known().count()).then(|| {
        let times = if count == 1 { "stands once" } else { "and the like stand often" };
        format!(
            "column `{column}`: {digits} {times} among numbers from 0 up and is taken as a number; \
             where it marks what is not known, leave the cell empty"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_number_or_nothing_or_wrong() {
        let read = |text: &str, comma| number(&RawValue::Text(text.into()), comma);
        assert_eq!(read("12.5", false), Ok(Some(12.5)));
        assert_eq!(read("1070,5", true), Ok(Some(1070.5)));
        assert!(read("1070,5", false).unwrap_err().contains("with a point"));
        assert!(read("1,070,5", true).is_err());
        assert_eq!(read("n/a", false), Ok(None));
        assert!(read("inf", false).unwrap_err().contains("not finite"));
        assert!(read("-1.7976931348623157e308", false).unwrap_err().contains("no-data mark"));
        assert!(number(&RawValue::Number(1e308), false).unwrap_err().contains("1e308"));
        assert_eq!(number(&RawValue::Number(f64::NAN), false), Ok(None));
    }

    #[test]
    fn marks_are_told_among_counts_and_not_among_heights() {
        let told = |values: &[f64]| {
            marks("n", &values.iter().copied().map(Some).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert!(told(&[0.0, 3.0, -9999.0]).starts_with("column `n`: -9999 stands once"));
        assert!(told(&[0.0, -99999.0, -99999.0]).contains("stand often"));
        assert!(told(&[1.0, f64::from(f32::MIN)]).contains("-3.4028234663852886e38"));
        assert_eq!(told(&[-1.0, -9999.0]), "");
        assert_eq!(told(&[-9999.0]), "");
        assert_eq!(told(&[0.0, 9999.0]), "");
    }
}
