//! New, re-cultivated: derived from the site's history, never typed in.

/// What the seasons before say about a plot's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlotKind {
    /// Its site is linked and had no plot in an earlier season (trồng mới).
    New,
    /// A plot on its site was destroyed in an earlier season (tái trồng).
    Recultivated,
    /// Its site had a plot in an earlier season, and none of them is known to be destroyed.
    Known,
    /// It is linked to no site, so nobody can tell.
    Unlinked,
}

impl PlotKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::New, Self::Recultivated, Self::Known, Self::Unlinked];

    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Recultivated => "recultivated",
            Self::Known => "known",
            Self::Unlinked => "unlinked",
        }
    }
}
