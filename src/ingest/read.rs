//! From a file to facts, step by step.

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::{
    boundaries,
    contradiction::{self, Named},
    draft::Draft,
    duplicates,
    error::IngestError,
    gate::{self, Format},
    identity,
    mapping::{self, Mapped},
    ogr, outreach, patrols, plots,
    raw::{Column, Declared, RawFeature, Value, Wanted},
    report::{
        CrsReport, DroppedColumn, ImportReport, MappedColumn, PersonalColumn, Reason, RejectedRow,
    },
    request::{Context, ImportRequest, Progress, Reading},
    row::{Env, Row},
    settle,
    table::Table,
    validate,
};
use crate::domain::{Dataset, DatasetKind, Event};

/// Reads a file: every row becomes facts or is rejected with all its reasons. Stores nothing.
///
/// 1. The gate: a plain file, not too large, of a format that is read.
/// 2. The columns are mapped; those that carry a person are left at the gate.
/// 3. The rows are read, within the limits.
/// 4. What only the whole file tells: how it writes numbers and dates, which CRS it is in.
/// 5. Every row becomes facts (on all threads, in the order of the file).
/// 6. The keys, and the rules over several rows.
///
/// # Errors
///
/// [`IngestError`] where the whole file is refused. A file of which every row was rejected is no
/// error: its report says so.
pub fn read_file(
    request: &ImportRequest,
    context: &Context<'_>,
    progress: &dyn Progress,
) -> Result<Reading, IngestError> {
    let admitted = gate::admit(&request.path, request.limits)?;
    let file = admitted.name.clone();
    let bytes = admitted.parts.iter().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum();
    progress.start(Some(bytes), "checksum");
    let sha256 = gate::sha256(&admitted.parts, &mut |n| progress.advance(n))?;
    progress.finish();

    let mut source = match admitted.format {
        Format::Table => {
            Source::Table(Box::new(Table::open(&admitted.path, &file, request.limits)?))
        }
        Format::Ogr(format) => {
            let layer = request.layer.as_deref();
            let ogr = ogr::Ogr::open(&admitted.path, &file, format, layer, request.limits)?;
            Source::Ogr(Box::new(ogr))
        }
    };
    let level = request.boundary.level;
    let mut mapped = mapping::resolve(
        &request.mapping,
        request.kind,
        source.columns(),
        source.has_shapes() && request.kind != DatasetKind::Outreach,
        level,
    )
    .map_err(|source| IngestError::Mapping { file: file.clone(), source })?;
    let mut report = begin(request, context, &file, sha256, &source)?;
    let read = take_rows(request, &file, &mut source, &mapped, &mut report, progress)?;
    settle::withdraw_wrong_guesses(&mut mapped, &read.rows, &mut report);
    settle::refuse_strange_files(request, &file, &mapped, &read.rows)?;

    let commas = matches!(&source, Source::Table(table) if table.delimiter == b',');
    let order = settle::decide_notations(&mut mapped, &read.rows, commas, &mut report);
    let declared = source.declared();
    let verdict = settle::settle_crs(request, context, &file, &declared, &mapped, &read.rows)?;
    if let Some(verdict) = &verdict {
        report.crs = Some(CrsReport { epsg: verdict.epsg.0, because: verdict.because.clone() });
    }
    note_columns(&mapped, &source, &read.personal, &mut report);

    let zone = TimeZone::get(&context.pack.time_zone).map_err(|error| IngestError::Missing {
        file: file.clone(),
        reason: format!("the deployment's time zone `{}`: {error}", context.pack.time_zone),
    })?;
    let crs = verdict.map_or(crate::crs::WGS84, |verdict| verdict.epsg);
    let env = Env { request, context, mapped: &mapped, zone, order, crs };
    let mut drafts = draft_rows(&env, &read.rows, progress);
    identity::settle(&mut drafts, &report.dataset);
    validate::across(&mut drafts, context);
    if request.kind == DatasetKind::Boundaries {
        refuse_contradictions(&file, context, &mapped, &read.rows, &drafts)?;
    }
    flag_duplicates(&drafts, &mut report);
    Ok(finish(request, drafts, report))
}

/// An opened file, of either reader.
enum Source {
    Ogr(Box<ogr::Ogr>),
    Table(Box<Table>),
}

impl Source {
    fn columns(&self) -> &[Column] {
        match self {
            Self::Ogr(ogr) => ogr.columns(),
            Self::Table(table) => table.columns(),
        }
    }

    fn has_shapes(&self) -> bool {
        matches!(self, Self::Ogr(_))
    }

    fn declared(&self) -> Declared {
        match self {
            Self::Ogr(ogr) => ogr.declared().clone(),
            Self::Table(_) => Declared::Nothing("a table of text declares none".into()),
        }
    }

    fn read(
        &mut self,
        wanted: &Wanted,
        take: impl FnMut(RawFeature, &[bool]) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        match self {
            Self::Ogr(ogr) => ogr.read(wanted, take),
            Self::Table(table) => table.read(wanted, take),
        }
    }
}

