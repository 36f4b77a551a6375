//! Flags that several methods share.

use super::Opt;

/// The column that is asked about.
pub const VALUE: Opt =
    Opt::new("value", "FIELD", "The column with the number; an empty cell is unknown, never 0");

/// Flags that say where things are and what they are called, which every method has.
pub const PLACE: &[Opt] = &[
    Opt::new(
        "id",
        "FIELD",
        "The column that names a unit; `id` if there is one, else its place from 0",
    ),
    Opt::new("layer", "NAME", "Which layer of a file with several"),
    Opt::new(
        "x",
        "FIELD",
        "The column with x or longitude; x, lon, longitude, easting, Kinh độ are guessed",
    ),
    Opt::new(
        "y",
        "FIELD",
        "The column with y or latitude; y, lat, latitude, northing, Vĩ độ are guessed",
    ),
    Opt::new(
        "crs",
        "EPSG|plane",
        "What the coordinates are, where the file does not say; `plane` takes them as they are",
    ),
    Opt::new(
        "metric",
        "EPSG",
        "In which projected system degrees are measured; the UTM zone of their middle unless given",
    ),
];

/// Who is whose neighbour.
pub const WEIGHTS: Opt = Opt::new(
    "weights",
    "SPEC",
    "Who is whose neighbour: queen or rook (a common vertex or edge), queen:50 (lines within 50 m), \
     queen+knn:1 (islands joined to their nearest), knn:8, band:1500, band (the least that leaves \
     nobody alone), idw:2000, idw:2000:2 (the square), kernel:gaussian:1500, \
     kernel:epanechnikov:knn:8 (triangular, uniform, epanechnikov, quartic, gaussian), or a FILE.csv \
     of i,j,w (0-based places in the file)",
);

/// What is shuffled.
pub const NULL: Opt = Opt::new(
    "null",
    "conditional|total",
    "What is shuffled: the others around a unit that stays (conditional), or all (total)",
);

/// How many shuffled maps.
pub const PERMUTATIONS: Opt = Opt::new("permutations", "N", "How many shuffled maps, 1 to 999999");

/// The seed.
pub const SEED: Opt = Opt::new("seed", "N", "The seed: the same one gives the same answer").or("1");

/// Many tests at once.
pub const ADJUST: Opt = Opt::new(
    "adjust",
    "bh|by|bonferroni|holm|none",
    "The control of many tests at once: Benjamini-Hochberg, Benjamini-Yekutieli, Bonferroni, Holm",
)
.or("bh");

/// Which deviations.
pub const TAIL: Opt =
    Opt::new("tail", "upper|lower|two-sided", "Which deviations the test looks for");

/// When.
pub const TIME: Opt = Opt::new(
    "time",
    "FIELD",
    "The column with the time: a season (2018-2019), a date (2019-03-01), or a number; one kind in a file",
);

/// Whether each unit's weights are made to sum to one.
pub const STYLE: Opt = Opt::new(
    "style",
    "given|row",
    "Weights as they are, or each row divided by its sum: then every unit says as much",
);
