//! What must be said with an answer wherever it goes: credits, licences, what is simulated, what
//! is only approximate, and the state of knowledge that it was made from.

use jiff::civil::Date;

use super::csv::cell;
use crate::{
    domain::{Dataset, Revision, in_both},
    layers::{Figure, Layer, LayerError, LayerQuery},
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Credits, each once, such as `© OpenStreetMap contributors`.
    pub attribution: Vec<String>,
    /// Licences, each once.
    pub licences: Vec<String>,
    /// Some of it was made up by a program.
    pub simulated: bool,
    /// Some of it is only an approximation.
    pub approximate: bool,
    /// The warnings, at most one of each kind, short enough to be repeated.
    pub notes: Vec<Note>,
    /// The warnings with every data set that they are about.
    pub details: Vec<Note>,
    /// The revision of the log that was looked at.
    pub revision: Revision,
    /// The day on which the answer was asked.
    pub today: Option<Date>,
    /// Figures about the answer as a whole.
    pub figures: Vec<Figure>,
}

impl About {
    /// What must be said with `layer` of `snapshot`, asked on `today`.
    pub fn layer(layer: &dyn Layer, snapshot: &Snapshot, today: Date) -> Self {
        let kinds = layer.sources();
        let datasets = snapshot.datasets().iter().filter(|set| kinds.contains(&set.kind));
        Self::datasets(datasets, snapshot.revision(), today)
    }

    /// What must be said with the answer of `layer` to `query`, figures about the whole included.
    ///
    /// # Errors
    ///
    /// As [`Layer::summary`].
    pub fn answer(
        layer: &dyn Layer,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Self, LayerError> {
        let figures = layer.summary(snapshot, query)?;
        Ok(Self { figures, ..Self::layer(layer, snapshot, query.today) })
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
        let (mut simulated, mut approximate) = (Vec::new(), Vec::new());
        for set in datasets {
            let [vi, en] = in_both(set.title.as_deref().unwrap_or(&set.id));
            add(&mut about.attribution, set.attribution.clone());
            add(&mut about.licences, set.licence.clone());
            if set.simulated {
                add(&mut simulated, Some([vi.to_owned(), en.to_owned()]));
            }
            if let Some(how_wrong) = &set.approximate {
                let [wrong_vi, wrong_en] = in_both(how_wrong);
                add(
                    &mut approximate,
                    Some([format!("{vi}. {wrong_vi}"), format!("{en}. {wrong_en}")]),
                );
            }
        }
        drop_contained(&mut about.attribution);
        about.simulated = !simulated.is_empty();
        about.approximate = !approximate.is_empty();
        if about.simulated {
            about.notes.push(simulated_note(&simulated, FEW));
            about.details.push(simulated_note(&simulated, usize::MAX));
        }
        about.details.extend(approximate.iter().map(|said| approximate_note(said.clone())));
        // The finest and newest units come last into a store, and are what most answers stand on.
        approximate.reverse();
        about.notes.extend(few_approximate(&approximate));
        about
    }

    /// All credits as one text, which is what `attribution` is in OGC's documents.
    pub fn credits(&self) -> String {
        self.attribution.join("; ")
    }

    /// The same with every detail in its notes.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        self.notes.clone_from(&self.details);
        self
    }

    /// The kinds of warnings in a few words; empty where there are none.
    pub fn words(&self) -> String {
        let simulated = self.simulated.then_some("Mô phỏng / Simulated");
        let approximate = self.approximate.then_some("Gần đúng / Approximate");
        simulated.into_iter().chain(approximate).collect::<Vec<_>>().join("; ")
    }

    /// All of it on one line, its notes as they are here, for formats that have nothing but cells.
    /// Empty where there is nothing to say.
    pub fn line(&self) -> String {
        self.joined(&self.notes)
    }

    /// As [`Self::line`], with every detail: said once in a file.
    pub fn line_in_full(&self) -> String {
        self.joined(&self.details)
    }

    fn joined(&self, notes: &[Note]) -> String {
        let credits = self.attribution.iter().cloned();
        let licences = self.licences.iter().map(|licence| format!("Licence: {licence}"));
        let notes = notes.iter().map(|note| format!("{} / {}", note.vi, note.en));
        let notes = notes.chain(self.told());
        notes.chain(credits).chain(licences).collect::<Vec<_>>().join(" | ")
    }
}

impl About {
    /// The figures, each with its name and value; a sentence that several share is said once.
    fn told(&self) -> Vec<String> {
        let mut sentences: Vec<String> = Vec::new();
        let one = |figure: &Figure| {
            let Figure { title, value, unit, vi, en, .. } = figure;
            let known = sentences.len();
            add(&mut sentences, (!en.is_empty()).then(|| format!("{vi} / {en}")));
            let sentence = sentences.get(known).map(|new| format!(". {new}"));
            let value = cell(value);
            let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            let told = if value.is_empty() { String::new() } else { format!(" = {value}{unit}") };
            format!("{} / {}{told}{}", title.vi, title.en, sentence.unwrap_or_default())
        };
        self.figures.iter().map(one).collect()
    }
}

