//! The keys of facts: the source's own id, else the hash of what the row says; and the ids of plots.

use std::collections::HashMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{draft::Draft, gate::hex, report::Reason};
use crate::domain::{Event, Footprint, PlotId, RecordRef, RejectionReason, SearchedGround, Season};

/// The id of a plot from what a file of `dataset` calls it. An id that names its season already
/// (`2024-2025/0012`) is the plot's own, known over all files; any other one is known in its data
/// set only, since two teams may both have a plot 12.
pub fn plot_id(season: Season, dataset: &str, local: &str) -> PlotId {
    PlotId(if names_its_season(local) {
        local.to_owned()
    } else {
        format!("{season}/{dataset}-{local}")
    })
}

fn names_its_season(id: &str) -> bool {
    id.split_once('/').is_some_and(|(first, rest)| {
        first.len() == 9 && first.parse::<Season>().is_ok() && !rest.is_empty()
    })
}

/// Settles the key of every fact. Rows with the same id are rejected: all of them where they say
/// different things (nobody knows which is right), all but the first where they say the same.
pub fn settle(drafts: &mut [Draft], dataset: &str) {
    let repeated = repeated_ids(drafts);
    // Hashing costs, and most rows have an id of their own.
    let prints: Vec<Option<String>> = drafts
        .par_iter()
        .map(|draft| {
            let needed = draft.id.as_ref().is_none_or(|id| repeated.contains_key(id));
            if needed { fingerprint(draft) } else { None }
        })
        .collect();
    reject_repeated_ids(drafts, &prints, repeated);
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (draft, print) in drafts.iter_mut().zip(prints) {
        if draft.facts.is_empty() || !draft.reasons.is_empty() {
            let local = draft.plot.as_deref().or(draft.id.as_deref());
            draft.plot_id =
                draft.season.zip(local).map(|(season, local)| plot_id(season, dataset, local));
            continue;
        }
        let (record, local) = if let Some(id) = &draft.id {
            (id.clone(), id.clone())
        } else {
            // Facts are numbers and texts only: they always have a print.
            let print = print.unwrap_or_default();
            // Two rows that say exactly the same are two records: the second is numbered.
            let times = seen.entry(print.clone()).or_default();
            *times += 1;
            let behind = if *times > 1 { format!("~{times}") } else { String::new() };
            let short: String = print.chars().take(12).collect();
            (format!("{print}{behind}"), format!("{short}{behind}"))
        };
        let source = RecordRef { dataset: dataset.to_owned(), record };
        let plot = draft
            .season
            .map(|season| plot_id(season, dataset, draft.plot.as_deref().unwrap_or(&local)));
        draft.plot_id.clone_from(&plot);
        let season = draft.season;
        let id =
            if names_its_season(&local) { local.clone() } else { format!("{dataset}/{local}") };
        for fact in &mut draft.facts {
            key(fact, &source, plot.as_ref(), &id);
            if let Event::PlotRejected(rejection) = fact
                && let RejectionReason::DuplicateOf(other) = &mut rejection.reason
                && let Some(season) = season
            {
                *other = plot_id(season, dataset, &other.0);
            }
        }
    }
}

fn key(fact: &mut Event, source: &RecordRef, plot: Option<&PlotId>, id: &str) {
    macro_rules! set {
        ($it:expr) => {{
            $it.source = source.clone();
            if let Some(plot) = plot {
                $it.plot = plot.clone();
            }
        }};
    }
    match fact {
        Event::PlotSighted(it) => set!(it),
        Event::PlotMeasured(it) => set!(it),
        Event::PlotDestroyed(it) => set!(it),
        Event::PlotVerified(it) => set!(it),
        Event::PlotRejected(it) => set!(it),
        Event::SiteLinked(it) => set!(it),
        Event::BoundaryDeclared(it) => it.source = source.clone(),
        Event::BorderLineDeclared(it) => it.source = source.clone(),
        Event::LegWalked(it) => {
            it.source = source.clone();
            id.clone_into(&mut it.id);
        }
        Event::SearchedEmpty(it) => {
            it.source = source.clone();
            id.clone_into(&mut it.id);
        }
        Event::OutreachHeld(it) => {
            it.source = source.clone();
            id.clone_into(&mut it.id);
        }
        Event::DatasetImported(_) => {}
    }
}

