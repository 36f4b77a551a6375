//! A question to a layer, read from named texts: what the query of an address and the flags of the
//! command line have in common.

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
};
use thiserror::Error;

use super::AsOf;
use crate::{
    analysis::{
        chance::{
            draws::MOST_PERMUTATIONS,
            permutation::Null,
            significance::{Adjust, CLASS_RATES},
            tally::Tail,
        },
        geometry::{
            grid::{SIZE_MAX, SIZE_STEP},
            h3,
        },
    },
    domain::{Extent, Revision, Season},
    layers::{CellKind, Choices, Interval, LayerQuery, Refusal},
};

/// Sides of cells in metres, in steps of [`SIZE_STEP`].
const CELL_SIDES: std::ops::RangeInclusive<u32> = SIZE_STEP..=SIZE_MAX;

/// Permutations that may be asked for.
pub const PERMUTATIONS: std::ops::RangeInclusive<u32> = 99..=MOST_PERMUTATIONS;

/// The greatest distance that may be called near, in metres.
pub const MOST_DISTANCE: f64 = 100_000.0;

/// The highest false-discovery rate: classes looser than 10 % are none.
const MOST_ALPHA: f64 = CLASS_RATES[CLASS_RATES.len() - 1];

/// A parameter whose value cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{parameter} {detail}")]
pub struct BadParameter {
    /// Its name in addresses; the flag has `-` for `_`.
    pub parameter: &'static str,
    /// What is wrong, and what would be right.
    pub detail: Refusal,
}

/// Reads the question without its place, and the state of knowledge that it is put to. `given`
/// tells the text of a parameter by its name.
///
/// # Errors
///
/// [`BadParameter`] for the first text that says nothing sensible.
pub fn question<'t>(
    given: impl Fn(&str) -> Option<&'t str>,
    today: Date,
) -> Result<(LayerQuery, Option<AsOf>), BadParameter> {
    let mut asked = LayerQuery::on(today);
    if let Some((since, season)) = read(&given, "season", seasons)? {
        (asked.since, asked.season) = (since, Some(season));
    }
    asked.datetime = read(&given, "datetime", datetime)?;
    asked.units_on = read(&given, "units_on", |text| units_on(text, today))?;
    if let Some(cell) = read(&given, "cell", cell)? {
        asked.cell = cell;
    }
    if let Some(number) = read(&given, "permutations", |text| {
        whole(text).filter(|n| PERMUTATIONS.contains(n)).ok_or_else(|| {
            let (least, most) = (PERMUTATIONS.start(), PERMUTATIONS.end());
            Refusal::new(
                format!("`{text}`: số lần xáo trộn là số nguyên từ {least} đến {most}"),
                format!("`{text}` is not a whole number from {least} to {most}"),
            )
        })
    })? {
        asked.permutations = number;
    }
    if let Some(seed) = read(&given, "seed", |text| {
        whole(text).ok_or_else(|| {
            Refusal::new(
                format!("`{text}`: hạt giống là số nguyên không âm, không quá 64 bit"),
                format!("`{text}` is not a whole number of 64 bits"),
            )
        })
    })? {
        asked.seed = seed;
    }
    if let Some(alpha) = read(&given, "alpha", |text| {
        number(text).filter(|alpha| *alpha > 0.0 && *alpha <= MOST_ALPHA).ok_or_else(|| {
            Refusal::new(
                format!("`{text}`: mức sai sót là số trên 0 và không quá {MOST_ALPHA}"),
                format!("`{text}` is not a number above 0 and up to {MOST_ALPHA}"),
            )
        })
    })? {
        asked.alpha = alpha;
    }
    asked.choices = choices(&given)?;
    if let (Some(season), Some(Interval { from, to })) = (asked.season, asked.datetime)
        && (from.is_some_and(|day| day > season.last_day())
            || to.is_some_and(|day| day < season.first_day()))
    {
        return Err(BadParameter {
            parameter: "datetime",
            detail: format!(
                "contradicts season {season}, which runs from {} to {}",
                season.first_day(),
                season.last_day()
            )
            .into(),
        });
    }
    Ok((asked, read(&given, "as_of", as_of)?))
}

fn read<'t, T, R: Into<Refusal>>(
    given: &impl Fn(&str) -> Option<&'t str>,
    parameter: &'static str,
    read: impl FnOnce(&str) -> Result<T, R>,
) -> Result<Option<T>, BadParameter> {
    let Some(text) = given(parameter) else { return Ok(None) };
    read(text).map(Some).map_err(|detail| BadParameter { parameter, detail: detail.into() })
}

