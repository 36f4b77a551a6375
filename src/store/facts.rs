//! One kind of fact, one table: how it is written into its row and read back. Facts about plots
//! stand in `plot_facts.rs`.

use super::{
    cells::{Cells, Pen},
    error::Fault,
    geometry::{Bytes, Shape},
};
use crate::domain::{
    BorderLine, Boundary, Dataset, DatasetKind, EmptySearch, Extent, Outreach, PatrolLeg,
    RecordRef, SearchedGround, Track, UnitKey,
};

/// A fact whose rows hold from the event that told it until the one that told otherwise.
pub(super) trait Fact: Sized {
    /// Its table, keyed by `rev_from`.
    const TABLE: &'static str;
    /// The columns after `rev_from`, in the order of [`Self::write`] and [`Self::read`].
    const COLUMNS: &'static str;
    /// Which rows are the same record: these columns, in the order of [`Self::write_key`].
    const KEY: &'static str = "dataset = ? AND record = ?";

    /// Writes the columns; `plot` is the number of the plot it is about. Gives the extent of its
    /// geometry.
    fn write(
        &self,
        pen: &mut Pen<'_, '_>,
        plot: u64,
        bytes: &mut Bytes,
    ) -> Result<Option<Extent>, rusqlite::Error>;

    /// Reads what [`Self::write`] wrote.
    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault>;

    /// Where it came from; `None` for an import, whose key is the data set.
    fn source(&self) -> Option<&RecordRef>;

    fn write_key(&self, pen: &mut Pen<'_, '_>) -> Result<(), rusqlite::Error> {
        self.source().map_or(Ok(()), |source| {
            pen.put(&source.dataset)?;
            pen.put(&source.record)
        })
    }
}

pub(super) fn write_source(
    pen: &mut Pen<'_, '_>,
    source: &RecordRef,
) -> Result<(), rusqlite::Error> {
    pen.put(&source.dataset)?;
    pen.put(&source.record)
}

pub(super) fn read_source(cells: &mut Cells<'_>) -> Result<RecordRef, Fault> {
    Ok(RecordRef { dataset: cells.string()?, record: cells.string()? })
}

fn json(value: &impl serde::Serialize) -> Result<String, rusqlite::Error> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

pub(super) type Written = Result<Option<Extent>, rusqlite::Error>;

impl Fact for Dataset {
    const TABLE: &'static str = "dataset";
    const COLUMNS: &'static str = "dataset, kind, file, sha256, title, licence, attribution, \
         simulated, approximate, accepted, rejected, personal_columns";
    const KEY: &'static str = "dataset = ?";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, _: &mut Bytes) -> Written {
        pen.put(&self.id)?;
        pen.put(self.kind.word())?;
        pen.put(&self.file)?;
        pen.put(&self.sha256)?;
        pen.put(&self.title)?;
        pen.put(&self.licence)?;
        pen.put(&self.attribution)?;
        pen.put(self.simulated)?;
        pen.put(&self.approximate)?;
        pen.whole(self.accepted)?;
        pen.whole(self.rejected)?;
        pen.put(json(&self.personal_columns)?)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: cells.string()?,
            kind: {
                let word = cells.text()?;
                let kind = DatasetKind::ALL.into_iter().find(|kind| kind.word() == word);
                kind.ok_or_else(|| cells.wrong("is no kind of data set"))?
            },
            file: cells.string()?,
            sha256: cells.string()?,
            title: cells.opt_string()?,
            licence: cells.opt_string()?,
            attribution: cells.opt_string()?,
            simulated: cells.flag()?,
            approximate: cells.opt_string()?,
            accepted: cells.whole()?,
            rejected: cells.whole()?,
            personal_columns: cells.json()?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        None
    }

    fn write_key(&self, pen: &mut Pen<'_, '_>) -> Result<(), rusqlite::Error> {
        pen.put(&self.id)
    }
}

