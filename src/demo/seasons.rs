//! The seasons of the demo: fields that come back, move on and are found by those who look.

use geo_types::{Coord, LineString, MultiLineString};
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};

use super::{
    chance::{Chance, later},
    ground::{metres, metres_to_edge, rounded, shifted},
    history::{Found, position, tell},
    outreach::meetings,
    relief::height,
    walk::walk,
    world::{Commune, World},
};
use crate::domain::{
    EmptySearch, Metres, Outreach, PatrolLeg, PlotFacts, PlotId, RecordRef, Rejection,
    RejectionReason, SearchedGround, Season, Sighting, SightingSource, Track,
};

/// What happened in one season, as far as anybody noticed.
#[derive(Debug)]
pub struct Simulated {
    /// The season.
    pub season: Season,
    /// Plots that were reported, in the order of their first sighting.
    pub plots: Vec<(PlotId, PlotFacts)>,
    /// Where teams walked.
    pub legs: Vec<PatrolLeg>,
    /// Where they looked without a track and found nothing.
    pub empty_searches: Vec<EmptySearch>,
    /// Meetings and pledges.
    pub outreach: Vec<Outreach>,
}

/// How a season is played.
struct Script {
    /// The year in which it begins.
    year: i16,
    /// Fields on new ground.
    new_fields: usize,
    /// Patrols of one to four days.
    patrols: usize,
    /// The last day of which anything is known.
    until: Date,
}

/// Three seasons that straddle the merger of July 2025, and the outreach so far of a fourth.
/// Fewer fields from one to the next, and more of them on ground where nobody looked.
const SCRIPTS: [Script; 4] = [
    Script { year: 2023, new_fields: 470, patrols: 66, until: date(2024, 6, 30) },
    Script { year: 2024, new_fields: 110, patrols: 62, until: date(2025, 6, 30) },
    Script { year: 2025, new_fields: 60, patrols: 58, until: date(2026, 6, 30) },
    Script { year: 2026, new_fields: 0, patrols: 0, until: date(2026, 11, 20) },
];

/// A field that is really there.
#[derive(Clone)]
struct Field {
    place: Coord<f64>,
    area: f64,
}

/// A hamlet that teams start from; made up, and a secret of the simulation.
struct Hamlet {
    place: Coord<f64>,
    /// How often a team goes there, beside the other hamlets of its commune.
    weight: f64,
}

/// A team's days away from home.
struct Patrol {
    team: String,
    start: Date,
    base: Coord<f64>,
    /// For every day the fields it comes for.
    days: Vec<Vec<usize>>,
}

/// Plays all seasons on `world`.
pub fn simulate(world: &World, seed: u64) -> Vec<Simulated> {
    let hamlets: Vec<Vec<Hamlet>> =
        world.communes.iter().enumerate().map(|(n, it)| hamlets(it, seed, n)).collect();
    let mut fields: Vec<Field> = Vec::new();
    let mut seasons = Vec::new();
    for script in &SCRIPTS {
        let Ok(season) = Season::starting(script.year) else { continue };
        let mut chance = Chance::new(seed, 1_000 + script.year as u64);
        for _ in 0..script.new_fields {
            let field = new_field(world, &fields, &mut chance);
            fields.extend(field);
        }
        let (simulated, next) = play(world, &hamlets, script, season, &fields, &mut chance);
        seasons.push(simulated);
        fields = next;
    }
    seasons
}