fn begin(
    request: &ImportRequest,
    context: &Context<'_>,
    file: &str,
    sha256: String,
    source: &Source,
) -> Result<ImportReport, IngestError> {
    let stem = request.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let dataset = request.dataset.clone().unwrap_or(stem).trim().to_owned();
    let bad = dataset.is_empty()
        || dataset.chars().count() > 100
        || dataset.chars().any(|c| c.is_control() || c == '/' || c == '\\');
    if bad {
        return Err(IngestError::Missing {
            file: file.to_owned(),
            reason: format!(
                "`{dataset}` is no name of a data set: 1 to 100 letters without / or \\"
            ),
        });
    }
    if let Some(season) = request.season
        && season.first_day() > context.today
    {
        return Err(IngestError::Missing {
            file: file.to_owned(),
            reason: format!("the season {season} has not begun; today is {}", context.today),
        });
    }
    let mut notes = Vec::new();
    let mut layer = None;
    match source {
        Source::Table(table) => {
            let sign = match table.delimiter {
                b'\t' => "tabs".to_owned(),
                other => format!("`{}`", char::from(other)),
            };
            notes.push(format!("text in {}, cells parted by {sign}", table.encoding.name()));
        }
        Source::Ogr(ogr) => {
            notes.extend(ogr.notes.iter().cloned());
            layer = Some(ogr.layer_name.clone());
        }
    }
    Ok(ImportReport {
        file: file.to_owned(),
        dataset,
        kind: request.kind,
        sha256,
        layer,
        notes,
        crs: None,
        mapping: Vec::new(),
        rows_read: 0,
        rows_left_out: 0,
        accepted: 0,
        rejected: 0,
        facts: Vec::new(),
        rejected_rows: Vec::new(),
        warnings: Vec::new(),
        dropped_columns: Vec::new(),
        personal_columns: Vec::new(),
    })
}

/// What came out of the reader.
struct Read {
    rows: Vec<RawFeature>,
    personal: Vec<u64>,
}

fn take_rows(
    request: &ImportRequest,
    file: &str,
    source: &mut Source,
    mapped: &Mapped,
    report: &mut ImportReport,
    progress: &dyn Progress,
) -> Result<Read, IngestError> {
    let mut wanted = Wanted {
        columns: mapped.slots.iter().map(|slot| slot.column).collect(),
        counted: mapped.personal.clone(),
    };
    let fields = wanted.columns.len();
    for filter in &request.only {
        let columns = source.columns();
        let index = columns.iter().position(|it| it.name == filter.column).ok_or_else(|| {
            let names: Vec<String> = columns.iter().map(|it| format!("`{}`", it.name)).collect();
            IngestError::Missing {
                file: file.to_owned(),
                reason: format!(
                    "there is no column `{}` to choose rows by; there are: {}",
                    filter.column,
                    names.join(", ")
                ),
            }
        })?;
        if mapped.personal.contains(&index) {
            return Err(IngestError::Missing {
                file: file.to_owned(),
                reason: format!(
                    "the column `{}` carries personal data: rows are not chosen by it",
                    filter.column
                ),
            });
        }
        wanted.columns.push(index);
    }
    let total = match source {
        Source::Ogr(ogr) => ogr.rows,
        Source::Table(_) => None,
    };
    let mut read = Read { rows: Vec::new(), personal: vec![0; mapped.personal.len()] };
    progress.start(total, "reading");
    let mut since = 0;
    source.read(&wanted, |mut feature, filled| {
        report.rows_read += 1;
        since += 1;
        if since == 1024 {
            progress.advance(since);
            since = 0;
        }
        for (count, filled) in read.personal.iter_mut().zip(filled) {
            *count += u64::from(*filled);
        }
        let asked = request.only.iter().zip(&feature.values[fields..]).all(|(filter, cell)| {
            cell.as_ref().map(Value::shown).unwrap_or_default().trim() == filter.value.trim()
        });
        if !asked {
            report.rows_left_out += 1;
            return Ok(());
        }
        feature.values.truncate(fields);
        read.rows.push(feature);
        Ok(())
    })?;
    progress.advance(since);
    progress.finish();
    if read.rows.is_empty() {
        let what = if report.rows_left_out > 0 {
            format!("none of its {} rows is what was asked for", report.rows_read)
        } else {
            "it has headings and no rows".to_owned()
        };
        return Err(IngestError::Empty { file: file.to_owned(), what });
    }
    Ok(read)
}

