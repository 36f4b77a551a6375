//! How often maps of pure noise show a hotspot, and how much of a planted block is found: writes
//! `docs/calibration.md` and `docs/calibration.svg`.
//!
//! `cargo bench --bench calibration`; a few minutes. Seeds are fixed: the same numbers every time.
//! With `POPPYWATCH_REFERENCE` set, the table has the peers' figures on maps of the same kind too.

#![expect(clippy::unwrap_used, reason = "a bench may stop on a fault")]
#![expect(clippy::print_stdout, reason = "it tells how far it is")]

#[path = "../tests/calibration_kit/mod.rs"]
mod calibration_kit;

use std::{fmt::Write as _, fs, path::Path};

use calibration_kit::{
    Chance, KEPT, Kind, NOISE, RULES, Rule, Truth, UNEVEN, WAYS, finds, p_by_rule, queen,
    upper_limit,
};
use poppywatch::analysis::{chance::draws::Draws, weights::Neighbours};

const SIDE: usize = 60;
const NOISE_MAPS: u32 = 500;
const BLOCK_MAPS: u32 = 100;
const PERMUTATIONS: u32 = 99_999;
const DENSITIES: [f64; 4] = [0.02, 0.05, 0.2, 1.0];

/// By rule: maps with any find, cells found, cells of the block found.
#[derive(Clone, Copy, Default)]
struct Score {
    maps: u32,
    cells: usize,
    in_block: usize,
}

fn scores(kind: Kind, maps: u32, block: &[usize], weights: &Neighbours) -> [Score; RULES.len()] {
    let mut scores = [Score::default(); RULES.len()];
    for map in 0..maps {
        let values = Chance::new(u64::from(map)).map(kind, SIDE * SIDE, block);
        let draws =
            Draws { permutations: PERMUTATIONS, seed: map.into(), analysis: "calibration/1" };
        for (rule, p) in p_by_rule(&values, weights, draws).iter().enumerate() {
            let found = finds(p);
            scores[rule].maps += u32::from(!found.is_empty());
            scores[rule].cells += found.len();
            scores[rule].in_block += found.iter().filter(|cell| block.contains(cell)).count();
        }
    }
    scores
}

/// By what is asked: maps of noise on ground searched unevenly that show a find.
fn uneven_alarms(truth: Truth, spread: f64, weights: &Neighbours) -> [u32; WAYS.len()] {
    let mut alarms = [0; WAYS.len()];
    for map in 0..NOISE_MAPS {
        let drawn = Chance::new(u64::from(map)).searched_map(SIDE, truth, spread, (&[], 1.0));
        let draws = Draws {
            permutations: PERMUTATIONS,
            seed: map.into(),
            analysis: "calibration/uneven/1",
        };
        for (way, p) in drawn.p_by_way(weights, draws).iter().enumerate() {
            alarms[way] += u32::from(!finds(p).is_empty());
        }
    }
    alarms
}

/// Plots a cell elsewhere, and how many times as many lie in a planted block, where search is uneven.
const CROWDS: [(f64, f64); 4] = [(0.05, 20.0), (0.2, 10.0), (1.0, 5.0), (1.0, 3.0)];

/// By what is asked: cells of a planted block that are found where search is uneven.
fn uneven_power((mean, as_many): (f64, f64), block: &[usize], weights: &Neighbours) -> Found {
    let mut found = [0; WAYS.len()];
    for map in 0..BLOCK_MAPS {
        let truth = Truth::Alike(mean);
        let drawn = Chance::new(u64::from(map)).searched_map(SIDE, truth, 0.7, (block, as_many));
        let draws = Draws {
            permutations: PERMUTATIONS,
            seed: map.into(),
            analysis: "calibration/uneven/1",
        };
        for (way, p) in drawn.p_by_way(weights, draws).iter().enumerate() {
            found[way] += finds(p).iter().filter(|cell| block.contains(cell)).count();
        }
    }
    found
}

