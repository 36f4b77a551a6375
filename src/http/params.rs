//! Parameters of a question to a layer, read from the query.

use jiff::civil::Date;

use super::{problem::Problem, query::Query};
use crate::{
    app::{AsOf, asking, asking::whole},
    domain::Extent,
    layers::{Cursor, LayerQuery},
};

/// Parameters of analysis: accepted at every address, since clients append the base address's
/// query everywhere, and kept in every link in their order.
pub(super) const ANALYTIC: [&str; 18] = [
    "season",
    "cell",
    "units_on",
    "datetime",
    "as_of",
    "permutations",
    "seed",
    "alpha",
    "method",
    "weights",
    "value",
    "null",
    "adjust",
    "tail",
    "kernel",
    "bandwidth",
    "distance",
    "stability",
];

/// Features on one page.
pub(super) const MAX_LIMIT: usize = 10_000;

/// Features on one page where nothing is asked.
pub(super) const DEFAULT_LIMIT: usize = 1000;

/// The question without its place, and the state of knowledge that it is put to.
pub(super) fn question(query: &Query, today: Date) -> Result<(LayerQuery, Option<AsOf>), Problem> {
    Ok(asking::question(|name| query.get(name), today)?)
}

/// `bbox` as a rectangle.
pub(super) fn bbox(query: &Query) -> Result<Option<Extent>, Problem> {
    Ok(query.get("bbox").map(asking::bbox).transpose()?)
}

fn read<T>(
    query: &Query,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, Problem> {
    let Some(text) = query.get(name) else { return Ok(None) };
    read(text).map(Some).map_err(|detail| Problem::parameter(name, detail))
}

/// How many features on a page. Above the most it is the most, as OGC API Features wants it.
pub(super) fn limit(query: &Query) -> Result<Option<usize>, Problem> {
    read(query, "limit", |text| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let wrong = || format!("`{text}` is not a whole number from 1 to {MAX_LIMIT}");
        if !digits || text.bytes().all(|byte| byte == b'0') {
            return Err(wrong());
        }
        // Too many digits for a number is too many features too.
        Ok(text.parse().unwrap_or(usize::MAX))
    })
}

/// How many features to leave out first.
pub(super) fn offset(query: &Query) -> Result<usize, Problem> {
    let offset = read(query, "offset", |text| {
        whole::<usize>(text).ok_or_else(|| format!("`{text}` is not a whole number"))
    })?;
    Ok(offset.unwrap_or(0))
}

/// The mark in a next link: after which feature to go on.
pub(super) fn cursor(query: &Query) -> Result<Option<Cursor>, Problem> {
    read(query, "cursor", |text| {
        let wrong = || format!("`{text}` is no mark of ours: follow the `next` link of a page");
        let (incomplete, id) = text.split_once('-').ok_or_else(wrong)?;
        let incomplete = match incomplete {
            "0" => false,
            "1" => true,
            _ => return Err(wrong()),
        };
        Ok(Cursor { incomplete, id: whole(id).ok_or_else(wrong)? })
    })
}

/// As [`cursor`] reads it.
pub(super) fn cursor_text(cursor: Cursor) -> String {
    format!("{}-{}", u8::from(cursor.incomplete), cursor.id)
}

/// `resultType=hits` asks for the number alone.
pub(super) fn hits(query: &Query) -> Result<bool, Problem> {
    let hits = read(query, "resultType", |text| match text {
        "results" => Ok(false),
        "hits" => Ok(true),
        _ => Err(format!("`{text}` is neither `results` nor `hits`")),
    })?;
    Ok(hits.unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::asking::PERMUTATIONS;

    #[test]
    fn limits_are_whole_and_positive() {
        let limit = |raw: &str| limit(&Query::read(Some(raw)).unwrap());
        assert_eq!(limit("limit=10").unwrap(), Some(10));
        assert_eq!(limit("limit=99999999999999999999999").unwrap(), Some(usize::MAX));
        for raw in ["limit=", "limit=0", "limit=-1", "limit=1.5", "limit=ten", "limit=%2B5"] {
            assert!(limit(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn the_bounds_that_are_told_are_the_bounds_that_are_kept() {
        let taken = |permutations: u32| {
            let query = Query::read(Some(&format!("permutations={permutations}"))).unwrap();
            question(&query, jiff::civil::date(2026, 1, 1)).is_ok()
        };
        let (first, last) = (*PERMUTATIONS.start(), *PERMUTATIONS.end());
        assert!(taken(first) && taken(last) && !taken(first - 1) && !taken(last + 1));
    }

    #[test]
    fn cursors_come_back() {
        let mark = Cursor { incomplete: true, id: 9_007_199_254_740_991 };
        let query = Query::read(Some(&format!("cursor={}", cursor_text(mark)))).unwrap();
        assert_eq!(cursor(&query).unwrap(), Some(mark));
        assert!(cursor(&Query::read(Some("cursor=2-1")).unwrap()).is_err());
    }
}
