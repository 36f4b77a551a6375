//! What one answer may look at: everything known at one revision, indexed, never changed and only
//! replaced.
//!
//! The rules by which points, outlines and lines are settled are written in
//! `docs/decisions/overlay.md`.

mod atlas;
mod borders;
mod error;
mod ground;
mod homes;
mod kin;
mod kind;
mod lineage;
mod lines;
mod live;
mod memo;
mod patrols;
mod plots;
mod run;
mod segments;
mod settling;
mod shares;
mod sheet;
mod strips;
mod territory;
mod unit;
mod view;
mod walk;
mod whole;

pub use atlas::Atlas;
pub use error::SnapshotError;
pub use homes::{Located, Settled, UnitsOf};
pub use kind::PlotKind;
pub use lineage::{Lineage, LineageReport};
pub use lines::{NearestLine, SharedLine, Side};
pub use live::LiveSnapshot;
pub use memo::Memo;
pub use patrols::{LegView, SearchView, SearchedPlace};
pub use settling::Settling;
pub use sheet::{LeftOut, LeftOutReason};

pub use strips::BorderStrip;
pub use unit::{Unit, UnitRef};
pub use view::{PlotRun, PlotView};
pub use whole::Snapshot;
