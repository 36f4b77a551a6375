//! Scan statistics: where, and when, do more cases crowd together than chance would have it?
//!
//! One window after another is laid over the map, each is scored by its log likelihood ratio, and
//! the best of all is held against the best of 999 maps drawn by chance: one p for the whole map,
//! however many windows were tried, with no cell size to choose. It works with few plots.
//!
//! Sources: Kulldorff (1997), *A spatial scan statistic*; Kulldorff (2001), *Prospective
//! time-periodic geographical disease surveillance using a scan statistic*; Kulldorff et al.
//! (2005), *A space-time permutation scan statistic*; Kulldorff et al. (2006), *An elliptic spatial
//! scan statistic*; Abrams, Kleinman and Kulldorff (2010), *Gumbel based p-value approximations for
//! spatial scan statistics*; Han et al. (2016), on the Gini coefficient; SaTScan's user guide for what is left to choice (ties, ellipses,
//! secondary clusters).
//!
//! [`scan`] answers a [`Question`]; [`Question::on_places`] is the plain one: cases and population
//! of places, circles up to half of the population. Where there is nothing to say, [`Reason`] says
//! why. Replica r draws from stream r; threads and chunks decide nothing.
//!
//! Cost: (windows) × (replicas) steps of an addition and a comparison, 8 or 16 at a time: see
//! [`Question::windows_at_most`]. Memory: cells × replicas × 2 bytes, in batches of at most 256 MB.

mod answer;
mod critical;
mod data;
mod draw;
mod gini;
mod kernel;
mod observe;
mod question;
mod ratio;
mod reason;
mod run;
mod windows;

#[cfg(test)]
mod brute;

pub use answer::{Cluster, Member, Ring, Scan};
pub use gini::{Gini, SIZES, coefficient};
pub use question::{Model, Question, Rates, Scope, Secondary, Windows};
pub use reason::Reason;
pub use run::scan;