/// The choices of method. Words that differ from layer to layer are only looked at for their form
/// here: the layer says which it knows.
fn choices<'t>(given: &impl Fn(&str) -> Option<&'t str>) -> Result<Choices, BadParameter> {
    let known = |parameter, words: &'static [&'static str]| {
        read(given, parameter, |text| {
            let wrong = || format!("`{text}` is none of {}", words.join(", "));
            words.contains(&text).then(|| text.to_owned()).ok_or_else(wrong)
        })
    };
    let word = |parameter| read(given, parameter, word);
    Ok(Choices {
        method: word("method")?,
        weights: word("weights")?,
        value: word("value")?,
        null: known("null", &Null::WORDS)?,
        adjust: known("adjust", &Adjust::WORDS)?,
        tail: known("tail", &Tail::WORDS)?,
        kernel: word("kernel")?,
        bandwidth: word("bandwidth")?,
        distance: read(given, "distance", |text| {
            let fits = |metres: &f64| *metres > 0.0 && *metres <= MOST_DISTANCE;
            let wrong = || format!("`{text}` is not a number of metres up to {MOST_DISTANCE}");
            number(text).filter(fits).ok_or_else(wrong)
        })?,
        stability: read(given, "stability", |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(format!("`{text}` is neither true nor false")),
        })?
        .unwrap_or_default(),
    })
}

/// A word such as `gistar`, `knn:8` or `kernel:gaussian:1500`.
fn word(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(plain);
    fits.then(|| text.to_owned()).ok_or_else(|| format!("`{text}` is no word such as knn:8"))
}

/// A season, or a span from one to another.
fn seasons(text: &str) -> Result<(Option<Season>, Season), String> {
    let Some((first, last)) = text.split_once('/').filter(|(first, _)| first.len() > 4) else {
        return Ok((None, season(text)?));
    };
    let (first, last) = (season(first)?, season(last)?);
    match first.cmp(&last) {
        std::cmp::Ordering::Greater => Err(format!("`{text}` ends before it begins")),
        std::cmp::Ordering::Equal => Ok((None, last)),
        std::cmp::Ordering::Less => Ok((Some(first), last)),
    }
}

fn season(text: &str) -> Result<Season, String> {
    text.parse().map_err(|error: crate::domain::NotASeason| error.to_string())
}

fn units_on(text: &str, today: Date) -> Result<Date, String> {
    if text == "today" {
        return Ok(today);
    }
    day(text).ok_or_else(|| format!("`{text}` is neither a date such as 2025-07-01 nor `today`"))
}

fn cell(text: &str) -> Result<CellKind, String> {
    let wrong = || {
        format!(
            "`{text}` is not one of square:<metres>, hexagon:<metres>, h3:<resolution>, commune, district, with \
             {} to {} metres in steps of {SIZE_STEP}, such as square:1000, and resolutions {} to {}",
            CELL_SIDES.start(),
            CELL_SIDES.end(),
            h3::COARSEST,
            h3::FINEST
        )
    };
    match text {
        "commune" => return Ok(CellKind::Commune),
        "district" => return Ok(CellKind::District),
        _ => {}
    }
    let (kind, side) = text.split_once(':').ok_or_else(wrong)?;
    if kind == "h3" {
        let number = side.parse::<u8>().ok().filter(|_| side.len() == 1);
        let fits = |number: &u8| (h3::COARSEST..=h3::FINEST).contains(number);
        return number.filter(fits).map(CellKind::H3).ok_or_else(wrong);
    }
    let fits = |side: &u32| CELL_SIDES.contains(side) && side.is_multiple_of(SIZE_STEP);
    let side = whole(side).filter(fits).ok_or_else(wrong)?;
    match kind {
        "square" => Ok(CellKind::Square(side)),
        "hexagon" => Ok(CellKind::Hexagon(side)),
        _ => Err(wrong()),
    }
}

fn as_of(text: &str) -> Result<AsOf, String> {
    if let Some(number) = whole(text) {
        return Ok(AsOf::Revision(Revision(number)));
    }
    // A `+` that was not written as %2B has become a space.
    text.replace(' ', "+").parse::<Timestamp>().map(AsOf::Time).map_err(|_| {
        format!("`{text}` is neither a revision number nor a time such as 2025-04-25T12:00:00Z")
    })
}