/// Ids that several rows have, with the rows.
fn repeated_ids(drafts: &[Draft]) -> HashMap<String, Vec<usize>> {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(id) = &draft.id {
            by_id.entry(id).or_default().push(index);
        }
    }
    by_id.retain(|_, rows| rows.len() > 1);
    by_id.into_iter().map(|(id, rows)| (id.to_owned(), rows)).collect()
}

fn reject_repeated_ids(
    drafts: &mut [Draft],
    prints: &[Option<String>],
    repeated: HashMap<String, Vec<usize>>,
) {
    let mut wrong: Vec<(usize, Reason)> = Vec::new();
    for (id, rows) in repeated {
        let same =
            prints[rows[0]].is_some() && rows.iter().all(|row| prints[*row] == prints[rows[0]]);
        for (place, index) in rows.iter().enumerate() {
            if same && place == 0 {
                continue;
            }
            let other = if place == 0 { rows[1] } else { rows[0] };
            let wrong_text = if same {
                format!("is a copy of row {}", drafts[other].row)
            } else {
                format!("is also the id of row {}, which says something else", drafts[other].row)
            };
            let right =
                "an id of its own for every row (several visits to one plot: a column `plot`)";
            wrong.push((*index, Reason::new("id", id.as_str(), wrong_text, right)));
        }
    }
    for (index, reason) in wrong {
        drafts[index].reasons.push(reason);
    }
}

/// The hash of what a row says, in hexadecimal: the same content is the same record, whichever way
/// its rings run and wherever they begin. `None` for a row without facts.
fn fingerprint(draft: &Draft) -> Option<String> {
    if draft.facts.is_empty() {
        return None;
    }
    let facts: Vec<Event> = draft.facts.iter().map(canonical).collect();
    let said = (&draft.plot, &draft.season, &draft.duplicate_of, facts);
    let json = serde_json::to_vec(&said).ok()?;
    let hash = Sha256::digest(json);
    Some(hex(&hash[..16]))
}

fn canonical(fact: &Event) -> Event {
    let mut fact = fact.clone();
    match &mut fact {
        Event::PlotSighted(it) => {
            it.outline = it.outline.as_ref().map(rotated);
        }
        Event::BoundaryDeclared(it) => it.outline = rotated(&it.outline),
        Event::SearchedEmpty(it) => {
            if let SearchedGround::Within(outline) = &it.ground {
                it.ground = SearchedGround::Within(rotated(outline));
            }
        }
        _ => {}
    }
    fact
}

/// The same outline with every ring begun at its least vertex.
fn rotated(outline: &Footprint) -> Footprint {
    let ring = |ring: &LineString<f64>| {
        let mut coords: Vec<Coord<f64>> = ring.0.clone();
        coords.pop();
        let least = (0..coords.len())
            .min_by(|a, b| {
                let (a, b) = (coords[*a], coords[*b]);
                a.x.total_cmp(&b.x).then_with(|| a.y.total_cmp(&b.y))
            })
            .unwrap_or(0);
        coords.rotate_left(least);
        coords.extend(coords.first().copied());
        LineString(coords)
    };
    let polygon = |polygon: &Polygon<f64>| {
        Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
    };
    Footprint::stored(MultiPolygon(outline.get().iter().map(polygon).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_that_names_its_season_is_known_everywhere() {
        let season: Season = "2024-2025".parse().unwrap();
        assert_eq!(plot_id(season, "team-a", "2024-2025/0012").0, "2024-2025/0012");
        assert_eq!(plot_id(season, "team-a", "12").0, "2024-2025/team-a-12");
        assert_eq!(plot_id(season, "team-a", "a/b").0, "2024-2025/team-a-a/b");
    }
}