fn main() {
    // The harness's flags, such as `--bench` and `--test`, do not concern it.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let weights = queen(SIDE);
    let block: Vec<usize> =
        (27..32).flat_map(|row| (27..32).map(move |col| row * SIDE + col)).collect();
    let noise: Vec<_> = NOISE
        .into_iter()
        .map(|(name, kind)| {
            println!("{name} …");
            (name, scores(kind, NOISE_MAPS, &[], &weights))
        })
        .collect();
    let uneven: Vec<_> = UNEVEN
        .into_iter()
        .map(|(name, truth, spread)| {
            println!("{name} …");
            (name, uneven_alarms(truth, spread, &weights))
        })
        .collect();
    let crowds: Vec<_> = CROWDS
        .into_iter()
        .map(|crowd| {
            println!("a block of {} times {} plots a cell, search uneven …", crowd.1, crowd.0);
            (crowd, uneven_power(crowd, &block, &weights))
        })
        .collect();
    let power: Vec<_> = DENSITIES
        .into_iter()
        .map(|mean| {
            println!("a block among {mean} plots a cell …");
            (mean, scores(Kind::Areas(mean), BLOCK_MAPS, &block, &weights))
        })
        .collect();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::write(docs.join("calibration.md"), page(&noise, (&uneven, &crowds), &power, block.len()))
        .unwrap();
    fs::write(docs.join("calibration.svg"), picture(&noise, &power, block.len())).unwrap();
    println!("docs/calibration.md and docs/calibration.svg are written");
    let limit = upper_limit(NOISE_MAPS);
    for (name, scores) in &noise {
        for ((rule, which), score) in RULES.iter().zip(scores) {
            let fits = *which == Rule::NormalZ || score.maps <= limit;
            assert!(fits, "{name}, {rule}: {} of {NOISE_MAPS} maps, at most {limit}", score.maps);
        }
    }
    for (name, [.., hot, cold]) in uneven.iter().take(KEPT) {
        let worst = hot.max(cold);
        assert!(*worst <= limit, "{name}, rates: {worst} of {NOISE_MAPS} maps, at most {limit}");
    }
}

