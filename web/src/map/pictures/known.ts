import type { Chosen, Drawing } from '../drawing.ts';
import type { Palette } from '../theme.ts';
import { borderLines, borderStrips, communes, districts, provinces } from './boundaries.ts';
import { coverage } from './coverage.ts';
import { density } from './density.ts';
import { displacement } from './displacement.ts';
import { hotspotAreas } from './hotspot-areas.ts';
import { hotspots } from './hotspots.ts';
import { plotOutlines, plots } from './plots.ts';
import { recultivation } from './recultivation.ts';
import { communeSummary } from './summary.ts';
import { patrolTracks } from './tracks.ts';

/** The layers that are drawn by hand, by the id in the catalogue. */
export const KNOWN: Readonly<Record<string, (palette: Palette, chosen: Chosen) => Drawing>> = {
  plots,
  'plot-outlines': plotOutlines,
  hotspots,
  'hotspot-areas': hotspotAreas,
  density,
  coverage,
  recultivation,
  displacement,
  'commune-summary': communeSummary,
  'patrol-tracks': patrolTracks,
  provinces,
  districts,
  communes,
  'border-lines': borderLines,
  'border-strips': borderStrips,
};
