//! Rows about outreach: meetings and pledges, counted by commune or hamlet.

use unicode_normalization::UnicodeNormalization;

use super::{draft::Draft, row::Row};
use crate::domain::{Event, Outreach, RecordRef, Season};

const CODE_AS_NUMBER: (&str, &str) = (
    "code-as-number",
    "codes came as numbers: leading zeros, if there were any, are lost (03463 became 3463); save \
     the column as text",
);

/// One count.
pub fn outreach(mut row: Row<'_>) -> Draft {
    let id = row.id("id");
    let needed = |row: &mut Row<'_>, field: &str, right: &str| {
        if !row.says(field) {
            row.reject(field, "", "is missing", right);
        }
    };
    needed(&mut row, "date", "the day of the meeting");
    needed(&mut row, "commune", "the commune's code as text");
    needed(&mut row, "meetings", "how many meetings were held; 0 is a number too");
    let date = row.event_day("date");
    if let (Some(date), Some(season)) = (date, row.env.request.season)
        && Season::of(date) != season
    {
        let wrong = format!("lies outside of the season {season}");
        row.reject("date", date.to_string(), wrong, format!("--season {}", Season::of(date)));
    }
    let commune = row.name("commune");
    if commune.is_some() && row.env.mapped.slot("commune").is_some_and(|slot| slot.numeric) {
        row.warn(CODE_AS_NUMBER, commune.clone().unwrap_or_default());
    }
    let hamlet = row.name("hamlet").map(|name| name.nfc().collect::<String>());
    let meetings = row.count("meetings");
    let pledges = row.count("pledges");
    let mut draft = Draft { row: row.raw.row, id, ..Draft::default() };
    if row.reasons.is_empty()
        && let (Some(date), Some(commune), Some(meetings)) = (date, commune, meetings)
    {
        draft.facts.push(Event::OutreachHeld(Outreach {
            id: String::new(),
            season: Season::of(date),
            date,
            commune,
            hamlet,
            meetings,
            pledges,
            source: RecordRef { dataset: String::new(), record: String::new() },
        }));
    }
    draft.reasons = row.reasons;
    draft.warnings = row.warnings;
    draft
}