/// A whole number in plain digits.
pub(crate) fn whole<T: std::str::FromStr>(text: &str) -> Option<T> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// An instant, `from/to`, `../to`, `from/..`, `from/P2D`. An empty end, `..`, the year 0 and the
/// year 9999 are open: QGIS writes them so.
fn datetime(text: &str) -> Result<Interval, String> {
    let wrong = || {
        format!(
            "`{text}` is no date or interval: write 2025-02-15, 2025-02-15/2025-04-25, \
             2025-02-15/.., ../2025-04-25 or 2025-02-15/P14D"
        )
    };
    let Some((from, to)) = text.split_once('/') else {
        let day = day(text).ok_or_else(wrong)?;
        return Ok(Interval { from: Some(day), to: Some(day) });
    };
    let (from, to) = match (from.starts_with('P'), to.starts_with('P')) {
        (false, true) => {
            let from = day(from).ok_or_else(wrong)?;
            (Some(from), Some(moved(from, to, 1).ok_or_else(wrong)?))
        }
        (true, false) => {
            let to = day(to).ok_or_else(wrong)?;
            (Some(moved(to, from, -1).ok_or_else(wrong)?), Some(to))
        }
        _ => (end(from).ok_or_else(wrong)?.day(), end(to).ok_or_else(wrong)?.day()),
    };
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(format!("`{text}` ends before it begins"));
    }
    Ok(Interval { from, to })
}

/// One end of an interval.
enum End {
    Open,
    Day(Date),
}

impl End {
    fn day(self) -> Option<Date> {
        match self {
            Self::Open => None,
            Self::Day(day) => Some(day),
        }
    }
}

fn end(text: &str) -> Option<End> {
    if text.is_empty() || text == ".." {
        return Some(End::Open);
    }
    day(text).map(|day| if (1..9999).contains(&day.year()) { End::Day(day) } else { End::Open })
}

/// The day of a date or time, as it is written there: facts carry days, not moments.
fn day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let iso = |at: usize, mark| bytes.get(at) == Some(&mark);
    if !(iso(4, b'-') && iso(7, b'-')) {
        return None;
    }
    if text.len() == 10 {
        return text.parse().ok();
    }
    if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let day: Date = text.get(..10)?.parse().ok()?;
    // Checked as a time although only the day is taken: garbage behind it is a mistake. jiff's
    // times end before 9999-12-31T23:59:59Z, which stands for an open end.
    let time = text.trim_end_matches(['Z', 'z']);
    // A `+` that was not written as %2B has become a space.
    let offset = text.replacen(' ', "+", 1);
    let local = time.parse::<DateTime>().is_ok()
        || text.parse::<Timestamp>().is_ok()
        || offset.parse::<Timestamp>().is_ok();
    local.then_some(day)
}

/// A day moved by an ISO 8601 duration.
fn moved(day: Date, duration: &str, sign: i64) -> Option<Date> {
    let span: Span = duration.parse().ok()?;
    let moved = if sign < 0 { day.checked_sub(span) } else { day.checked_add(span) };
    moved.ok()
}

/// `bbox` of four or six numbers in degrees, as a rectangle. Longitudes beyond the antimeridian are
/// turned back and latitudes beyond a pole are cut: maps that are zoomed far out ask for them.
///
/// # Errors
///
/// [`BadParameter`] for anything else.
pub fn bbox(text: &str) -> Result<Extent, BadParameter> {
    rectangle(text).map_err(|detail| BadParameter { parameter: "bbox", detail: detail.into() })
}

fn rectangle(text: &str) -> Result<Extent, String> {
    let wrong = |why: &str| {
        format!("`{text}` {why}: write west,south,east,north in degrees, such as 102,21.7,104,22.8")
    };
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| number(part.trim())).collect();
    let numbers = numbers.ok_or_else(|| wrong("is not a list of numbers"))?;
    let [west, south, east, north] = match numbers[..] {
        [west, south, east, north] => [west, south, east, north],
        [west, south, low, east, north, high] => {
            if low > high {
                return Err(wrong("has its lower height above its upper one"));
            }
            [west, south, east, north]
        }
        _ => return Err(wrong("has neither four nor six numbers")),
    };
    if south > north {
        return Err(wrong("is upside down"));
    }
    if north < -90.0 || south > 90.0 || west.abs() > 540.0 || east.abs() > 540.0 {
        return Err(wrong("does not lie on the Earth in degrees"));
    }
    let (west, east) =
        if east - west >= 360.0 { (-180.0, 180.0) } else { (turned(west), turned(east)) };
    Extent::new(west, south.max(-90.0), east, north.min(90.0))
        .map_err(|error| wrong(&error.to_string()))
}