/// One season: what was noticed of it, and the fields that the next one begins with.
fn play(
    world: &World,
    hamlets: &[Vec<Hamlet>],
    script: &Script,
    season: Season,
    fields: &[Field],
    chance: &mut Chance,
) -> (Simulated, Vec<Field>) {
    let sowings: Vec<(Date, i64)> = fields
        .iter()
        .map(|_| {
            let sown = chance.day(date(script.year, 10, 5), date(script.year, 12, 5));
            (sown, chance.whole(125, 190))
        })
        .collect();
    let mut patrols: Vec<Patrol> =
        (0..script.patrols).filter_map(|_| patrol(world, hamlets, script, chance)).collect();
    patrols.sort_by(|a, b| (a.start, &a.team).cmp(&(b.start, &b.team)));
    aim(&mut patrols, fields, &sowings, chance);
    let (legs, reached) = send_out(world, season, &patrols, fields, chance);

    let mut finds: Vec<(usize, Date, SightingSource, Option<String>)> = Vec::new();
    // Before the first of December nobody has looked yet.
    let fields = if script.until < date(script.year, 12, 1) { &[] } else { fields };
    for (number, field) in fields.iter().enumerate() {
        let swept = reached.iter().find(|(it, _, _)| *it == number);
        if let Some((_, day, team)) = swept {
            finds.push((number, *day, SightingSource::Sweep, Some(team.clone())));
        } else if let Some((day, by)) = told(world, script, field, sowings[number].0, chance) {
            finds.push((number, day, by, None));
        }
    }
    finds.sort_by_key(|it| (it.1, it.0));

    let mut plots = Vec::new();
    let mut destroyed = vec![false; fields.len()];
    for (number, on, by, team) in finds {
        let dataset = format!("plots-{season}");
        let found = Found {
            id: PlotId(format!("{season}/{:04}", plots.len() + 1)),
            dataset: &dataset,
            season,
            place: fields[number].place,
            area: fields[number].area,
            sown: sowings[number].0,
            ripens_in: sowings[number].1,
            by,
            on,
            team,
        };
        let facts = tell(chance, &found);
        destroyed[number] = !facts.destructions.is_empty();
        let twice = facts.rejections.is_empty() && chance.happens(0.03);
        plots.push((found.id.clone(), facts));
        if twice {
            let id = PlotId(format!("{season}/{:04}", plots.len() + 1));
            let facts = told_twice(chance, &found, &id);
            plots.push((id, facts));
        }
    }
    let next = what_comes_back(world, fields, &destroyed, chance);
    let empty_searches = empty_searches(world, hamlets, script, season, fields, chance);
    let outreach = meetings(world, season, script.until, chance);
    (Simulated { season, plots, legs, empty_searches, outreach }, next)
}

/// Four hamlets in the valleys of a commune, the first the one where everybody goes.
fn hamlets(commune: &Commune, seed: u64, number: usize) -> Vec<Hamlet> {
    let mut chance = Chance::new(seed, 10_000 + number as u64);
    let centre = Hamlet { place: commune.centre, weight: 4.0 };
    let others = [3.0, 1.0, 0.5].into_iter().map(|weight| {
        let places: Vec<_> = (0..6).map(|_| commune.ground.any_place(&mut chance)).collect();
        let lowest = places.into_iter().min_by(|&a, &b| height(a).total_cmp(&height(b)));
        Hamlet { place: lowest.unwrap_or(commune.centre), weight }
    });
    let inside = commune.ground.holds(commune.centre);
    std::iter::once(centre).filter(|_| inside).chain(others).collect()
}

/// A field on new ground: two in five within some hundred metres of another one; else in a commune
/// by its risk, then rather high up, away from the centre and near a line, where nobody can tell
/// whose it is.
fn new_field(world: &World, fields: &[Field], chance: &mut Chance) -> Option<Field> {
    if !fields.is_empty() && chance.happens(0.4) {
        let other = fields[chance.below(fields.len())].place;
        let place = shifted(other, 280.0 * chance.normal(), 280.0 * chance.normal());
        if metres(place, other) > 40.0 && world.holds(place) {
            return Some(Field { place, area: plot_area(chance) });
        }
    }
    let weights: Vec<(&Commune, f64)> = world
        .communes
        .iter()
        .map(|it| {
            (it, it.risk * if it.risk > 0.0 { it.ground.square_kilometres().sqrt() } else { 0.0 })
        })
        .collect();
    let commune = chance.weighted(&weights)?;
    for _ in 0..200 {
        let place = commune.ground.any_place(chance);
        let up = ((height(place) - 0.35) * 3.0).clamp(0.05, 1.0);
        let away = if metres(place, commune.centre) > 1_500.0 { 1.0 } else { 0.1 };
        let line = if metres_to_edge(place, &commune.ground.outline) < 1_500.0 { 1.0 } else { 0.4 };
        if chance.happens(up * away * line) {
            return Some(Field { place, area: plot_area(chance) });
        }
    }
    None
}

/// 15 to 2,000 m², mostly under 400.
pub(super) fn plot_area(chance: &mut Chance) -> f64 {
    chance.log_normal(125.0, 0.95).clamp(15.0, 2_000.0).round()
}

fn patrol(
    world: &World,
    hamlets: &[Vec<Hamlet>],
    script: &Script,
    chance: &mut Chance,
) -> Option<Patrol> {
    let weights: Vec<(usize, f64)> =
        world.communes.iter().enumerate().map(|(n, it)| (n, it.effort)).collect();
    let commune = chance.weighted(&weights)?;
    let places: Vec<_> = hamlets[commune].iter().map(|it| (it.place, it.weight)).collect();
    let base = chance.weighted(&places)?;
    // Two rounds: seedlings before the new year, then the survey up to harvest.
    let start = if chance.happens(0.3) {
        chance.day(date(script.year, 12, 1), date(script.year + 1, 1, 18))
    } else {
        chance.day(date(script.year + 1, 2, 15), date(script.year + 1, 4, 20))
    };
    let days = vec![Vec::new(); 1 + chance.below(4)];
    Some(Patrol { team: format!("D{:02}", chance.whole(1, 12)), start, base, days })
}

