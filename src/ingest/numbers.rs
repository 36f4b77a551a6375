//! Numbers as people write them: `1070`, `1070.5`, `1070,5`, `1.070` (one thousand and seventy in
//! Vietnamese, one and a bit in English). How a column writes them is decided once for the column.

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// Whether a comma parts the decimals and a point the thousands.
    pub decimal_comma: bool,
    /// Whether nothing in the column says which it is, so that [`Self::decimal_comma`] is a choice.
    pub guessed: bool,
}

/// What one number says about the notation of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Nothing,
    DecimalPoint,
    DecimalComma,
    /// One mark and three digits behind: decimals or thousands.
    PointOrThousands,
    CommaOrThousands,
}

/// Collects what the numbers of a column say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    point: u64,
    comma: u64,
    /// `1.070`.
    unclear_point: u64,
    /// `1,070`.
    unclear_comma: u64,
}

impl Tally {
    /// Takes one more number of the column.
    pub fn see(&mut self, text: &str) {
        match evidence(text) {
            Evidence::Nothing => {}
            Evidence::DecimalPoint => self.point += 1,
            Evidence::DecimalComma => self.comma += 1,
            Evidence::PointOrThousands => self.unclear_point += 1,
            Evidence::CommaOrThousands => self.unclear_comma += 1,
        }
    }

    /// Adds what another column of the same kind says.
    pub fn join(&mut self, other: Self) {
        self.point += other.point;
        self.comma += other.comma;
    }

    /// The notation of the column. `coordinate`: thousands are never marked in it, so that one
    /// mark parts the decimals. `commas_part_cells`: the table is parted by commas, so that a comma
    /// inside a number was quoted on purpose.
    pub fn notation(self, coordinate: bool, commas_part_cells: bool) -> Notation {
        if self.point != self.comma {
            return Notation { decimal_comma: self.comma > self.point, guessed: false };
        }
        if coordinate {
            let decimal_comma = self.unclear_comma > self.unclear_point;
            return Notation { decimal_comma, guessed: false };
        }
        match (self.unclear_point, self.unclear_comma) {
            (0, 0) => Notation::default(),
            // `1.070` is 1,070 in Vietnamese notation.
            (_, 0) => Notation { decimal_comma: true, guessed: true },
            (0, _) => Notation { decimal_comma: !commas_part_cells, guessed: true },
            (_, _) => Notation { decimal_comma: true, guessed: true },
        }
    }
}

fn evidence(text: &str) -> Evidence {
    let text = text.trim().trim_start_matches(['-', '+']);
    let points = text.matches('.').count();
    let commas = text.matches(',').count();
    let three_behind = |mark: char| {
        text.rsplit_once(mark).is_some_and(|(before, behind)| {
            behind.len() == 3 && (1..=3).contains(&before.len()) && before != "0"
        })
    };
    match (points, commas) {
        (0, 0) => Evidence::Nothing,
        (1, 0) if three_behind('.') => Evidence::PointOrThousands,
        (1, 0) => Evidence::DecimalPoint,
        (0, 1) if three_behind(',') => Evidence::CommaOrThousands,
        // One comma; or several points, as in 1.234.567, which part thousands.
        (0, 1) | (_, 0) => Evidence::DecimalComma,
        (0, _) => Evidence::DecimalPoint,
        _ if text.rfind(',') > text.rfind('.') => Evidence::DecimalComma,
        _ => Evidence::DecimalPoint,
    }
}

/// Whether `text` is read differently under the other notation: `1.070`, `1,070`.
pub fn is_unclear(text: &str) -> bool {
    matches!(evidence(text), Evidence::PointOrThousands | Evidence::CommaOrThousands)
}

/// Reads a number in the notation of its column; `None` where it is none. Never NaN or infinite.
pub fn parse(text: &str, notation: Notation) -> Option<f64> {
    let (decimal, thousands) = if notation.decimal_comma { (',', '.') } else { ('.', ',') };
    let text = text.trim().trim_end_matches("m²").trim_end_matches("m2").trim();
    let mut plain = String::with_capacity(text.len());
    let mut behind_decimal = false;
    let mut since_thousands: Option<usize> = None;
    for c in text.chars() {
        match c {
            _ if c == decimal => {
                if behind_decimal || since_thousands.is_some_and(|n| n != 3) {
                    return None;
                }
                behind_decimal = true;
                since_thousands = None;
                plain.push('.');
            }
            _ if c == thousands => {
                let first = since_thousands.is_none();
                let digits = plain.trim_start_matches(['-', '+']).len();
                let well_placed =
                    if first { (1..=3).contains(&digits) } else { since_thousands == Some(3) };
                if behind_decimal || !well_placed {
                    return None;
                }
                since_thousands = Some(0);
            }
            // A space or a narrow no-break space parts thousands in French and SI notation.
            ' ' | '\u{a0}' | '\u{202f}' => {}
            _ => {
                since_thousands = since_thousands.map(|n| n + 1);
                plain.push(c);
            }
        }
    }
    if since_thousands.is_some_and(|n| n != 3) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notation_of(column: &[&str]) -> Notation {
        let mut tally = Tally::default();
        for text in column {
            tally.see(text);
        }
        tally.notation(false, false)
    }

    #[test]
    fn a_column_decides_for_its_numbers() {
        assert!(notation_of(&["12,5", "1.070"]).decimal_comma);
        assert!(!notation_of(&["12.5", "1.070"]).decimal_comma);
        assert!(notation_of(&["1.070", "15"]) == Notation { decimal_comma: true, guessed: true });
        assert!(!notation_of(&["15", "230"]).guessed);
        assert!(notation_of(&["1.234.567"]).decimal_comma);
    }

    #[test]
    fn numbers_are_read_in_their_notation() {
        let comma = Notation { decimal_comma: true, guessed: false };
        let point = Notation::default();
        assert_eq!(parse("1.070", comma), Some(1070.0));
        assert_eq!(parse("1.070", point), Some(1.07));
        assert_eq!(parse("1.070,5", comma), Some(1070.5));
        assert_eq!(parse("1,070.5", point), Some(1070.5));
        assert_eq!(parse("-102,75", comma), Some(-102.75));
        assert_eq!(parse("230 m²", point), Some(230.0));
        assert_eq!(parse("2 478 000", point), Some(2_478_000.0));
        for wrong in ["", "abc", "nan", "inf", "1.2.3", "12,34,5", "1e999", "--1"] {
            assert_eq!(parse(wrong, comma), None, "{wrong}");
        }
    }

    #[test]
    fn a_coordinate_never_marks_thousands() {
        let mut tally = Tally::default();
        tally.see("102.123");
        assert!(!tally.notation(true, true).decimal_comma);
        let mut tally = Tally::default();
        tally.see("102,123");
        assert!(tally.notation(true, false).decimal_comma);
    }
}
