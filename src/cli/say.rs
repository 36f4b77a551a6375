//! What is said to the terminal, and how a failure ends.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::app::AppError;

/// Exit code for input or flags that are wrong.
const INPUT: u8 = 2;

/// Exit code of a store that is not what its log says.
pub const NOT_VERIFIED: u8 = 3;

/// Why a command could not be done.
pub enum Failure {
    /// A verb of the product says so.
    App(Box<AppError>),
    /// Standard output is gone (a pager was closed): nobody is left to tell.
    Mute,
}

impl Failure {
    /// A flag that is wrong.
    pub fn input(text: impl Into<String>) -> Self {
        Self::App(Box::new(AppError::Input(text.into())))
    }

    /// Standard output takes no more: a reader that has gone is no failure, a full disk is one.
    pub fn stdout(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            return Self::Mute;
        }
        let what = "writing to standard output".to_owned();
        Self::App(Box::new(AppError::File { what, source }))
    }

    /// Says it on standard error and gives the exit code.
    pub fn tell(self) -> ExitCode {
        let Self::App(error) = self else { return ExitCode::SUCCESS };
        let mut stderr = io::stderr().lock();
        if let AppError::Rejected(report) = error.as_ref() {
            let _nobody_to_tell = writeln!(stderr, "{report}");
        }
        let _nobody_to_tell = writeln!(stderr, "error: {error}");
        ExitCode::from(if error.is_input() { INPUT } else { 1 })
    }
}

impl<E: Into<AppError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::App(Box::new(error.into()))
    }
}

/// Writes a line to standard output.
pub fn say(line: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(Failure::stdout)
}

/// Writes a warning to standard error, so that what is read by a program stays as it is.
pub fn warn(line: &str) {
    let _nobody_to_tell = writeln!(io::stderr().lock(), "warning: {line}");
}

/// Writes a line to standard error, for a person.
pub fn note(line: &str) {
    let _nobody_to_tell = writeln!(io::stderr().lock(), "{line}");
}

/// Writes `value` to standard output as JSON.
pub fn say_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::input(format!("the result is no JSON: {error}")))?;
    say(&text)
}