/// Teams go where they were told something: most fields within a walk of a base become the aim of
/// one of its days, the others stay unknown to it.
fn aim(patrols: &mut [Patrol], fields: &[Field], sowings: &[(Date, i64)], chance: &mut Chance) {
    for (number, field) in fields.iter().enumerate() {
        let near: Vec<(usize, usize)> = patrols
            .iter()
            .enumerate()
            .filter(|(_, it)| metres(it.base, field.place) < 6_500.0)
            .flat_map(|(n, it)| {
                (0..it.days.len()).zip(0..).map(move |(day, after)| (n, day, after))
            })
            .filter(|&(n, day, after)| {
                // A month after sowing there is something to see.
                let on = later(patrols[n].start, after);
                patrols[n].days[day].len() < 3 && on >= later(sowings[number].0, 30)
            })
            .map(|(n, day, _)| (n, day))
            .collect();
        if !near.is_empty() && chance.happens(0.7) {
            let (patrol, day) = near[chance.below(near.len())];
            patrols[patrol].days[day].push(number);
        }
    }
}

/// The legs walked, and the fields come to: which, when, by whom.
fn send_out(
    world: &World,
    season: Season,
    patrols: &[Patrol],
    fields: &[Field],
    chance: &mut Chance,
) -> (Vec<PatrolLeg>, Vec<(usize, Date, String)>) {
    let (mut legs, mut reached) = (Vec::new(), Vec::new());
    for patrol in patrols {
        let mut start = patrol.base;
        for (after, aims) in (0..).zip(&patrol.days) {
            let day = later(patrol.start, after);
            let places: Vec<_> = aims.iter().map(|&field| fields[field].place).collect();
            let length = chance.between(4_200.0, 11_800.0);
            let walked = walk(world, chance, start, &places, length);
            for aim in walked.reached {
                reached.push((aims[aim], day, patrol.team.clone()));
            }
            if walked.path.len() < 8 {
                continue;
            }
            start = walked.path[walked.path.len() - 1];
            let id = format!("{season}/L{:03}", legs.len() + 1);
            legs.push(PatrolLeg {
                id: id.clone(),
                season,
                date: day,
                team: Some(patrol.team.clone()),
                track: track(walked.path, chance),
                walked: times(day, walked.metres, chance),
                sweep_width: width(chance),
                source: RecordRef { dataset: format!("patrol-tracks-{season}"), record: id },
            });
        }
    }
    (legs, reached)
}

/// The path, now and then cut where the device was silent.
fn track(mut path: Vec<Coord<f64>>, chance: &mut Chance) -> Track {
    let mut parts = Vec::new();
    if chance.happens(0.12) && path.len() > 24 {
        let at = 8 + chance.below(path.len() - 21);
        let gap = 2 + chance.below(4);
        let rest = path.split_off(at + gap);
        path.truncate(at);
        parts.push(LineString(path));
        path = rest;
    }
    parts.push(LineString(path));
    Track(MultiLineString(parts))
}

/// Out between a quarter to seven and half past eight, back after walking and searching.
fn times(day: Date, metres: f64, chance: &mut Chance) -> Option<(Timestamp, Timestamp)> {
    let zone = TimeZone::fixed(jiff::tz::offset(7));
    let out = chance.whole(6 * 60 + 45, 8 * 60 + 30);
    let minutes = (metres / chance.between(1_300.0, 2_000.0) * 60.0) as i64 + chance.whole(30, 90);
    let minutes = minutes.min(21 * 60 - out);
    let at = |minute: i64| {
        let time = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        time.to_zoned_datetime(zone.clone()).ok().map(|zoned| zoned.timestamp())
    };
    Some((at(out)?, at(out + minutes)?))
}

/// A sweep width is told for one leg in three.
fn width(chance: &mut Chance) -> Option<Metres> {
    if !chance.happens(0.33) {
        return None;
    }
    let width = [20, 28, 30, 36, 60][chance.below(5)];
    Some(Metres::whole(width))
}

/// How a field becomes known without a team coming to it; most never do.
fn told(
    world: &World,
    script: &Script,
    field: &Field,
    sown: Date,
    chance: &mut Chance,
) -> Option<(Date, SightingSource)> {
    let commune = world.commune_at(field.place, sown)?;
    // Where units are stationed and the commune is used to reporting, more becomes known.
    let known = if commune.effort >= 2.0 || world.merger.is_some_and(|day| sown >= day) {
        0.34
    } else {
        0.22
    };
    if !chance.happens(known) {
        return None;
    }
    let near_line = metres_to_edge(field.place, &commune.ground.outline) < 800.0;
    let by = chance.weighted(&[
        (SightingSource::Stationed, 3.0),
        (SightingSource::Commune, 4.0),
        (SightingSource::Tip, 3.0),
        (SightingSource::Drone, 1.6),
        (SightingSource::Satellite, 0.8),
        (SightingSource::Neighbour, if near_line { 2.5 } else { 0.2 }),
    ])?;
    let first = later(sown, 35).max(date(script.year, 12, 5));
    Some((chance.day(first, date(script.year + 1, 4, 25)), by))
}