fn turned(lon: f64) -> f64 {
    if (-180.0..=180.0).contains(&lon) { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 }
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;
    use jiff::civil::date;

    use super::*;

    fn asked(raw: &str) -> Result<LayerQuery, BadParameter> {
        let pairs: Vec<_> = raw.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let given =
            |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        question(given, date(2026, 3, 1)).map(|(asked, _)| asked)
    }

    fn interval(raw: &str) -> Option<Interval> {
        asked(&format!("datetime={raw}")).ok()?.datetime
    }

    #[test]
    fn every_way_to_write_a_time_is_read() {
        let days = |from, to| Some(Interval { from, to });
        let (a, b) = (Some(date(2025, 2, 15)), Some(date(2025, 2, 17)));
        for (raw, wanted) in [
            ("2025-02-15", days(a, a)),
            ("2025-02-15T10:00:00Z", days(a, a)),
            ("2025-02-15T10:00:00.5+07:00", days(a, a)),
            ("2025-02-15/2025-02-17", days(a, b)),
            ("2025-02-15T00:00:00Z/2025-02-17T00:00:00Z", days(a, b)),
            ("2025-02-15/P2D", days(a, b)),
            ("P2D/2025-02-17", days(a, b)),
            ("2025-02-15/..", days(a, None)),
            ("2025-02-15/", days(a, None)),
            ("../2025-02-17", days(None, b)),
            ("/2025-02-17", days(None, b)),
            ("../..", days(None, None)),
            ("0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", days(None, None)),
            ("2025-02-15T00:00:00Z/9999-12-31T23:59:59Z", days(a, None)),
        ] {
            assert_eq!(interval(raw), wanted, "{raw}");
        }
    }

    #[test]
    fn garbage_is_refused() {
        for raw in [
            "datetime=yesterday",
            "datetime=2025-02-30",
            "datetime=2025-02-1",
            "datetime=2025-02-",
            "units_on=2025-02-1",
            "datetime=2025-02-17/2025-02-15",
            "datetime=2025-02-15Tgarbage",
            "datetime=20250215",
            "datetime=2025-02-15/P",
            "datetime=P1D/P2D",
            "datetime=2025-02-15/2025-02-16/2025-02-17",
            "season=2025",
            "season=2025-2026/2024-2025",
            "season=2024-2025/",
            "null=nothing",
            "adjust=fdr",
            "weights=knn 8",
            "distance=-1",
            "distance=1e9",
            "stability=maybe",
            "method=",
            "season=2025-2026&datetime=2024-01-01",
            "cell=square",
            "cell=square:0",
            "cell=h3:4",
            "cell=h3:08",
            "cell=circle:1000",
            "cell=square:-5",
            "units_on=tomorrow",
            "permutations=1",
            "permutations=1e3",
            "seed=-1",
            "alpha=0",
            "alpha=NaN",
            "alpha=1",
            "as_of=then",
        ] {
            assert!(asked(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_number_that_a_person_types_is_refused_in_both_languages() {
        for (raw, words) in [
            ("permutations=9999999999", "số lần xáo trộn là số nguyên từ 99"),
            ("permutations=1", "số lần xáo trộn"),
            ("seed=-1", "hạt giống"),
            ("alpha=0.3", "mức sai sót"),
        ] {
            let refused = asked(raw).unwrap_err();
            assert!(refused.detail.vi().unwrap().contains(words), "{refused}");
            assert!(refused.to_string().contains("` is not a "), "{refused}");
        }
    }

    #[test]
    fn a_span_of_seasons_has_a_first_and_a_last_one() {
        let asked = asked("season=2021-2022/2025-2026&weights=knn:8&stability=true").unwrap();
        let season = |year| Season::starting(year).ok();
        assert_eq!((asked.since, asked.season), (season(2021), season(2025)));
        assert_eq!(asked.choices.weights.as_deref(), Some("knn:8"));
        assert!(asked.choices.stability && asked.choices.method.is_none());
    }

    #[test]
    fn a_season_and_a_time_in_it_agree() {
        assert!(asked("season=2025-2026&datetime=2026-02-01/..").is_ok());
    }

    fn holds(extent: Extent, place: Coord<f64>) -> bool {
        extent.rectangles().iter().any(|rect| {
            (rect.min().x..=rect.max().x).contains(&place.x)
                && (rect.min().y..=rect.max().y).contains(&place.y)
        })
    }

    #[test]
    fn rectangles_are_read_and_nonsense_is_not() {
        let lai_chau = Coord { x: 103.0, y: 22.0 };
        for raw in [
            "102,21,104,23",
            "102,21,0,104,23,9",
            "-400,-100,400,100",
            "170,0,-170,30",
            "100,21,190,23",
        ] {
            let extent = rectangle(raw).unwrap();
            assert_eq!(holds(extent, lai_chau), raw != "170,0,-170,30", "{raw}");
        }
        for raw in [
            "104,23,102,21",
            "1,2,3",
            "1,2,3,4,5",
            "",
            "a,b,c,d",
            "NaN,0,1,1",
            "inf,0,1,1",
            "1e400,0,1,1",
            "300000,2400000,310000,2410000",
            "1,2,9,3,4,8",
        ] {
            assert!(rectangle(raw).is_err(), "{raw}");
        }
    }
}
