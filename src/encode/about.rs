//! What must be said with an answer wherever it goes: credits, licences, what is simulated, what
//! is only approximate, and the state of knowledge that it was made from.

use jiff::civil::Date;

use crate::{
    domain::{Dataset, Revision},
    layers::Layer,
    snapshot::Snapshot,
};

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Made up by a program.
    Simulated,
    /// Only near the truth.
    Approximate,
}

impl NoteKind {
    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Approximate => "approximate",
        }
    }
}

/// A warning in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// Tiếng Việt.
    pub vi: String,
    /// English.
    pub en: String,
}

/// What must be said with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Credits, each once, such as `© OpenStreetMap contributors`.
    pub attribution: Vec<String>,
    /// Licences, each once.
    pub licences: Vec<String>,
    /// Some of it was made up by a program.
    pub simulated: bool,
    /// Some of it is only an approximation.
    pub approximate: bool,
    /// The warnings, in sentences.
    pub notes: Vec<Note>,
    /// The revision of the log that was looked at.
    pub revision: Revision,
    /// The day on which the answer was asked.
    pub today: Option<Date>,
}

impl About {
    /// What must be said with `layer` of `snapshot`, asked on `today`.
    pub fn layer(layer: &dyn Layer, snapshot: &Snapshot, today: Date) -> Self {
        let kinds = layer.sources();
        let datasets = snapshot.datasets().iter().filter(|set| kinds.contains(&set.kind));
        Self::datasets(datasets, snapshot.revision(), today)
    }

    /// What must be said with everything in `snapshot`.
    pub fn everything(snapshot: &Snapshot, today: Date) -> Self {
        Self::datasets(snapshot.datasets().iter(), snapshot.revision(), today)
    }

    fn datasets<'a>(
        datasets: impl Iterator<Item = &'a Dataset>,
        revision: Revision,
        today: Date,
    ) -> Self {
        let mut about = Self { revision, today: Some(today), ..Self::default() };
        for set in datasets {
            let name = set.title.as_deref().unwrap_or(&set.id);
            add(&mut about.attribution, set.attribution.clone());
            add(&mut about.licences, set.licence.clone());
            if set.simulated {
                about.simulated = true;
                let note = Note {
                    kind: NoteKind::Simulated,
                    vi: format!("Dữ liệu mô phỏng: {name}."),
                    en: format!("Simulated data: {name}."),
                };
                add(&mut about.notes, Some(note));
            }
            if let Some(how_wrong) = &set.approximate {
                about.approximate = true;
                let note = Note {
                    kind: NoteKind::Approximate,
                    vi: format!("Dữ liệu gần đúng: {name}. {how_wrong}"),
                    en: format!("Approximate data: {name}. {how_wrong}"),
                };
                add(&mut about.notes, Some(note));
            }
        }
        about
    }

    /// All of it on one line, for formats that have nothing but cells. Empty where there is
    /// nothing to say.
    pub fn line(&self) -> String {
        let credits = self.attribution.iter().cloned();
        let licences = self.licences.iter().map(|licence| format!("Licence: {licence}"));
        let notes = self.notes.iter().map(|note| format!("{} / {}", note.vi, note.en));
        notes.chain(credits).chain(licences).collect::<Vec<_>>().join(" | ")
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value
        && !list.contains(&value)
    {
        list.push(value);
    }
}