impl Fact for Boundary {
    const TABLE: &'static str = "boundary";
    const COLUMNS: &'static str = "geom, scheme, level, code, valid_from, valid_to, name, aliases, \
         parent, error_m, legal_act, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, bytes: &mut Bytes) -> Written {
        pen.put(bytes.outline(&self.outline))?;
        pen.put(&self.key.scheme)?;
        pen.put(self.key.level.word())?;
        pen.put(&self.key.code)?;
        pen.date(self.key.valid_from)?;
        pen.date(self.valid_to)?;
        pen.put(&self.name)?;
        pen.put(json(&self.aliases)?)?;
        pen.put(&self.parent)?;
        pen.length(Some(self.error))?;
        pen.put(&self.legal_act)?;
        write_source(pen, &self.source)?;
        Ok(bytes.extent)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        let outline = cells.outline()?;
        let key = UnitKey {
            scheme: cells.string()?,
            level: cells.parsed()?,
            code: cells.string()?,
            valid_from: cells.date()?,
        };
        Ok(Self {
            key,
            outline,
            valid_to: cells.opt_date()?,
            name: cells.string()?,
            aliases: cells.json()?,
            parent: cells.opt_string()?,
            error: cells.length()?,
            legal_act: cells.opt_string()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for BorderLine {
    const TABLE: &'static str = "border_line";
    const COLUMNS: &'static str =
        "geom, level, name, side_a, side_b, error_m, valid_from, valid_to, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, bytes: &mut Bytes) -> Written {
        pen.put(bytes.lines(&self.line))?;
        pen.put(self.level.word())?;
        pen.put(&self.name)?;
        pen.put(&self.sides[0])?;
        pen.put(&self.sides[1])?;
        pen.length(Some(self.error))?;
        pen.date(self.valid_from)?;
        pen.date(self.valid_to)?;
        write_source(pen, &self.source)?;
        Ok(bytes.extent)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            line: cells.lines()?,
            level: cells.parsed()?,
            name: cells.string()?,
            sides: [cells.string()?, cells.string()?],
            error: cells.length()?,
            valid_from: cells.date()?,
            valid_to: cells.opt_date()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for PatrolLeg {
    const TABLE: &'static str = "patrol_leg";
    const COLUMNS: &'static str = "geom, leg_id, season, date, team, started_at, ended_at, \
         sweep_width_m, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, bytes: &mut Bytes) -> Written {
        pen.put(bytes.lines(&self.track.0))?;
        pen.put(&self.id)?;
        pen.season(self.season)?;
        pen.date(self.date)?;
        pen.put(&self.team)?;
        pen.time(self.walked.map(|(start, _)| start))?;
        pen.time(self.walked.map(|(_, end)| end))?;
        pen.length(self.sweep_width)?;
        write_source(pen, &self.source)?;
        Ok(bytes.extent)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            track: Track(cells.lines()?),
            id: cells.string()?,
            season: cells.season()?,
            date: cells.date()?,
            team: cells.opt_string()?,
            walked: match (cells.opt_time()?, cells.opt_time()?) {
                (None, None) => None,
                (Some(start), Some(end)) => Some((start, end)),
                _ => return Err(cells.wrong("stands without the other time")),
            },
            sweep_width: cells.opt_length()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for EmptySearch {
    const TABLE: &'static str = "empty_search";
    const COLUMNS: &'static str = "geom, radius_m, search_id, season, date, team, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, bytes: &mut Bytes) -> Written {
        match &self.ground {
            SearchedGround::Around { centre, radius } => {
                pen.put(bytes.point(*centre))?;
                pen.length(Some(*radius))?;
            }
            SearchedGround::Within(outline) => {
                pen.put(bytes.outline(outline))?;
                pen.length(None)?;
            }
        }
        pen.put(&self.id)?;
        pen.season(self.season)?;
        pen.date(self.date)?;
        pen.put(&self.team)?;
        write_source(pen, &self.source)?;
        Ok(bytes.extent)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            ground: match (cells.shape()?, cells.opt_length()?) {
                (Shape::Point(centre), Some(radius)) => SearchedGround::Around { centre, radius },
                (Shape::Outline(outline), None) => SearchedGround::Within(outline),
                _ => return Err(cells.wrong("goes with a point, and only with a point")),
            },
            id: cells.string()?,
            season: cells.season()?,
            date: cells.date()?,
            team: cells.opt_string()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}

impl Fact for Outreach {
    const TABLE: &'static str = "outreach";
    const COLUMNS: &'static str =
        "outreach_id, season, date, commune, hamlet, meetings, pledges, dataset, record";

    fn write(&self, pen: &mut Pen<'_, '_>, _: u64, _: &mut Bytes) -> Written {
        pen.put(&self.id)?;
        pen.season(self.season)?;
        pen.date(self.date)?;
        pen.put(&self.commune)?;
        pen.put(&self.hamlet)?;
        pen.put(self.meetings)?;
        pen.put(self.pledges)?;
        write_source(pen, &self.source)?;
        Ok(None)
    }

    fn read(cells: &mut Cells<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: cells.string()?,
            season: cells.season()?,
            date: cells.date()?,
            commune: cells.string()?,
            hamlet: cells.opt_string()?,
            meetings: cells.count()?,
            pledges: cells.opt_count()?,
            source: read_source(cells)?,
        })
    }

    fn source(&self) -> Option<&RecordRef> {
        Some(&self.source)
    }
}