/// How many data sets a warning names that is said with every answer.
const FEW: usize = 3;

fn simulated_note(titles: &[[String; 2]], most: usize) -> Note {
    let more = titles.len().saturating_sub(most);
    let list = |language: usize| {
        let named = titles.iter().take(most).map(|title| title[language].as_str());
        named.collect::<Vec<_>>().join("; ")
    };
    let (mut vi, mut en) = (list(0), list(1));
    if more > 0 {
        vi = format!("{vi} … và {more} bộ khác");
        en = format!("{en} … and {more} more");
    }
    Note {
        kind: NoteKind::Simulated,
        vi: format!("Dữ liệu mô phỏng, không phải thực tế: {vi}."),
        en: format!("Simulated data, not real: {en}."),
    }
}

fn approximate_note([vi, en]: [String; 2]) -> Note {
    Note {
        kind: NoteKind::Approximate,
        vi: format!("Dữ liệu gần đúng: {vi}"),
        en: format!("Approximate data: {en}"),
    }
}

/// Says the same of every layer that stands on the same data sets: the web map tells it once.
fn few_approximate(said: &[[String; 2]]) -> Option<Note> {
    let more = said.len().saturating_sub(FEW);
    let list = |language: usize| {
        let named = said.iter().take(FEW).map(|one| one[language].as_str());
        named.collect::<Vec<_>>().join(" ")
    };
    let (mut vi, mut en) = (list(0), list(1));
    if more > 0 {
        vi = format!("{vi} … và {more} bộ khác; xem /collections/{{layer}}.");
        en = format!("{en} … and {more} more; see /collections/{{layer}}.");
    }
    (!said.is_empty()).then(|| approximate_note([vi, en]))
}

/// Leaves out credits that stand within another one.
fn drop_contained(credits: &mut Vec<String>) {
    let all = credits.clone();
    credits.retain(|credit| !all.iter().any(|other| other != credit && other.contains(credit)));
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value
        && !list.contains(&value)
    {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        domain::{DatasetKind, Text},
        layers::Value,
    };

    fn dataset(number: usize) -> Dataset {
        Dataset {
            id: format!("set-{number}"),
            kind: DatasetKind::Plots,
            file: String::new(),
            sha256: String::new(),
            title: Some(format!("Bộ {number} / Set {number}")),
            licence: None,
            attribution: Some(if number == 0 { "© A" } else { "© A contributors" }.to_owned()),
            simulated: true,
            approximate: Some(format!("Lệch {number} m. / Off by {number} m.")),
            accepted: 0,
            rejected: 0,
            personal_columns: Vec::new(),
        }
    }

    fn about(count: usize) -> About {
        let sets: Vec<_> = (0..count).map(dataset).collect();
        About::datasets(sets.iter(), Revision(1), date(2026, 1, 1))
    }

    #[test]
    fn many_data_sets_have_one_short_warning_of_each_kind() {
        let about = about(16);
        let [simulated, approximate] = &about.notes[..] else { panic!("{:?}", about.notes) };
        assert_eq!(simulated.en, "Simulated data, not real: Set 0; Set 1; Set 2 … and 13 more.");
        assert!(simulated.vi.ends_with("Bộ 2 … và 13 bộ khác."), "{}", simulated.vi);
        assert_eq!(
            approximate.en,
            "Approximate data: Set 15. Off by 15 m. Set 14. Off by 14 m. Set 13. Off by 13 m. \
             … and 13 more; see /collections/{layer}."
        );
        assert!(about.details.len() == 17 && about.line_in_full().contains("Set 9. Off by 9 m."));
        assert_eq!(about.words(), "Mô phỏng / Simulated; Gần đúng / Approximate");
    }

    #[test]
    fn few_data_sets_are_all_named() {
        let about = about(1);
        assert_eq!(about.notes, about.details);
        assert_eq!(about.notes[1].en, "Approximate data: Set 0. Off by 0 m.");
        assert!(About::default().line().is_empty());
    }

    #[test]
    fn figures_are_told_with_their_values_and_a_shared_sentence_once() {
        let figure = |name, value, en: &str| Figure {
            name,
            title: Text::new("Tên", name),
            value,
            unit: (name == "b").then_some("km2"),
            vi: format!("v {en}"),
            en: en.to_owned(),
        };
        let figures = vec![
            figure("a", Value::Real(8.5), "One."),
            figure("b", Value::Integer(2), "One."),
            figure("c", Value::Null, "Two."),
            figure("d", Value::Null, ""),
        ];
        let about = About { figures, ..About::default() };
        assert_eq!(
            about.line(),
            "Tên / a = 8.5. v One. / One. | Tên / b = 2 km2 | Tên / c. v Two. / Two. | Tên / d"
        );
    }

    #[test]
    fn a_credit_within_another_is_left_out() {
        assert_eq!(about(3).attribution, ["© A contributors"]);
        assert_eq!(about(1).attribution, ["© A"]);
    }
}
