import type { App } from '../app.ts';
import type { Deed } from '../lib/summary.ts';
import { h, svg } from './dom.ts';
import { areaKnown, leastArea, W } from './words.ts';

export interface SeasonBar {
  season: string;
  plots: number;
  found: number | null;
  /** Plots whose area nobody measured. */
  unmeasured: number;
  destroyed: Deed;
}

/** A share as a ring; an unknown one is dashed, which is neither empty nor full. */
export function ring(share: number | null, color: string): SVGSVGElement {
  const round = 2 * Math.PI * 15;
  const part = Math.min(1, Math.max(0, share ?? 0)) * round;
  return svg(
    'svg',
    { viewBox: '0 0 40 40', class: 'ring', 'aria-hidden': 'true' },
    svg('circle', {
      cx: 20,
      cy: 20,
      r: 15,
      class: share === null ? 'rail unknown' : 'rail',
      fill: 'none',
      'stroke-width': 5.5,
    }),
    share !== null &&
      share > 0 &&
      svg('circle', {
        cx: 20,
        cy: 20,
        r: 15,
        fill: 'none',
        stroke: color,
        'stroke-width': 5.5,
        'stroke-dasharray': `${part} ${round}`,
        transform: 'rotate(-90 20 20)',
      }),
  );
}

/** Amounts end to end, on a scale of `most`. */
export function stack(parts: readonly (readonly [number, string])[], most: number): SVGSVGElement {
  let x = 0;
  return svg(
    'svg',
    { viewBox: '0 0 100 5', preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true' },
    ...parts.map(([amount, color]) => {
      const width = (amount / most) * 100;
      const rect = svg('rect', {
        x,
        y: 0,
        width: Math.max(0, width - 0.4),
        height: 5,
        fill: color,
      });
      x += width;
      return rect;
    }),
  );
}

/** Area found and destroyed, season by season; a click goes there. */
export function seasonColumns(bars: readonly SeasonBar[], app: App): HTMLElement {
  const { palette } = app;
  const most = Math.max(...bars.map(({ found }) => found ?? 0), 1);
  return h(
    'div',
    { class: 'columns' },
    ...bars.map(({ season, plots, found, unmeasured, destroyed }) => {
      const tall = ((found ?? 0) / most) * 60;
      const gone = ((destroyed.area ?? 0) / most) * 60;
      const words =
        `${app.say(W.season)} ${season}: ${app.say(W.areaFound)} ${areaKnown(found, unmeasured, app)}, ` +
        `${app.say(W.claimed)} ${areaKnown(destroyed.area, destroyed.unmeasured, app)}, ${app.say(W.plotsFound)} ${plots}`;
      return h(
        'button',
        {
          type: 'button',
          'aria-label': words,
          title: words,
          'aria-current': app.season === season ? 'true' : null,
          onclick: () => app.set({ season }),
        },
        h('span', { class: 'amount' }, leastArea(found, unmeasured, app)),
        svg(
          'svg',
          { viewBox: '0 0 40 62', 'aria-hidden': 'true' },
          svg('line', { x1: 0, y1: 61.5, x2: 40, y2: 61.5, class: 'base' }),
          svg('rect', {
            x: 7,
            y: 61 - tall,
            width: 26,
            height: tall,
            rx: 2,
            fill: palette.standing,
          }),
          svg('rect', {
            x: 7,
            y: 61 - gone,
            width: 26,
            height: gone,
            rx: gone === tall ? 2 : 0,
            fill: palette.destroyed,
          }),
        ),
        h('span', {}, `${season.slice(2, 4)}–${season.slice(7, 9)}`),
      );
    }),
  );
}