fn note_columns(mapped: &Mapped, source: &Source, personal: &[u64], report: &mut ImportReport) {
    let columns = source.columns();
    report.mapping = mapped
        .used()
        .map(|slot| MappedColumn {
            field: slot.spec.name,
            column: slot.heading.clone(),
            given: slot.given,
            unit: slot.unit,
        })
        .collect();
    let mut dropped = mapped.dropped.clone();
    dropped.sort_unstable();
    report.dropped_columns = dropped
        .iter()
        .map(|index| DroppedColumn { column: columns[*index].name.clone() })
        .collect();
    report.personal_columns = mapped
        .personal
        .iter()
        .zip(personal)
        .map(|(index, filled)| PersonalColumn {
            column: columns[*index].name.clone(),
            filled: *filled,
        })
        .collect();
}

fn draft_rows(env: &Env<'_>, rows: &[RawFeature], progress: &dyn Progress) -> Vec<Draft> {
    const CHUNK: usize = 4096;
    progress.start(Some(rows.len() as u64), "checking");
    let mut drafts = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        drafts.par_extend(chunk.par_iter().map(|raw| draft_row(env, raw)));
        progress.advance(chunk.len() as u64);
    }
    progress.finish();
    drafts
}

fn draft_row(env: &Env<'_>, raw: &RawFeature) -> Draft {
    let row = Row::new(env, raw);
    match env.request.kind {
        DatasetKind::Plots => plots::plot(row),
        DatasetKind::Boundaries => boundaries::unit(row),
        DatasetKind::BorderLines => boundaries::line(row),
        DatasetKind::Tracks => patrols::track(row),
        DatasetKind::EmptySearches => patrols::empty_search(row),
        DatasetKind::Outreach => outreach::outreach(row),
    }
}

fn refuse_contradictions(
    file: &str,
    context: &Context<'_>,
    mapped: &Mapped,
    rows: &[RawFeature],
    drafts: &[Draft],
) -> Result<(), IngestError> {
    let parent = mapped.place("parent_name");
    let named: Vec<Named<'_>> = drafts
        .iter()
        .zip(rows)
        .filter_map(|(draft, raw)| {
            let Some(Event::BoundaryDeclared(unit)) = draft.facts.first() else { return None };
            let parent_name = parent.and_then(|place| match &raw.values[place] {
                Some(Value::Text(text)) => Some(text.as_str()),
                _ => None,
            });
            Some(Named { unit, parent_name })
        })
        .collect();
    match contradiction::find(&named, context.centres) {
        Some(reason) => Err(IngestError::ShapesContradictNames { file: file.to_owned(), reason }),
        None => Ok(()),
    }
}

fn flag_duplicates(drafts: &[Draft], report: &mut ImportReport) {
    let accepted = || drafts.iter().filter(|draft| draft.reasons.is_empty());
    let sightings =
        accepted().flat_map(|draft| duplicates::sightings(&draft.facts).map(|it| (draft.row, it)));
    for pair in duplicates::of_plots(sightings) {
        report.warn(duplicates::POSSIBLE_DUPLICATE, pair.row, pair.detail);
    }
    let units = accepted().filter_map(|draft| match draft.facts.first() {
        Some(Event::BoundaryDeclared(unit)) => Some((draft.row, unit)),
        _ => None,
    });
    for pair in duplicates::of_units(units) {
        report.warn(duplicates::SAME_OUTLINE, pair.row, pair.detail);
    }
}

fn finish(request: &ImportRequest, drafts: Vec<Draft>, mut report: ImportReport) -> Reading {
    report.accepted = drafts.iter().filter(|draft| draft.reasons.is_empty()).count() as u64;
    report.rejected = drafts.len() as u64 - report.accepted;
    let mut events = Vec::with_capacity(drafts.len() + 1);
    if report.accepted > 0 {
        events.push(Event::DatasetImported(dataset(request, &report)));
    }
    let mut facts: Vec<(&'static str, u64)> = Vec::new();
    for draft in drafts {
        if !draft.reasons.is_empty() {
            let mut reasons: Vec<Reason> = draft.reasons;
            reasons.dedup();
            report.rejected_rows.push(RejectedRow { row: draft.row, id: draft.id, reasons });
            continue;
        }
        for (code, detail) in draft.warnings {
            report.warn(code, draft.row, detail);
        }
        for fact in draft.facts {
            let kind = fact.kind();
            match facts.iter_mut().find(|(other, _)| *other == kind) {
                Some((_, count)) => *count += 1,
                None => facts.push((kind, 1)),
            }
            events.push(fact);
        }
    }
    report.facts = facts;
    Reading { events, report }
}

fn dataset(request: &ImportRequest, report: &ImportReport) -> Dataset {
    Dataset {
        id: report.dataset.clone(),
        kind: report.kind,
        file: report.file.clone(),
        sha256: report.sha256.clone(),
        title: request.title.clone(),
        licence: request.licence.clone(),
        attribution: request.attribution.clone(),
        simulated: request.simulated,
        approximate: request.approximate.clone(),
        accepted: report.accepted,
        rejected: report.rejected,
        personal_columns: report
            .personal_columns
            .iter()
            .map(|it| (it.column.clone(), it.filled))
            .collect(),
    }
}
