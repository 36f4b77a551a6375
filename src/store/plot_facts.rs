//! Facts about plots, each in its table.

use super::{
    cells::{Cells, Pen},
    error::Fault,
    facts::{Fact, Written, read_source, write_source},
    geometry::{Bytes, Shape},
};
use crate::domain::{
    Destruction, DestructionMethod, Footprint, GrowthStage, Measurement, PlotId, RecordRef,
    Rejection, RejectionReason, Sighting, SiteId, SiteLink, Verification,
};

/// Skips the plot's number: facts name their plot by its id.
fn read_plot(cells: &mut Cells<'_>) -> Result<PlotId, Fault> {
    cells.whole()?;
    Ok(PlotId(cells.string()?))
}

fn write_plot(pen: &mut Pen<'_, '_>, number: u64, id: &PlotId) -> Result<(), rusqlite::Error> {
    pen.whole(number)?;
    pen.put(&id.0)
}

impl Fact for Sighting {
    const TABLE: &'static str = "sighting";
    const COLUMNS: &'static str = "geom, plot, plot_id, season, date, seen_by, error_m, stage, \
         dataset, record, outline";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, bytes: &mut Bytes) -> Written {
        pen.put(bytes.point(self.position))?;
        let extent = bytes.extent;
        write_plot(pen, plot, &self.plot)?;
        pen.season(self.season)?;
        pen.date(self.date)?;
        pen.put(self.by.word())?;
        pen.length(self.error)?;
        pen.put(self.stage.map(GrowthStage::word))?;
        write_source(pen, &self.source)?;
        pen.put(self.outline.as_ref().map(|outline| bytes.outline(outline)))?;
        Ok(extent)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            position: cells.position()?,
            plot: read_plot(cells)?,
            season: cells.season()?,
            date: cells.date()?,
            by: cells.word()?,
            error: cells.opt_length()?,
            stage: cells.opt_word()?,
            source: read_source(cells)?,
            outline: opt_outline(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

fn opt_outline(cells: &mut Cells<'_>) -> Result<Option<Footprint>, Fault> {
    match cells.opt_shape()? {
        None => Ok(None),
        Some(Shape::Outline(outline)) => Ok(Some(outline)),
        Some(Shape::Point(_) | Shape::Lines(_)) => Err(cells.wrong("is not an outline")),
    }
}

impl Fact for Measurement {
    const TABLE: &'static str = "measurement";
    const COLUMNS: &'static str = "plot, plot_id, date, area_m2, method, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, _: &mut Bytes) -> Written {
        write_plot(pen, plot, &self.plot)?;
        pen.date(self.date)?;
        pen.area(Some(self.area))?;
        pen.put(self.method.word())?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            plot: read_plot(cells)?,
            date: cells.date()?,
            area: cells.area()?,
            method: cells.word()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for Destruction {
    const TABLE: &'static str = "destruction";
    const COLUMNS: &'static str = "plot, plot_id, date, method, area_m2, unit, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, _: &mut Bytes) -> Written {
        write_plot(pen, plot, &self.plot)?;
        pen.date(self.date)?;
        pen.put(self.method.map(DestructionMethod::word))?;
        pen.area(self.area)?;
        pen.put(&self.unit)?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            plot: read_plot(cells)?,
            date: cells.date()?,
            method: cells.opt_word()?,
            area: cells.opt_area()?,
            unit: cells.opt_string()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for Verification {
    const TABLE: &'static str = "verification";
    const COLUMNS: &'static str =
        "plot, plot_id, date, result, remaining_m2, unit, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, _: &mut Bytes) -> Written {
        write_plot(pen, plot, &self.plot)?;
        pen.date(self.date)?;
        pen.put(self.result.word())?;
        pen.area(self.remaining)?;
        pen.put(&self.unit)?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            plot: read_plot(cells)?,
            date: cells.date()?,
            result: cells.word()?,
            remaining: cells.opt_area()?,
            unit: cells.opt_string()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

/// A reason as a word, and the plot it names.
pub(super) fn reason_words(reason: &RejectionReason) -> (&'static str, Option<&str>) {
    match reason {
        RejectionReason::NotPoppy => ("not-poppy", None),
        RejectionReason::DuplicateOf(other) => ("duplicate-of", Some(&other.0)),
        RejectionReason::NotFound => ("not-found", None),
    }
}

/// The reason that [`reason_words`] wrote.
pub(super) fn read_reason(cells: &mut Cells<'_>) -> Result<Option<RejectionReason>, Fault> {
    match (cells.opt_text()?, cells.opt_string()?) {
        (None, None) => Ok(None),
        (Some("not-poppy"), None) => Ok(Some(RejectionReason::NotPoppy)),
        (Some("not-found"), None) => Ok(Some(RejectionReason::NotFound)),
        (Some("duplicate-of"), Some(other)) => {
            Ok(Some(RejectionReason::DuplicateOf(PlotId(other))))
        }
        _ => Err(cells.wrong("does not go with the reason beside it")),
    }
}

impl Fact for Rejection {
    const TABLE: &'static str = "rejection";
    const COLUMNS: &'static str = "plot, plot_id, date, reason, duplicate_of, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, _: &mut Bytes) -> Written {
        write_plot(pen, plot, &self.plot)?;
        pen.date(self.date)?;
        let (reason, other) = reason_words(&self.reason);
        pen.put(reason)?;
        pen.put(other)?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            plot: read_plot(cells)?,
            date: cells.date()?,
            reason: read_reason(cells)?.ok_or_else(|| cells.wrong("goes with no reason"))?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for SiteLink {
    const TABLE: &'static str = "site_link";
    const COLUMNS: &'static str = "plot, plot_id, site, date, rule, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, plot: u64, _: &mut Bytes) -> Written {
        write_plot(pen, plot, &self.plot)?;
        pen.put(&self.site.0)?;
        pen.date(self.date)?;
        pen.put(&self.rule)?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            plot: read_plot(cells)?,
            site: SiteId(cells.string()?),
            date: cells.date()?,
            rule: cells.string()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}
