//! Tuyên truyền, phase I: which communes were visited, how many meetings and pledges.
//!
//! Source: DESIGN §4, *Coverage*. Outreach is shown beside the search and gives no probability of
//! detection (DOMAIN §2.2, item 6).

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::Outreach;

/// What was done in one place, or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Meetings.
    pub meetings: u64,
    /// Pledges signed, where they were counted.
    pub pledges: u64,
    /// Entries that do not tell how many pledges were signed.
    pub uncounted: u64,
    /// Entries that do.
    pub counted: u64,
    /// Hamlets by name, where the count was of one.
    pub hamlets: BTreeSet<String>,
    /// The last day.
    pub last: Option<Date>,
}

impl Held {
    /// Counts one entry.
    pub fn count(&mut self, held: &Outreach) {
        self.meetings += u64::from(held.meetings);
        match held.pledges {
            Some(pledges) => {
                self.pledges += u64::from(pledges);
                self.counted += 1;
            }
            None => self.uncounted += 1,
        }
        self.hamlets.extend(held.hamlet.clone());
        self.last = self.last.max(Some(held.date));
    }

    /// Whether anybody came: an entry with no meeting and no pledge is no visit.
    pub fn visited(&self) -> bool {
        self.meetings > 0 || self.pledges > 0
    }

    /// Pledges signed; `None` where meetings were held and nobody counted any.
    pub fn known_pledges(&self) -> Option<u64> {
        (self.counted > 0 || self.uncounted == 0).then_some(self.pledges)
    }
}

/// Units visited over units, 0 to 1, with both; `None` where there are no units.
pub fn visited_share<'h>(held: impl IntoIterator<Item = &'h Held>) -> Option<(usize, usize, f64)> {
    let (mut visited, mut units) = (0, 0);
    for held in held {
        units += 1;
        visited += usize::from(held.visited());
    }
    (units > 0).then(|| (visited, units, visited as f64 / units as f64))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{RecordRef, Season};

    fn entry(meetings: u32, pledges: Option<u32>) -> Outreach {
        Outreach {
            id: "o".into(),
            season: Season::starting(2024).unwrap(),
            date: date(2024, 10, 1),
            commune: "03460".into(),
            hamlet: Some("Nậm Nghẹ".into()),
            meetings,
            pledges,
            source: RecordRef { dataset: "test".into(), record: "1".into() },
        }
    }

    #[test]
    fn uncounted_pledges_are_not_zero() {
        let mut held = Held::default();
        assert_eq!(held.known_pledges(), Some(0));
        held.count(&entry(1, None));
        assert_eq!((held.known_pledges(), held.visited()), (None, true));
        held.count(&entry(2, Some(31)));
        assert_eq!((held.known_pledges(), held.meetings, held.hamlets.len()), (Some(31), 3, 1));
        let nobody = Held::default();
        assert_eq!(visited_share([&held, &nobody]), Some((1, 2, 0.5)));
        assert_eq!(visited_share([]), None);
    }
}
