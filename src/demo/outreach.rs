//! Phase I: meetings and pledges by commune and hamlet.

use jiff::civil::{Date, date};

use super::{chance::Chance, world::World};
use crate::domain::{Outreach, RecordRef, Season};

/// One commune in eight holds no meeting that anybody wrote down; in the others one to four
/// hamlets do, the far communes more often than the rest. Pledges were not counted everywhere.
pub(super) fn meetings(
    world: &World,
    season: Season,
    until: Date,
    chance: &mut Chance,
) -> Vec<Outreach> {
    let year = season.start_year();
    let (first, last) = (date(year, 9, 6), date(year, 12, 31).min(until));
    let merged = world.merger.is_some_and(|merger| first >= merger);
    let communes = if merged { &world.later } else { &world.communes };
    let mut found: Vec<Outreach> = Vec::new();
    for commune in communes {
        if chance.happens(0.125) {
            continue;
        }
        let hamlets = chance.whole(1, if commune.risk >= 4.0 { 5 } else { 3 });
        for hamlet in 1..=hamlets {
            let day = chance.day(date(year, 9, 6), date(year, 12, 31));
            let meetings = chance.whole(1, 3) as u32;
            let pledges = chance.happens(0.85).then(|| chance.whole(18, 140) as u32);
            if !(first..=last).contains(&day) {
                continue;
            }
            found.push(Outreach {
                id: String::new(),
                season,
                date: day,
                commune: commune.code().to_owned(),
                hamlet: (hamlets > 1).then(|| format!("Bản {hamlet}")),
                meetings,
                pledges,
                source: RecordRef { dataset: format!("outreach-{season}"), record: String::new() },
            });
        }
    }
    found.sort_by(|a, b| (a.date, &a.commune, &a.hamlet).cmp(&(b.date, &b.commune, &b.hamlet)));
    for (number, meeting) in found.iter_mut().enumerate() {
        meeting.id = format!("{season}/T{:03}", number + 1);
        meeting.source.record.clone_from(&meeting.id);
    }
    found
}
