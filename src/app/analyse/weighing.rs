//! The flag `--weights`: from its text to weights between the units of the file.

use super::{AnalyseError, Job};
use crate::analysis::weights::Weights;

/// Reads `--weights` for the units of the job, which are in the order of their ids; a file of
/// weights names places in the input file.
pub(super) fn weights(job: &Job<'_>) -> Result<(Weights, String), AnalyseError> {
    let spec = job.needed("weights")?;
    let path = job.folder.join(spec);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| AnalyseError::flag("weights", format!("{spec}: {error}")))?;
    let rows = rows_of(&text, job.input.len())
        .map_err(|detail| AnalyseError::flag("weights", format!("{spec}, {detail}")))?;
    let in_file = Weights::from_rows(rows)
        .map_err(|error| AnalyseError::flag("weights", format!("{spec}: {error}")))?;
    Ok((in_file.reordered(job.input.order()), format!("from {spec}")))
}

/// Rows of (place, weight) from lines `i,j,w`.
fn rows_of(text: &str, count: usize) -> Result<Vec<Vec<(u32, f64)>>, String> {
    let mut rows = vec![Vec::new(); count];
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        if line.is_empty() || (number == 0 && fields[0].parse::<f64>().is_err()) {
            continue;
        }
        let wrong = |why: &str| format!("line {}: {why}; write i,j,w such as 0,12,1.0", number + 1);
        let [i, j, w] = fields[..] else { return Err(wrong("there are not three fields")) };
        let place = |text: &str| {
            text.parse::<usize>()
                .ok()
                .filter(|place| *place < count)
                .ok_or_else(|| wrong(&format!("`{text}` is no place from 0 to {}", count - 1)))
        };
        let weight = w.parse::<f64>().map_err(|_| wrong(&format!("`{w}` is no number")))?;
        rows[place(i)?].push((place(j)? as u32, weight));
    }
    Ok(rows)
}
