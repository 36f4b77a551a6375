//! Weights as a table `i,j,w`: what other programs write, and can read again.
//!
//! A semicolon or a tab may stand for the comma, and then a comma for the point of decimals.
//! Places count from 0 in the order of the units; a line a link; a heading may be there or not, and
//! what follows the third field (names, a remark) is not read.
//! A weight of 0 is no link: some programs list a unit without neighbours as `i,i,0`.

use std::fmt::Write as _;

use thiserror::Error;

use super::Weights;

/// What is wrong with a table of weights.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {detail}")]
pub struct BadTable {
    /// The line, from 1.
    pub line: usize,
    /// Which field, what is wrong with it, and what would be right.
    pub detail: String,
}

/// One line that was read.
struct Link {
    from: u32,
    to: u32,
    weight: f64,
    line: usize,
}

/// The weights of `count` units from the lines of `text`.
///
/// # Errors
///
/// [`BadTable`] for the first line that cannot be.
pub fn from_table(text: &str, count: usize) -> Result<Weights, BadTable> {
    let mut links = Vec::new();
    let mut heading_may_come = true;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let sign = sign(line);
        let fields: Vec<&str> =
            line.split(sign).map(|field| field.trim().trim_matches('"')).collect();
        let heading = heading_may_come && fields[0].parse::<f64>().is_err();
        heading_may_come = false;
        if !heading {
            links.push(link(&fields, sign, at + 1, count)?);
        }
    }
    links.sort_by_key(|link| (link.from, link.to, link.line));
    for pair in links.windows(2) {
        let (first, again) = (&pair[0], &pair[1]);
        if (first.from, first.to) == (again.from, again.to) {
            let detail = format!(
                "the link from {} to {} stands in line {} already; keep one of them",
                again.from, again.to, first.line
            );
            return Err(BadTable { line: again.line, detail });
        }
    }
    let mut rows = vec![Vec::new(); count];
    for link in links {
        rows[link.from as usize].push((link.to, link.weight));
    }
    Ok(Weights::from_lawful_rows(rows))
}

/// What stands between the fields of a line: the first sign that can.
fn sign(line: &str) -> char {
    line.chars().find(|sign| [',', ';', '\t'].contains(sign)).unwrap_or(',')
}

fn link(fields: &[&str], sign: char, line: usize, count: usize) -> Result<Link, BadTable> {
    let wrong = |detail: String| BadTable { line, detail };
    let [i, j, w, ..] = fields else {
        let detail = "fewer than three fields; write i,j,w such as 0,12,1.0".into();
        return Err(wrong(detail));
    };
    let place = |name: &str, text: &str| {
        let place = text.parse::<u32>().ok().filter(|place| (*place as usize) < count);
        place.ok_or_else(|| {
            let right = match count.checked_sub(1) {
                Some(last) => format!("it must be the place of a unit, from 0 to {last}"),
                None => "there is no unit".into(),
            };
            wrong(format!("{name} is `{text}`; {right}"))
        })
    };
    // Where a comma parts no fields it parts decimals.
    let number = if sign == ',' { w.parse() } else { w.replacen(',', ".", 1).parse::<f64>() };
    let weight = number.ok().filter(|weight| weight.is_finite());
    let weight = weight.ok_or_else(|| wrong(format!("w is `{w}`; it must be a finite number")))?;
    Ok(Link { from: place("i", i)?, to: place("j", j)?, weight, line })
}

/// The table of `weights`, with its heading. Every number is written so that reading it gives the
/// same number.
pub fn to_table(weights: &Weights) -> String {
    let mut text = String::from("i,j,w\n");
    for from in 0..weights.len() {
        for (to, weight) in weights.row(from) {
            // Writing into a String does not fail.
            let _ = writeln!(text, "{from},{to},{weight}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::{collection::btree_map, prelude::*};

    use super::*;

    #[test]
    fn a_table_is_read_with_or_without_a_heading() {
        let with =
            from_table("\u{feff}i,j,w\r\n0,1,0.5\r\n\r\n1, 0 ,\"2\"\r\n2,2,0\r\n", 3).unwrap();
        assert_eq!(with, from_table("1,0,2\n0,1,.5", 3).unwrap());
        assert_eq!((with.values(0), with.values(1), with.islands()), (&[0.5][..], &[2.0][..], 1));
        assert!(from_table("", 0).unwrap().is_empty());
        let named = from_table("i,j,w,id,neighbour\n0,1,0.5,a,\"b, c\"\n1,0,2,b,a\n", 3).unwrap();
        assert_eq!(named, with);
        assert_eq!(from_table("focal,neighbor,weight\n", 2).unwrap().islands(), 2);
    }

    #[test]
    fn a_table_with_semicolons_has_decimal_commas() {
        let plain = from_table("i,j,w\n0,1,0.5\n1,0,2\n", 3).unwrap();
        for other in ["i;j;w\n0;1;0,5\n1;0;2\n", "0\t1\t0,5\n1\t0\t2", "0;1;0.5;a,b\n1;0;2;c"] {
            assert_eq!(from_table(other, 3).unwrap(), plain, "{other}");
        }
        assert_eq!(from_table("0,1,0.5,\"a;b\"\n1,0,2", 3).unwrap(), plain);
        assert!(from_table("0;1;0,5,5", 3).unwrap_err().detail.contains("finite number"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_field() {
        let told = |text: &str| from_table(text, 3).unwrap_err().to_string();
        assert_eq!(
            told("i,j,w\n0,3,1"),
            "line 2: j is `3`; it must be the place of a unit, from 0 to 2"
        );
        assert_eq!(
            told("0,1,1\nxã,1,1"),
            "line 2: i is `xã`; it must be the place of a unit, from 0 to 2"
        );
        assert_eq!(told("0,1,NaN"), "line 1: w is `NaN`; it must be a finite number");
        assert_eq!(told("0,1"), "line 1: fewer than three fields; write i,j,w such as 0,12,1.0");
        assert_eq!(
            told("0,1,1\n1,2,1\n0,1,3"),
            "line 3: the link from 0 to 1 stands in line 1 already; keep one of them"
        );
        assert_eq!(from_table("0,0,1", 0).unwrap_err().detail, "i is `0`; there is no unit");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            links in btree_map((0_u32..9, 0_u32..9), -1e9..1e9_f64, 0..40),
        ) {
            let mut rows = vec![Vec::new(); 9];
            for ((from, to), weight) in links {
                rows[from as usize].push((to, weight / 3.0));
            }
            let weights = Weights::from_rows(rows).unwrap();
            prop_assert_eq!(from_table(&to_table(&weights), 9).unwrap(), weights);
        }
    }
}
