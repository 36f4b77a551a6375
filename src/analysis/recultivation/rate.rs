//! Of cleared plots that somebody looked at again, how many had a plot again?

use super::plots::{Plots, Return};
use crate::analysis::recultivation::survival::Spell;

/// Cleared plots in one later season: the ones still without a later plot when it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Cleared before the season, with no plot known on the place since.
    pub cleared: u32,
    /// Those of which somebody looked at the place in the season: the denominator.
    pub searched: u32,
    /// Those searched that had a plot again: the numerator.
    pub returned: u32,
    /// Those with a plot again where no search is recorded (a tip, an image). They are in neither
    /// number: the places without a plot that nobody looked at are not known, and to count only
    /// the finds among them would make a rate of 1.
    pub returned_unsearched: u32,
}

/// Why there is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// No ground was cleared before the season, or all of it had a plot again before.
    NothingCleared,
    /// No search of any of it is recorded in the season.
    NobodyLooked,
}

impl NoRate {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingCleared => "nothing-cleared",
            Self::NobodyLooked => "nobody-looked",
        }
    }
}

impl Rate {
    /// Returned over searched, 0 to 1.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn share(self) -> Result<f64, NoRate> {
        if self.cleared == 0 {
            Err(NoRate::NothingCleared)
        } else if self.searched == 0 {
            Err(NoRate::NobodyLooked)
        } else {
            Ok(f64::from(self.returned) / f64::from(self.searched))
        }
    }

    /// Cleared plots of which nobody knows: neither a search nor a plot is recorded.
    pub fn unknown(self) -> u32 {
        self.cleared - self.searched - self.returned_unsearched
    }
}

/// Plots with the seasons in which each had a plot again and in which it was looked at.
#[derive(Clone, Copy)]
pub struct History<'h> {
    /// The plots.
    pub plots: &'h Plots<'h>,
    /// [`Plots::returns`] of them, up to the last season asked about or later.
    pub returns: &'h [Option<Return>],
    /// Whether somebody looked at the place of a plot in a season after its own.
    pub searched: &'h (dyn Fn(usize, i32) -> bool + Sync),
}

impl History<'_> {
    /// Whether a plot is of a season before `season` and had none on its place in between.
    pub fn waits(&self, plot: usize, season: i32) -> bool {
        self.plots.all[plot].season < season
            && self.returns[plot].is_none_or(|back| back.season >= season)
    }

    /// Whether the first later plot on its place is of `season`.
    pub fn returned(&self, plot: usize, season: i32) -> bool {
        self.returns[plot].is_some_and(|back| back.season == season)
    }
}

/// The rate of return in one season. Cost: linear.
pub fn rate(history: History<'_>, season: i32) -> Rate {
    let mut rate = Rate::default();
    for (at, plot) in history.plots.all.iter().enumerate() {
        if !plot.cleared || !history.waits(at, season) {
            continue;
        }
        rate.cleared += 1;
        let returned = history.returned(at, season);
        if (history.searched)(at, season) {
            rate.searched += 1;
            rate.returned += u32::from(returned);
        } else {
            rate.returned_unsearched += u32::from(returned);
        }
    }
    rate
}

/// How long each cleared plot is known to have stayed clear, in seasons up to `last`: it ends with
/// a plot found by a search, and is cut off before the first season in which nobody looked.
/// Plots of which nothing is known after their clearing are left out.
pub fn episodes(history: History<'_>, last: i32) -> Vec<Spell> {
    let mut spells = Vec::new();
    for (at, plot) in history.plots.all.iter().enumerate().filter(|(_, plot)| plot.cleared) {
        let mut known = plot.season;
        let mut ended = false;
        while known < last && !ended && (history.searched)(at, known + 1) {
            known += 1;
            ended = history.returned(at, known);
        }
        if known > plot.season {
            spells.push(Spell { time: f64::from(known - plot.season), ended });
        }
    }
    spells
}

#[cfg(test)]
mod tests {
    use geo_types::Coord;

    use super::*;
    use crate::analysis::recultivation::{DISTANCE, Plot};

    /// Places 100 m apart; of each plot (season, cleared, place).
    fn plots(of: &[(i32, bool, u32)]) -> Vec<Plot<'static>> {
        of.iter()
            .map(|(season, cleared, place)| Plot {
                season: *season,
                cleared: *cleared,
                at: Coord { x: f64::from(*place) * 100.0, y: 0.0 },
                error: 0.0,
                outline: None,
                site: None,
            })
            .collect()
    }

    #[test]
    fn only_ground_that_was_searched_again_is_in_the_rate() {
        // Cleared in 1: places 0 to 4; again in 2: place 0; in 3: places 1, 2 and 0.
        let all = plots(&[
            (1, true, 0),
            (1, true, 1),
            (1, true, 2),
            (1, true, 3),
            (1, true, 4),
            (1, false, 5),
            (2, true, 0),
            (3, true, 1),
            (3, false, 2),
            (3, false, 0),
        ]);
        let plots = Plots::new(&all);
        let returns = plots.returns(DISTANCE, 3);
        // Places 0, 1 and 3 were looked at in season 3; nobody looked at any in season 2.
        let searched = |at: usize, season| season == 3 && [0, 1, 3, 6].contains(&at);
        let history = History { plots: &plots, returns: &returns, searched: &searched };
        let in_3 = rate(history, 3);
        // Place 0 of season 1 came back in 2 and is at stake again by its plot of season 2.
        assert_eq!(in_3, Rate { cleared: 5, searched: 3, returned: 2, returned_unsearched: 1 });
        assert_eq!((in_3.share(), in_3.unknown()), (Ok(2.0 / 3.0), 1));
        let in_2 = rate(history, 2);
        assert_eq!((in_2.share(), in_2.unknown()), (Err(NoRate::NobodyLooked), 4));
        assert_eq!(rate(history, 1).share(), Err(NoRate::NothingCleared));
        // Only the plot of season 2 was watched without a gap.
        assert_eq!(episodes(history, 3), [Spell { time: 1.0, ended: true }]);
        let always = |_: usize, _: i32| true;
        let watched = episodes(History { searched: &always, ..history }, 3);
        let clear = Spell { time: 2.0, ended: false };
        let [one, two] = [1.0, 2.0].map(|time| Spell { time, ended: true });
        assert_eq!(watched, [one, two, two, clear, clear, one]);
    }
}
