//! `import` and `demo`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{
    Done,
    args::ImportArgs,
    output,
    progress::Bar,
    say::{Failure, say, say_json, warn},
};
use crate::{
    app::{App, AppError, Imported, Strictness, demo_files},
    config::Deployment,
    domain::Metres,
    ingest::{BoundaryDefaults, ImportRequest, Mapping, Progress, RowFilter},
};

/// `poppywatch import FILE --kind KIND`
pub fn import(deployment: &Deployment, args: &ImportArgs) -> Done {
    let outputs = [("--report", &args.report), ("--save-mapping", &args.save_mapping)];
    let inputs: Vec<&Path> =
        std::iter::once(&args.file).chain(&args.mapping).map(PathBuf::as_path).collect();
    for (flag, out) in outputs {
        if let Some(out) = out {
            output::check(flag, out, &deployment.store, &inputs)?;
        }
    }
    // Before a store is made: a mistyped name leaves none behind.
    if let Err(error) = fs::metadata(&args.file) {
        return Err(Failure::input(format!("{}: {error}", args.file.display())));
    }
    let request = request(args)?;
    let nowhere;
    let store = if args.dry_run && !deployment.store.exists() {
        nowhere = tempfile::tempdir().map_err(|source| AppError::File {
            what: "making a folder for the dry run".into(),
            source,
        })?;
        nowhere.path().join("dry-run.gpkg")
    } else {
        deployment.store.clone()
    };
    let app = App::open(&store, true, deployment.country_pack()?, deployment.today)?;
    let strictness = if args.strict { Strictness::AllRows } else { Strictness::GoodRows };
    let bar = Bar::default();
    let done = app.import(&request, strictness, !args.dry_run, &bar);
    bar.finish();
    let Imported { report, appended, warnings } = match done {
        Ok(imported) => imported,
        Err(AppError::Rejected(report)) => {
            save_report(args, &report)?;
            if args.json {
                say_json(&report)?;
            }
            return Err(AppError::Rejected(report).into());
        }
        Err(error) => return Err(error.into()),
    };
    for warning in warnings {
        warn(&warning);
    }
    save_report(args, &report)?;
    if let Some(file) = &args.save_mapping {
        output::write(file, &report.mapping_toml())?;
    }
    if args.json {
        say_json(&report)?;
    } else {
        say(&report.to_string())?;
        match appended {
            None => say("dry run: nothing was stored")?,
            Some(it) => say(&format!(
                "stored in {}: {} new facts, {} superseded, {} unchanged; revision {}",
                deployment.store.display(),
                it.new,
                it.superseded,
                it.unchanged,
                it.head.revision.0
            ))?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn request(args: &ImportArgs) -> Result<ImportRequest, Failure> {
    let metres = |flag: &str, metres: Option<f64>| {
        metres
            .map(Metres::new)
            .transpose()
            .map_err(|error| Failure::input(format!("{flag}: {error}")))
    };
    let mut mapping = match &args.mapping {
        None => Mapping::default(),
        Some(file) => {
            let text = fs::read_to_string(file).map_err(|error| {
                Failure::input(format!("--mapping {}: {error}", file.display()))
            })?;
            Mapping::from_toml(&text)
                .map_err(|error| Failure::input(format!("{}: {error}", file.display())))?
        }
    };
    for pair in &args.map {
        mapping.add(pair).map_err(|error| Failure::input(format!("--map: {error}")))?;
    }
    let only = args.only.iter().map(|flag| {
        let (column, value) = flag.split_once('=').ok_or_else(|| {
            Failure::input(format!("--only {flag}: write COLUMN=VALUE, such as kind=border_line"))
        })?;
        Ok(RowFilter { column: column.to_owned(), value: value.to_owned() })
    });
    let only = only.collect::<Result<Vec<_>, Failure>>()?;
    Ok(ImportRequest {
        only,
        dataset: args.dataset.clone(),
        layer: args.layer.clone(),
        mapping,
        crs: args.crs,
        season: args.season,
        boundary: BoundaryDefaults {
            level: args.level,
            scheme: args.scheme.clone(),
            valid_from: args.valid_from,
            valid_to: args.valid_to,
            legal_act: args.legal_act.clone(),
            error: metres("--error", args.error)?,
        },
        title: args.title.clone(),
        licence: args.licence.clone(),
        attribution: args.attribution.clone(),
        simulated: args.simulated,
        approximate: args.approximate.clone(),
        sweep_width: metres("--sweep-width", args.sweep_width)?,
        ..ImportRequest::new(&args.file, args.kind.into())
    })
}

fn save_report(args: &ImportArgs, report: &impl serde::Serialize) -> Result<(), Failure> {
    let Some(file) = &args.report else { return Ok(()) };
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Failure::input(format!("the report is no JSON: {error}")))?;
    output::write(file, &text)
}

/// `poppywatch demo`
pub fn demo(deployment: &Deployment, files: Option<&Path>) -> Done {
    if let Some(folder) = files {
        let names = demo_files(folder)?;
        say(&format!("{} files in {}:", names.len(), folder.display()))?;
        for name in names {
            say(&format!("  {name}"))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let app = App::open(&deployment.store, true, deployment.country_pack()?, deployment.today)?;
    let bar = Bar::default();
    for step in app.load_demo(&bar)? {
        let it = step.appended;
        say(&format!(
            "{}: {} facts new, {} unchanged",
            step.title,
            it.new + it.superseded,
            it.unchanged
        ))?;
    }
    say(&format!(
        "demo deployment in {}: approximate communes, simulated seasons. \
         Now: poppywatch serve --store {}",
        deployment.store.display(),
        deployment.store.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
