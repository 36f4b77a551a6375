//! `export`.

use std::process::ExitCode;

use super::{
    Done,
    args::ExportArgs,
    output,
    say::{Failure, say},
};
use crate::{
    app::{App, ExportRequest, asking},
    config::Deployment,
};

/// `poppywatch export LAYER --out FILE`
pub fn export(deployment: &Deployment, args: &ExportArgs) -> Done {
    output::check("--out", &args.out, &deployment.store, &[])?;
    let app = App::open(&deployment.store, false, deployment.country_pack()?, deployment.today)?;
    let set = choices(&args.set)?;
    let given = |name: &str| match name {
        "season" => args.season.as_deref(),
        "cell" => args.cell.as_deref(),
        "units_on" => args.units_on.as_deref(),
        "datetime" => args.datetime.as_deref(),
        "as_of" => args.as_of.as_deref(),
        _ => set.iter().find(|(known, _)| *known == name).map(|(_, value)| *value),
    };
    let wrong = |fault: asking::BadParameter| {
        Failure::input(format!("--{} {}", fault.parameter.replace('_', "-"), fault.detail))
    };
    let (mut query, as_of) = asking::question(given, app.today()).map_err(wrong)?;
    query.extent = args.bbox.as_deref().map(asking::bbox).transpose().map_err(wrong)?;
    let written = app.export(&ExportRequest {
        layer: args.layer.clone(),
        query,
        as_of,
        out: args.out.clone(),
        overwrite: args.overwrite,
    })?;
    say(&format!("{}: {written} features of {}", args.out.display(), args.layer))?;
    Ok(ExitCode::SUCCESS)
}

/// What may be said with `--set`.
const CHOICES: [&str; 13] = [
    "method",
    "weights",
    "value",
    "null",
    "adjust",
    "tail",
    "kernel",
    "bandwidth",
    "distance",
    "stability",
    "permutations",
    "seed",
    "alpha",
];

fn choices(set: &[String]) -> Result<Vec<(&str, &str)>, Failure> {
    let mut choices: Vec<(&str, &str)> = Vec::new();
    for text in set {
        let choice = text.split_once('=').filter(|(name, _)| CHOICES.contains(name));
        let choice = choice.ok_or_else(|| {
            let known = CHOICES.join(", ");
            Failure::input(format!("--set {text}: write NAME=VALUE, with one of {known}"))
        })?;
        if choices.iter().any(|(name, _)| *name == choice.0) {
            return Err(Failure::input(format!("--set {}: is given twice", choice.0)));
        }
        choices.push(choice);
    }
    Ok(choices)
}
