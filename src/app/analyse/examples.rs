//! One question a method, on the files in `data/examples/`, as the page for planners asks it.

/// What to type first.
pub fn example(method: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(name, _)| *name == method).map(|(_, flags)| *flags)
}

const EXAMPLES: &[(&str, &str)] = &[
    ("weights", "--input data/examples/cells.geojson --weights queen"),
    ("gistar", "--input data/examples/cells.geojson --value plots"),
    ("gi", "--input data/examples/cells.geojson --value plots"),
    ("moran", "--input data/examples/cells.geojson --value plots --transform ranks"),
    ("join-counts", "--input data/examples/cells.geojson --value plots --above 0"),
    ("global-moran", "--input data/examples/cells.geojson --value plots"),
    ("geary", "--input data/examples/cells.geojson --value plots"),
    ("general-g", "--input data/examples/cells.geojson --value plots --weights band:1500"),
    ("global-join-counts", "--input data/examples/cells.geojson --value plots"),
    ("incremental-moran", "--input data/examples/cells.geojson --value plots"),
    (
        "rates",
        "--input data/examples/cells.geojson --value plots --population searched_km2 --weights queen",
    ),
    ("scan", "--input data/examples/cells.geojson --cases plots --population searched_km2"),
    (
        "density",
        "--input data/examples/plots.geojson --value m2 --kernel epanechnikov --bandwidth 1500",
    ),
    ("dbscan", "--input data/examples/plots.geojson --eps 500 --value m2 --time season"),
    ("hdbscan", "--input data/examples/plots.geojson --min-cluster-size 8 --rows clusters"),
    (
        "st-dbscan",
        "--input data/examples/plots.geojson --eps 500 --eps-time 1 --time season --rows clusters",
    ),
    ("mann-kendall", "--input data/examples/seasons.csv --crs 4326 --value plots --time season"),
    (
        "emerging",
        "--input data/examples/seasons.csv --crs 4326 --value plots --time season --weights band:1600",
    ),
    ("knox", "--input data/examples/plots.geojson --time day --delta 500,1000 --tau 14,28"),
    (
        "near-repeat",
        "--input data/examples/plots.geojson --time day --distances 0,500,1000,2000 --intervals 0,14,28,60",
    ),
    (
        "recultivation",
        "--input data/examples/plots.geojson --time season --destroyed destroyed --searched looked_at --ground data/examples/communes.geojson",
    ),
    (
        "displacement",
        "--input data/examples/cells.geojson --before before --after plots --response cleared --radii 1500,3000",
    ),
    (
        "pai",
        "--input data/examples/cells.geojson --predicted plots --rank value --actual found_next --block commune",
    ),
];