/// The same field reported once more, by the unit next door, under another number.
fn told_twice(chance: &mut Chance, found: &Found<'_>, id: &PlotId) -> PlotFacts {
    let day = later(found.on, chance.whole(1, 12)).min(found.season.last_day());
    let place = shifted(found.place, 45.0 * chance.normal(), 45.0 * chance.normal());
    let record =
        |n: u8| RecordRef { dataset: found.dataset.to_owned(), record: format!("{id}/{n}") };
    let sighting = Sighting {
        plot: id.clone(),
        season: found.season,
        date: day,
        by: SightingSource::Neighbour,
        position: position(rounded(place, 1e6)),
        error: None,
        outline: None,
        stage: None,
        source: record(1),
    };
    let rejection = Rejection {
        plot: id.clone(),
        date: later(day, chance.whole(3, 20)).min(found.season.last_day()),
        reason: RejectionReason::DuplicateOf(found.id.clone()),
        source: record(2),
    };
    PlotFacts { sightings: vec![sighting], rejections: vec![rejection], ..PlotFacts::default() }
}

/// "Nhổ chỗ này, trồng chỗ khác": of what was destroyed a fourth is sown again, a fifth moves one
/// to five kilometres on; of what nobody found half stays.
fn what_comes_back(
    world: &World,
    fields: &[Field],
    destroyed: &[bool],
    chance: &mut Chance,
) -> Vec<Field> {
    let mut next = Vec::new();
    for (field, &destroyed) in fields.iter().zip(destroyed) {
        let (again, moves) = if destroyed { (0.25, 0.2) } else { (0.5, 0.0) };
        if chance.happens(again) {
            let (east, north) = (9.0 * chance.normal(), 9.0 * chance.normal());
            let area = (field.area * chance.between(0.5, 1.1)).clamp(15.0, 2_000.0).round();
            next.push(Field { place: shifted(field.place, east, north), area });
        }
        if chance.happens(moves) {
            let (east, north) =
                (chance.between(-3_600.0, 3_600.0), chance.between(-3_600.0, 3_600.0));
            let place = shifted(field.place, east, north);
            if (1_000.0..5_000.0).contains(&metres(field.place, place)) && world.holds(place) {
                next.push(Field { place, area: plot_area(chance) });
            }
        }
    }
    next
}

/// Looks around a place that found nothing and left no track.
fn empty_searches(
    world: &World,
    hamlets: &[Vec<Hamlet>],
    script: &Script,
    season: Season,
    fields: &[Field],
    chance: &mut Chance,
) -> Vec<EmptySearch> {
    let weights: Vec<(usize, f64)> =
        world.communes.iter().enumerate().map(|(n, it)| (n, it.effort)).collect();
    let mut found: Vec<EmptySearch> = Vec::new();
    for _ in 0..script.patrols {
        let Some(commune) = chance.weighted(&weights) else { break };
        let places: Vec<_> = hamlets[commune].iter().map(|it| (it.place, it.weight)).collect();
        let Some(hamlet) = chance.weighted(&places) else { continue };
        let (east, north) = (1_400.0 * chance.normal(), 1_400.0 * chance.normal());
        let centre = rounded(shifted(hamlet, east, north), 1e6);
        let radius = chance.whole(3, 12) * 50;
        let day = chance.day(date(script.year, 12, 10), date(script.year + 1, 4, 25));
        let team = format!("D{:02}", chance.whole(1, 12));
        // What is there would have been seen.
        let seen = fields.iter().any(|it| metres(it.place, centre) < radius as f64 + 60.0);
        if seen || !world.holds(centre) {
            continue;
        }
        found.push(EmptySearch {
            id: String::new(),
            season,
            date: day,
            team: Some(team),
            ground: SearchedGround::Around {
                centre: position(centre),
                radius: Metres::whole(radius as u32),
            },
            source: RecordRef {
                dataset: format!("empty-searches-{season}"),
                record: String::new(),
            },
        });
    }
    found.sort_by_key(|it| it.date);
    for (number, search) in found.iter_mut().enumerate() {
        search.id = format!("{season}/E{:03}", number + 1);
        search.source.record.clone_from(&search.id);
    }
    found
}