type Noise = (&'static str, [Score; RULES.len()]);
type Uneven = (&'static str, [u32; WAYS.len()]);
type Found = [usize; WAYS.len()];
type Crowd = ((f64, f64), Found);
type Power = (f64, [Score; RULES.len()]);

fn percent(part: f64, of: f64) -> String {
    format!("{:.1} %", 100.0 * part / of)
}

fn page(
    noise: &[Noise],
    (uneven, crowds): (&[Uneven], &[Crowd]),
    power: &[Power],
    block: usize,
) -> String {
    let limit = upper_limit(NOISE_MAPS);
    // From the fewest to the most false alarms over the kinds of noise.
    let range = |rule: usize| {
        let maps = || noise.iter().map(|(_, scores)| scores[rule].maps);
        let share = |maps: u32| percent(f64::from(maps), f64::from(NOISE_MAPS));
        (share(maps().min().unwrap_or(0)), share(maps().max().unwrap_or(0)))
    };
    let (ours, usual) = (range(0), range(RULES.len() - 1));
    let uneven_share = |way: usize| {
        let kept = uneven.iter().take(KEPT);
        let most = kept.map(|(_, alarms)| alarms[way]).max().unwrap_or(0);
        percent(f64::from(most), f64::from(NOISE_MAPS))
    };
    let mut page = format!(
        "# Calibration: how often is a hotspot a false alarm?\n\n\
         **In one sentence: on maps of pure chance, without any hotspot, the map's rule shows one on {} to {} of \
         them, below the 5 % that it promises, while the usual recipe shows one on {} to {}.** A planner may so \
         take a hotspot seriously; and must know that where plots are few most real crowds stay unfound \
         (right half of the picture): no hotspot is no proof that there is nothing.\n\n\
         **And one caveat: this holds for counts only where all ground was searched alike.** Where patrols walked \
         unevenly, counts show a hotspot of *search* on up to {} of maps; rates on searched ground (`value=rate`), in nine of \
         the eleven kinds of noise below, on at most {} (cold spots: {}). The map therefore tells of each hotspot how many plots the search alone lets expect \
         ([below](#uneven-search)).\n\n\
         ![Share of noise maps with any find, and share of a planted block that is found](calibration.svg)\n\n\
         *Left: false alarms; the line is the 5 % that are promised, dashed what chance allows a rule that keeps \
         them. Right: the share of a real crowd that is found, by how many plots lie elsewhere.*\n\n\
         Written by `cargo bench --bench calibration` (seeds fixed). Maps of {SIDE} × {SIDE} queen cells, \
         {PERMUTATIONS} permutations, Benjamini-Hochberg at 5 %. The methods: [statistics.md](statistics.md).\n\n\
         ## Pure noise\n\n\
         Of {NOISE_MAPS} maps without any hotspot, those that show one all the same. A rule that keeps its \
         word shows one on 5 % of them or fewer; chance leaves it at most {limit} of {NOISE_MAPS} \
         ({}, the 97.5 % quantile of the binomial).\n\n| noise |",
        ours.0,
        ours.1,
        usual.0,
        usual.1,
        uneven_share(0),
        uneven_share(WAYS.len() - 2),
        uneven_share(WAYS.len() - 1),
        percent(f64::from(limit), f64::from(NOISE_MAPS))
    );
    for (name, _) in RULES {
        write!(page, " {name} |").unwrap();
    }
    write!(page, "\n| --- |{}\n", " ---: |".repeat(RULES.len())).unwrap();
    for (name, scores) in noise {
        write!(page, "| {name} |").unwrap();
        for score in scores {
            let share = percent(f64::from(score.maps), f64::from(NOISE_MAPS));
            write!(page, " {} ({share}) |", score.maps).unwrap();
        }
        page.push('\n');
    }
    page.push_str(&uneven_table(uneven));
    page.push_str(&crowd_table(crowds, block));
    write!(
        page,
        "\n## A planted block\n\n\
         In a block of 5 × 5 cells ten times as many plots; square metres are compared (gamma areas). \
         The share of the block's cells that is found, over {BLOCK_MAPS} maps.\n\n| plots a cell elsewhere |"
    )
    .unwrap();
    let kept = RULES.len() - 1;
    for (name, _) in &RULES[..kept] {
        write!(page, " {name} |").unwrap();
    }
    let peers = peers();
    if !peers.is_empty() {
        page.push_str(" best rule of a peer that keeps the level |");
    }
    let columns = kept + usize::from(!peers.is_empty());
    write!(page, "\n| --- |{}\n", " ---: |".repeat(columns)).unwrap();
    for (mean, scores) in power {
        write!(page, "| {mean} |").unwrap();
        for score in &scores[..kept] {
            let cells = f64::from(BLOCK_MAPS) * block as f64;
            write!(page, " {} |", percent(score.in_block as f64, cells)).unwrap();
        }
        if let Some((_, rule, found)) = peers.iter().find(|(of, ..)| of == mean) {
            write!(page, " {} ({rule}) |", percent(*found, 1.0)).unwrap();
        }
        page.push('\n');
    }
    if !peers.is_empty() {
        page.push_str(
            "\nPeers: esda 2.10.0 and pygeoda 0.1.3, 999 permutations, 20 maps of each kind. A rule keeps the \
             level where at most 3 of 20 maps of noise show a find; those that find more of the block \
             (the normal p, p without correction, one-sided folded p) show false hotspots on 90 to 100 % of \
             maps.\n",
        );
    }
    page.push_str(
        "\nThe usual recipe, the normal p of z, fails where plots are few: a sum of rare counts is no bell \
         curve. That is why the map takes p from shuffling and shows z as an effect size only.\n",
    );
    page
}

/// What uneven search makes of maps of noise.
fn uneven_table(uneven: &[Uneven]) -> String {
    let mut table = format!(
        "\n## Uneven search\n\n\
         Of {NOISE_MAPS} maps on which no place is like its neighbours more than chance has it and only the search \
         differs, those that show a find by Benjamini-Hochberg at 5 %. Plots show with the chance 1 − e^−C; the \
         logarithm of the coverage C is smooth over some nine cells, with the standard deviation 0.7 (uneven: two \
         thirds of the ground between half and twice the usual coverage) or 1.5 (very uneven: between a fifth and \
         four and a half times). Scattered: the rate of each cell is drawn by itself from an exponential distribution. \
         Shuffled (Gi*, total null): counts find search; rates standardised by Assunção and Reis (1999) keep their \
         word for what is hot, and take much searched ground without plots for cold. `value=rate` asks of each \
         neighbourhood how many plots its searched ground lets expect, rates differing by a gamma distribution: \
         it keeps its word on both sides, in clumps only just, and not where rates scatter far more widely than a \
         gamma distribution (the last line).\n\n| noise |"
    );
    for way in WAYS {
        write!(table, " {way} |").unwrap();
    }
    write!(table, "\n| --- |{}\n", " ---: |".repeat(WAYS.len())).unwrap();
    for (name, alarms) in uneven {
        write!(table, "| {name} |").unwrap();
        for alarms in alarms {
            let share = percent(f64::from(*alarms), f64::from(NOISE_MAPS));
            write!(table, " {alarms} ({share}) |").unwrap();
        }
        table.push('\n');
    }
    table
}

/// How much of a crowd is found where search is uneven.
fn crowd_table(crowds: &[Crowd], block: usize) -> String {
    let mut table = format!(
        "\nA crowd in 5 × 5 cells on such ground (search uneven, {BLOCK_MAPS} maps): the share of its cells that is \
         found as hot.\n\n| crowd |"
    );
    let hot = || (0..WAYS.len()).step_by(2);
    for way in hot() {
        write!(table, " {} |", WAYS[way]).unwrap();
    }
    write!(table, "\n| --- |{}\n", " ---: |".repeat(hot().count())).unwrap();
    for ((mean, as_many), found) in crowds {
        write!(table, "| {as_many} times {mean} plots a cell |").unwrap();
        for way in hot() {
            let cells = f64::from(BLOCK_MAPS) * block as f64;
            write!(table, " {} |", percent(found[way] as f64, cells)).unwrap();
        }
        table.push('\n');
    }
    table
}

/// Of each density the peers' best rule that keeps the level: density, rule, share found.
#[expect(clippy::disallowed_methods, reason = "a bench has no Config")]
fn peers() -> Vec<(f64, String, f64)> {
    let Ok(reference) = std::env::var("POPPYWATCH_REFERENCE") else { return Vec::new() };
    let path = Path::new(&reference).join("oracles/calibration/peers.csv");
    let Ok(mut table) = csv::Reader::from_path(path) else { return Vec::new() };
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let of = |mean: f64| {
        let here = |row: &&csv::StringRecord| row[0].parse() == Ok(mean);
        let keeps = |rule: &str| {
            let mut noise = rows.iter().filter(here).filter(|row| &row[1] == "noise");
            noise.any(|row| &row[2] == rule && row[3].parse::<f64>().unwrap() <= 0.15)
        };
        let blocks = rows.iter().filter(here).filter(|row| &row[1] != "noise" && keeps(&row[2]));
        let found = blocks.map(|row| (row[2].to_owned(), row[6].parse::<f64>().unwrap_or(0.0)));
        found.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(rule, share)| (mean, rule, share))
    };
    DENSITIES.into_iter().filter_map(of).collect()
}

const COLORS: [&str; RULES.len()] = ["#b2182b", "#2166ac", "#5aae61", "#999999"];

/// Two panels of bars: false alarms with the line of 5 % and the limit, and the share found.
fn picture(noise: &[Noise], power: &[Power], block: usize) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 430\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"960\" height=\"430\" fill=\"#ffffff\"/>\n",
    );
    let maps = f64::from(NOISE_MAPS);
    let alarms: Vec<(String, Vec<f64>)> = noise
        .iter()
        .map(|(name, scores)| {
            let short = name.split(':').next().unwrap_or(name).to_owned();
            (short, scores.iter().map(|score| f64::from(score.maps) / maps).collect())
        })
        .collect();
    let cells = f64::from(BLOCK_MAPS) * block as f64;
    let found: Vec<(String, Vec<f64>)> = power
        .iter()
        .map(|(mean, scores)| {
            let kept = &scores[..RULES.len() - 1];
            (format!("{mean}"), kept.iter().map(|it| it.in_block as f64 / cells).collect())
        })
        .collect();
    panel(&mut svg, 40.0, "Maps of pure noise that show a hotspot", &alarms);
    for (share, dash) in [(0.05, "none"), (f64::from(upper_limit(NOISE_MAPS)) / maps, "4 3")] {
        let y = height(share);
        writeln!(
            svg,
            "<line x1=\"80\" x2=\"470\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#222222\" stroke-dasharray=\"{dash}\"/>"
        )
        .unwrap();
    }
    writeln!(svg, "<text x=\"474\" y=\"{:.1}\" fill=\"#222222\">5 %</text>", height(0.05) + 4.0)
        .unwrap();
    panel(&mut svg, 510.0, "Share of a planted block that is found, by plots a cell", &found);
    for (place, (name, _)) in RULES.iter().enumerate() {
        let (x, y) = (80.0 + 440.0 * (place % 2) as f64, 385.0 + 22.0 * (place / 2) as f64);
        writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
            y - 11.0,
            COLORS[place],
            x + 18.0
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where a share from 0 to 1 is drawn.
fn height(share: f64) -> f64 {
    320.0 - 270.0 * share
}

fn panel(svg: &mut String, left: f64, title: &str, groups: &[(String, Vec<f64>)]) {
    writeln!(svg, "<text x=\"{}\" y=\"28\" font-weight=\"bold\">{title}</text>", left + 40.0)
        .unwrap();
    for tenth in [0, 25, 50, 75, 100] {
        let y = height(f64::from(tenth) / 100.0);
        writeln!(
            svg,
            "<line x1=\"{}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#dddddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555555\">{tenth} %</text>",
            left + 40.0,
            left + 430.0,
            left + 34.0,
            y + 4.0
        )
        .unwrap();
    }
    let wide = 390.0 / groups.len() as f64;
    for (place, (name, shares)) in groups.iter().enumerate() {
        let start = left + 40.0 + wide * place as f64;
        let bar = (wide - 16.0) / shares.len() as f64;
        for (at, share) in shares.iter().enumerate() {
            let (x, y) = (start + 8.0 + bar * at as f64, height(*share));
            writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
                bar - 2.0,
                (320.0 - y).max(1.0),
                COLORS[at]
            )
            .unwrap();
        }
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"340\" text-anchor=\"middle\">{name}</text>",
            start + wide / 2.0
        )
        .unwrap();
    }
}
