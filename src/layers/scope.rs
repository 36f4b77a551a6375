//! Which season and which day a question is about.

use jiff::civil::Date;

use super::{Interval, LayerError, LayerQuery, Refusal};
use crate::{domain::Season, snapshot::Snapshot};

/// The season that an analysis looks at, and the last day of it that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) season: Season,
    pub(super) day: Date,
    /// The day whose boundaries are shown.
    pub(super) units_on: Date,
}

impl Scope {
    /// The season asked for, else that of the interval's end, else the last one with plots or
    /// effort (outreach comes months before anybody looks for plots), else the last one with any
    /// fact. `None` where there are no data at all.
    pub(super) fn of(snapshot: &Snapshot, query: &LayerQuery) -> Result<Option<Self>, LayerError> {
        check(query)?;
        let season = match (query.season, query.datetime) {
            (Some(season), _) => Some(begun(season, query.today, "season")?),
            (None, Some(Interval { from: None, to: None }) | None) => last(snapshot, query.today),
            (None, Some(Interval { from, to })) => {
                let known =
                    |to: Date| from.map_or(query.today, |from| from.max(query.today)).min(to);
                let day = to.map(known).or(from).unwrap_or(query.today);
                Some(begun(Season::of(day), query.today, "datetime")?)
            }
        };
        Ok(season.map(|season| {
            let day = season.clamp(horizon(query));
            Self { season, day, units_on: query.units_on.unwrap_or(day) }
        }))
    }
}

/// `season`, where it has begun on `today`: of a later one nothing can be known.
fn begun(season: Season, today: Date, parameter: &'static str) -> Result<Season, LayerError> {
    if season.first_day() <= today {
        return Ok(season);
    }
    let first = season.first_day();
    let this = Season::of(today);
    let reason = Refusal::new(
        format!(
            "niên vụ {season} bắt đầu ngày {first}, hôm nay là {today}: chọn {this} hoặc niên vụ trước đó"
        ),
        format!(
            "season {season} begins on {first}, and today is {today}: ask for {this} or an earlier one"
        ),
    );
    Err(LayerError::Parameter { parameter, reason })
}

/// The last season begun that has plots or effort, else the last one begun with any fact.
fn last(snapshot: &Snapshot, today: Date) -> Option<Season> {
    let mut seasons = snapshot.seasons();
    seasons.retain(|season| season.first_day() <= today);
    let looked_at = |season: &&Season| {
        let season = Some(**season);
        snapshot.plots(season).next().is_some()
            || snapshot.legs(season).next().is_some()
            || snapshot.empty_searches(season).next().is_some()
    };
    seasons.iter().rev().find(looked_at).or(seasons.last()).copied()
}

/// The last day that the question knows of: today, or the end of its interval where that is
/// earlier.
pub(super) fn horizon(query: &LayerQuery) -> Date {
    let end = query.datetime.and_then(|interval| interval.to);
    end.map_or(query.today, |end| end.min(query.today))
}

/// Whether the parameters contradict each other.
pub(super) fn check(query: &LayerQuery) -> Result<(), LayerError> {
    let Some(Interval { from, to }) = query.datetime else { return Ok(()) };
    let wrong = |reason: Refusal| LayerError::Parameter { parameter: "datetime", reason };
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(wrong(Refusal::new(
            format!("kết thúc ngày {to}, trước khi bắt đầu ngày {from}"),
            format!("it ends on {to}, before it begins on {from}"),
        )));
    }
    if let Some(season) = query.season {
        let (first, last) = (season.first_day(), season.last_day());
        if from.is_some_and(|from| from > last) || to.is_some_and(|to| to < first) {
            return Err(wrong(Refusal::new(
                format!(
                    "nằm ngoài niên vụ {season} (từ {first} đến {last}): chỉ cho một trong hai, hoặc cho khớp nhau"
                ),
                format!(
                    "it lies outside of season {season}, which runs from {first} to {last}: \
                     give one of the two, or make them meet"
                ),
            )));
        }
    }
    Ok(())
}

/// Whether what held from `from` to `to` (both included, `None` without end) held at some time in
/// the interval asked for.
pub(super) fn held(query: &LayerQuery, from: Date, to: Option<Date>) -> bool {
    query.datetime.is_none_or(|interval| {
        interval.to.is_none_or(|end| from <= end)
            && interval.from.is_none_or(|begin| to.is_none_or(|to| begin <= to))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asked(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> LayerQuery {
        LayerQuery {
            season: season.map(|season| season.parse().unwrap()),
            datetime: Some(Interval { from, to }),
            ..LayerQuery::on(date(2025, 3, 1))
        }
    }

    #[test]
    fn contradictions_are_refused() {
        let (a, b) = (Some(date(2025, 2, 1)), Some(date(2025, 2, 28)));
        assert!(check(&asked(None, b, a)).is_err());
        assert!(check(&asked(Some("2023-2024"), a, b)).is_err());
        assert!(check(&asked(Some("2023-2024"), None, b)).is_ok());
        assert!(check(&asked(Some("2024-2025"), a, b)).is_ok());
    }

    #[test]
    fn nothing_is_known_after_today() {
        assert_eq!(horizon(&asked(None, None, Some(date(2026, 1, 1)))), date(2025, 3, 1));
        assert_eq!(horizon(&asked(None, None, Some(date(2025, 2, 1)))), date(2025, 2, 1));
    }

    #[test]
    fn what_held_at_some_time_in_the_interval_is_shown() {
        let query = asked(None, Some(date(2025, 2, 1)), Some(date(2025, 2, 28)));
        assert!(held(&query, date(2025, 2, 28), None));
        assert!(held(&query, date(2020, 1, 1), Some(date(2025, 2, 1))));
        assert!(!held(&query, date(2020, 1, 1), Some(date(2025, 1, 31))));
        assert!(!held(&query, date(2025, 3, 1), None));
    }
}
