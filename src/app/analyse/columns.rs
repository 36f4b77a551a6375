//! Columns that several methods share, and what is said of few units.

use super::Column;
use crate::analysis::local::getis_ord::FEW;

/// Shuffled maps that reach the observed statistic.
pub const GE: Column =
    Column::new("ge", "Shuffled maps with a statistic as great or greater; ties count");

/// Shuffled maps that stay at or below it.
pub const LE: Column =
    Column::new("le", "Shuffled maps with a statistic as small or smaller; ties count");

/// The p of as much or more.
pub const P_UPPER: Column = Column::new("p_upper", "(ge + 1)/(permutations + 1)");

/// The p of as little or less.
pub const P_LOWER: Column = Column::new("p_lower", "(le + 1)/(permutations + 1)");

/// The p of either.
pub const P_TWO_SIDED: Column = Column::new("p_two_sided", "min(1, 2 min(p_upper, p_lower))");

/// What to say of few units.
pub fn few_units(units: usize) -> Vec<String> {
    if units < FEW {
        vec![format!("{units} units with a value: under {FEW}, read the answer with care")]
    } else {
        Vec::new()
    }
}
