import type { App } from '../app.ts';
import * as format from '../lib/format.ts';
import type { LegendEntry } from '../map/drawing.ts';
import { h, svg, unique } from './dom.ts';

/** The legend of one layer. */
export function legend(entries: readonly LegendEntry[], app: App): HTMLElement {
  return h(
    'ul',
    { class: 'plain legend' },
    ...entries.map((entry) =>
      h(
        'li',
        { class: entry.kind === 'ramp' ? 'ramp' : '' },
        mark(entry),
        entry.ticks && ticks(entry.ticks, app),
        h('span', {}, app.say(entry.label)),
      ),
    ),
  );
}

/** The values between the steps of a ramp, each under the line between two colours. */
function ticks(values: readonly number[], app: App): SVGSVGElement {
  const part = 100 / (values.length + 1);
  return svg(
    'svg',
    { viewBox: '0 0 300 12', class: 'ticks-of-ramp', 'aria-hidden': 'true' },
    ...values.map((value, i) =>
      svg(
        'text',
        { x: (i + 1) * part * 3, y: 10, 'text-anchor': 'middle' },
        format.number(value, app.screen.lang),
      ),
    ),
  );
}

/** The mark itself, drawn as the map draws it. */
export function mark(entry: LegendEntry): SVGSVGElement {
  const [first = '#000000'] = entry.colors;
  const size = { viewBox: '0 0 24 16', class: 'mark', 'aria-hidden': 'true' };
  switch (entry.kind) {
    case 'fill':
      if (entry.colors.length > 1) {
        const width = 20 / entry.colors.length;
        return svg(
          'svg',
          size,
          ...entry.colors.map((color, i) =>
            svg('rect', { x: 2 + i * width, y: 1.5, width, height: 13, fill: color }),
          ),
        );
      }
      return svg(
        'svg',
        size,
        svg('rect', {
          x: 2,
          y: 1.5,
          width: 20,
          height: 13,
          rx: 2.5,
          fill: first,
          stroke: entry.edge ?? 'none',
          'stroke-width': 1.2,
          ...(entry.edge === first ? { 'fill-opacity': 0.3 } : {}),
        }),
      );
    case 'hatch': {
      const clip = unique('clip');
      const lines = [-8, -3, 2, 7, 12, 17, 22].map((x) =>
        svg('line', { x1: x, y1: 16, x2: x + 14, y2: 0, stroke: first, 'stroke-width': 1.2 }),
      );
      return svg(
        'svg',
        size,
        svg(
          'clipPath',
          { id: clip },
          svg('rect', { x: 2, y: 1.5, width: 20, height: 13, rx: 2.5 }),
        ),
        svg('g', { 'clip-path': `url(#${clip})` }, ...lines),
        svg('rect', {
          x: 2,
          y: 1.5,
          width: 20,
          height: 13,
          rx: 2.5,
          fill: 'none',
          stroke: first,
          'stroke-width': 0.8,
        }),
      );
    }
    case 'line':
      return svg(
        'svg',
        size,
        entry.edge !== undefined &&
          svg('line', {
            x1: 1,
            y1: 8,
            x2: 23,
            y2: 8,
            stroke: entry.edge,
            'stroke-width': 7,
            'stroke-opacity': 0.4,
            'stroke-linecap': 'round',
          }),
        svg('line', {
          x1: 1,
          y1: 8,
          x2: 23,
          y2: 8,
          stroke: first,
          'stroke-width': entry.width ?? 1.5,
          ...(entry.dash ? { 'stroke-dasharray': entry.dash.join(' ') } : {}),
        }),
      );
    case 'circle':
      return svg(
        'svg',
        size,
        svg('circle', {
          cx: 12,
          cy: 8,
          r: Math.min(7, (entry.size ?? 10) / 2),
          fill: first,
          stroke: entry.edge ?? 'none',
          'stroke-width': 1.8,
        }),
      );
    case 'count':
      return svg(
        'svg',
        size,
        svg('circle', { cx: 12, cy: 8, r: 7.5, fill: first }),
        svg(
          'text',
          {
            x: 12,
            y: 11.4,
            'text-anchor': 'middle',
            'font-size': 9.5,
            'font-weight': 600,
            fill: entry.edge ?? '#ffffff',
          },
          '5',
        ),
      );
    case 'ramp': {
      const width = 100 / entry.colors.length;
      return svg(
        'svg',
        { viewBox: '0 0 100 8', class: 'mark', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        ...entry.colors.map((color, i) =>
          svg('rect', { x: i * width, y: 0, width: width + 0.2, height: 8, fill: color }),
        ),
      );
    }
  }
}
