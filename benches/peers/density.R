# Quartic density on 500 by 500 cells: spatstat (R package spatstat.explore), in two ways.
#
#   spatstat-fft    density.ppp(at = "pixels"), what its users call: points counted in pixels, then FFT
#   spatstat-exact  densityfun, at the middle of the cells of every tenth row: what we answer
#
# spatstat's sigma is the kernel's standard deviation along an axis: radius / sqrt(8). No edge
# correction, as ours has none here. Prints one line an answer, as common.py does.

suppressPackageStartupMessages(library(spatstat.explore))

asked <- commandArgs(trailingOnly = TRUE)
small <- length(asked) > 1
file <- file.path(asked[1], "points")
numbers <- readBin(file, "double", n = file.size(file) / 8, endian = "little")
side <- 50000
cells <- 500
at <- (seq_len(cells) - 0.5) * side / cells
xy <- matrix(numbers, nrow = 2)
window <- owin(c(0, side), c(0, side))
inside <- xy[1, ] >= 0 & xy[1, ] <= side & xy[2, ] >= 0 & xy[2, ] <= side
stopifnot(all(inside))
places <- ppp(xy[1, ], xy[2, ], window = window, check = FALSE)

seconds <- function(work) {
  start <- proc.time()[["elapsed"]]
  answer <- work()
  list(spent = proc.time()[["elapsed"]] - start, answer = answer)
}

say <- function(radius, peer, spent, remark, ...) {
  figures <- c(...)
  told <- paste0(names(figures), "=", format(figures, digits = 17, trim = TRUE), collapse = " ")
  cat(sprintf("density-%d %s %.6f %s # %s\n", radius, peer, spent, told, remark))
  flush(stdout())
}

for (radius in c(1000, 3000)) {
  sigma <- radius / sqrt(8)
  pixels <- function() {
    density.ppp(places, sigma = sigma, kernel = "quartic", edge = FALSE, dimyx = cells)
  }
  runs <- lapply(seq_len(if (small) 1 else 3), function(run) seconds(pixels))
  spent <- median(vapply(runs, function(run) run$spent, 0))
  say(radius, "spatstat-fft", spent, "approximate: counted in pixels; one thread",
      about_peak = max(runs[[1]]$answer$v))
}

for (radius in c(1000, 3000)) {
  rows <- split(at[seq(1, cells, by = 10)], rep(1:5, each = 10))
  exact <- function() {
    density <- densityfun(places, sigma = radius / sqrt(8), kernel = "quartic", edge = FALSE)
    # Some rows at a time: each call holds all pairs in memory.
    unlist(lapply(rows, function(y) density(rep(at, length(y)), rep(y, each = cells))))
  }
  run <- seconds(exact)
  say(radius, "spatstat-exact", run$spent * 10, "every tenth row of cells, time x 10; one thread",
      tenth_peak = max(run$answer), tenth_sum = sum(run$answer))
}
