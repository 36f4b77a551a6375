//! `analyse METHOD --input FILE`: flags, help and output, all read from the list of methods.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, error::ErrorKind};

use super::{
    Done, output,
    progress::Bar,
    say::{Failure, note, warn},
};
use crate::{
    analysis::watch::Watch,
    app::{
        AppError,
        analyse::{self, Given, Input, Job, METHODS, Method, OutputFormat},
    },
    config::Deployment,
    ingest::Progress,
};

/// What `analyse` is asked.
#[derive(Debug)]
pub struct AnalyseArgs {
    method: &'static Method,
    given: Given,
    input: PathBuf,
    format: Option<OutputFormat>,
    out: Option<PathBuf>,
    overwrite: bool,
}

const INPUT: &str = "input";
const FORMAT: &str = "format";
const OUT: &str = "out";
const OVERWRITE: &str = "overwrite";

impl Args for AnalyseArgs {
    fn augment_args(command: Command) -> Command {
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("METHOD")
            .subcommand_help_heading("Methods")
            .disable_help_subcommand(true)
            .subcommands(METHODS.iter().map(|method| subcommand(method)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for AnalyseArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let method = analyse::method(name).ok_or_else(missing)?;
        let flags = analyse::flags(method).filter_map(|option| {
            let value = matches.get_one::<String>(option.name)?;
            Some((option.name.to_owned(), value.clone()))
        });
        let input = matches.get_one::<PathBuf>(INPUT).cloned().ok_or_else(missing)?;
        Ok(Self {
            method,
            given: Given::new(flags),
            input,
            format: matches.get_one::<OutputFormat>(FORMAT).copied(),
            out: matches.get_one::<PathBuf>(OUT).cloned(),
            overwrite: matches.get_flag(OVERWRITE),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn subcommand(method: &'static Method) -> Command {
    let described = |columns: &[analyse::Column]| {
        let width = columns.iter().map(|column| column.name.len()).max().unwrap_or(0);
        let lines = columns.iter().map(|column| {
            let unit = column.unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
            format!("  {:width$}  {}{unit}", column.name, column.about)
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut after = format!("Columns:\n{}", described(method.columns));
    if !method.summary.is_empty() {
        after = format!("{after}\n\nAbout the whole:\n{}", described(method.summary));
    }
    after = format!("{after}\n\nSource: {}", method.source);
    if let Some(flags) = analyse::example(method.name) {
        after = format!("{after}\n\nExample:\n  poppywatch analyse {} {flags}", method.name);
    }
    let formats = if method.has_raster() { "csv|json|geojson|tif" } else { "csv|json|geojson" };
    let mut command = Command::new(method.name).about(method.about).after_help(after).arg(
        Arg::new(INPUT)
            .long(INPUT)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .required(true)
            .help("GeoJSON, GeoPackage, Shapefile, FlatGeobuf or CSV"),
    );
    for option in analyse::flags(method) {
        let help = match option.default {
            Some(default) => format!("{} [default: {default}]", option.help),
            None => option.help.to_owned(),
        };
        command = command.arg(
            Arg::new(option.name)
                .long(option.name)
                .value_name(option.value)
                .required(option.required)
                .allow_hyphen_values(true)
                .help(help),
        );
    }
    command
        .arg(
            Arg::new(FORMAT)
                .long(FORMAT)
                .value_name(formats)
                .value_parser(|text: &str| text.parse::<OutputFormat>())
                .help("How the answer is written [default: by the ending of --out, else csv]"),
        )
        .arg(
            Arg::new(OUT)
                .long(OUT)
                .value_name("FILE")
                .value_parser(clap::value_parser!(PathBuf))
                .help("Write the answer to this file; beside a .csv goes a .csv-metadata.json"),
        )
        .arg(
            Arg::new(OVERWRITE)
                .long(OVERWRITE)
                .action(clap::ArgAction::SetTrue)
                .help("Replace the file if there is one"),
        )
}

/// `poppywatch analyse METHOD --input FILE …`
pub fn analyse(deployment: &Deployment, args: &AnalyseArgs) -> Done {
    let format = format_of(args)?;
    analyse::tell_format(args.method, &args.given, format).map_err(AppError::from)?;
    if let Some(out) = &args.out {
        let read = analyse::FILES.iter().filter_map(|flag| args.given.text(flag)).map(Path::new);
        let read: Vec<&Path> = std::iter::once(args.input.as_path()).chain(read).collect();
        for file in [Some(out.clone()), metadata_of(out, format)].into_iter().flatten() {
            output::check("--out", &file, &deployment.store, &read)?;
            if file.exists() && !args.overwrite && !output::is_device(&file) {
                return Err(Failure::input(format!(
                    "--out {}: is there already; --overwrite replaces it",
                    file.display()
                )));
            }
        }
    }
    let bar = Bar::default();
    let input =
        Input::open(&args.input, &args.given, args.method.long, &bar).map_err(AppError::from)?;
    let watching = Watching::start(&bar, args.method.name);
    let job = Job {
        input: &input,
        method: args.method,
        given: &args.given,
        folder: Path::new(""),
        watch: &watching,
    };
    let outcome = job.answer().map_err(AppError::from);
    bar.finish();
    let outcome = outcome?;
    for warning in &outcome.warnings {
        warn(warning);
    }
    let mut bytes = Vec::new();
    analyse::write_outcome(&mut bytes, format, &job, &outcome).map_err(AppError::from)?;
    if let Some(out) = &args.out {
        output::write_bytes(out, &bytes)?;
        if let Some(beside) = metadata_of(out, format) {
            let name = out.file_name().unwrap_or_default().to_string_lossy();
            let about = analyse::csvw(&job, &outcome, &name);
            output::write_bytes(&beside, format!("{about:#}\n").as_bytes())?;
        }
        note(&format!("{}: {} rows of {}", out.display(), outcome.rows.len(), args.method.name));
    } else {
        let mut stdout = io::stdout().lock();
        stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(Failure::stdout)?;
    }
    // A person at a terminal sees the whole at once; a program has it in the file.
    if args.out.is_some() || io::stderr().is_terminal() {
        for (column, cell) in args.method.summary.iter().zip(&outcome.summary) {
            note(&format!("  {}: {}", column.name, analyse::shown(cell)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where it is told what a table was made from.
fn metadata_of(out: &Path, format: OutputFormat) -> Option<PathBuf> {
    let name = out.file_name()?.to_string_lossy();
    let beside = out.with_file_name(format!("{name}-metadata.json"));
    (format == OutputFormat::Csv && !output::is_device(out)).then_some(beside)
}

/// The format that was asked, else that of the file's ending.
fn format_of(args: &AnalyseArgs) -> Result<OutputFormat, Failure> {
    let ending = args.out.as_ref().and_then(|out| out.extension()?.to_str());
    match (args.format, ending) {
        (Some(format), _) => Ok(format),
        (None, None) if args.out.is_none() => Ok(OutputFormat::default()),
        (None, ending) => ending.unwrap_or_default().to_lowercase().parse().map_err(|_| {
            Failure::input(
                "--out: the ending says the format: .csv, .json, .geojson or .tif; or give --format",
            )
        }),
    }
}

/// Long work moves the bar, and is told beforehand when it will be very long; a person who has had
/// enough ends the program.
struct Watching<'b> {
    bar: &'b Bar,
    told: AtomicU64,
    /// When the first steps were told, and how many.
    since: OnceLock<(Instant, u64)>,
    warned: AtomicBool,
    what: &'static str,
}

/// After so long it is known how long the rest will take.
const LOOK_FIRST: Duration = Duration::from_secs(10);

/// Work that is longer is warned of.
const LONG: Duration = Duration::from_mins(10);

impl<'b> Watching<'b> {
    fn start(bar: &'b Bar, what: &'static str) -> Self {
        Self {
            bar,
            told: AtomicU64::new(0),
            since: OnceLock::new(),
            warned: AtomicBool::new(false),
            what,
        }
    }
}

/// What to say of work that has done so many steps in this time.
fn long_work(since: Duration, done: u64, of: u64) -> Option<String> {
    if since < LOOK_FIRST || done == 0 || done >= of {
        return None;
    }
    let left = since.mul_f64((of - done) as f64 / done as f64);
    let minutes = left.as_secs() / 60;
    let time = match minutes {
        0..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    };
    (left >= LONG).then(|| {
        format!(
            "this will take about {time} more. Fewer --permutations (99 for a first look), fewer \
             rows, or places joined to cells or communes make it short; Ctrl+C ends it"
        )
    })
}

impl Watch for Watching<'_> {
    fn tell(&self, done: u64, of: u64) {
        let before = self.told.fetch_max(done, Relaxed);
        if before == 0 {
            self.bar.start(Some(of), self.what);
        }
        self.bar.advance(done.saturating_sub(before));
        let (since, first) = *self.since.get_or_init(|| (Instant::now(), done));
        let (done, of) = (done.saturating_sub(first), of.saturating_sub(first));
        if let Some(words) = long_work(since.elapsed(), done, of)
            && !self.warned.swap(true, Relaxed)
        {
            self.bar.warn(&words);
        }
    }

    fn gone(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_work_is_warned_of_and_with_how_to_make_it_short() {
        let told = |seconds, done, of| long_work(Duration::from_secs(seconds), done, of);
        assert_eq!(told(9, 1, 100_000), None);
        assert_eq!(told(20, 10, 100), None);
        assert_eq!(told(20, 100, 100), None);
        assert!(told(20, 1, 999).unwrap().contains("about 5 hours more. Fewer --permutations"));
        assert!(told(10, 1, 61).unwrap().contains("about 10 minutes"));
        assert!(told(10, 1, 99_999).unwrap().contains("about 11 days"));
    }
}
