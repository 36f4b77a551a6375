//! Choices of method that a question may make: each layer reads those that it listens to, and has
//! its own defaults.

use super::{LayerError, Refusal};

/// Words and numbers that choose a method, as they were asked. `None`: the layer's default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Which method, such as `gistar`.
    pub method: Option<String>,
    /// Who is whose neighbour, such as `queen`, `knn:8`, `band:1500`.
    pub weights: Option<String>,
    /// What is added up, such as `count`.
    pub value: Option<String>,
    /// What is shuffled: `total`, `conditional`.
    pub null: Option<String>,
    /// The control of many tests at once, such as `bh`.
    pub adjust: Option<String>,
    /// Which deviations are looked for: `upper`, `lower`, `two-sided`.
    pub tail: Option<String>,
    /// The kernel of a density, such as `quartic`.
    pub kernel: Option<String>,
    /// The bandwidth of a density: metres, or the name of a rule.
    pub bandwidth: Option<String>,
    /// How near is near, in metres.
    pub distance: Option<f64>,
    /// Whether the stability of an answer is asked too, which is many times the work.
    pub stability: bool,
}

/// The word that was asked, where it is one of `words`; the first of them where nothing was asked.
///
/// # Errors
///
/// [`LayerError::Parameter`] for another word.
///
/// # Panics
///
/// Where `words` is empty.
pub(super) fn one_of(
    parameter: &'static str,
    asked: Option<&str>,
    words: &'static [&'static str],
) -> Result<&'static str, LayerError> {
    let Some(asked) = asked else { return Ok(words[0]) };
    words.iter().find(|word| **word == asked).copied().ok_or_else(|| LayerError::Parameter {
        parameter,
        reason: Refusal::new(
            format!("không có `{asked}`: chọn một trong {}", words.join(", ")),
            format!("`{asked}` is none of {}", words.join(", ")),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_the_default() {
        const WORDS: &[&str] = &["gistar", "moran"];
        assert_eq!(one_of("method", None, WORDS), Ok("gistar"));
        assert_eq!(one_of("method", Some("moran"), WORDS), Ok("moran"));
        let error = one_of("method", Some("magic"), WORDS).unwrap_err().to_string();
        assert_eq!(error, "parameter `method`: `magic` is none of gistar, moran");
    }
}
