type Child = Node | string | null | undefined | false;
type Listeners = {
  [E in keyof HTMLElementEventMap as `on${E}`]?: (event: HTMLElementEventMap[E]) => void;
};
type Attributes = Record<
  string,
  string | number | boolean | null | undefined | ((event: never) => void)
>;

/**
 * Makes an element. Attributes that are `false`, `null` or `undefined` are left out, `true` stands
 * without a value, `on…` listens. Text is always text: nothing is ever parsed as HTML.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes & Listeners = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...present(children));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element of a drawing. Colours are set as attributes: the page forbids inline styles. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number> = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...present(children));
  return element;
}

const present = (children: readonly Child[]) =>
  children.filter(
    (child): child is Node | string => child !== null && child !== undefined && child !== false,
  );

const ICONS = {
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500 20 20',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  home: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1 1M17.400 17.400l1 1M5.600 18.400l1-1M17.400 6.600l1-1',
  moon: 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10Z',
  close: 'M6 6l12 12M18 6 6 18',
  left: 'M14.500 6l-6 6 6 6',
  right: 'M9.500 6l6 6-6 6',
  down: 'M6 9.500l6 6 6-6',
  layers:
    'M12 4 3.500 8.500 12 13l8.500-4.500ZM3.500 12.500 12 17l8.500-4.500M3.500 16.200 12 20.700l8.500-4.500',
  chart: 'M5 20V11M12 20V4M19 20v-6',
  open: 'M12 4v11M7.500 10.500 12 15l4.500-4.500M4.500 19.500h15',
  print: 'M7 9V4h10v5M7 17H4.500V9h15v8H17M7 14h10v6H7Z',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 11v5M12 8v.200',
  warn: 'M12 4.500 3.500 19.500h17ZM12 10v4.500M12 17v.200',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.500l3 2',
  north: 'M12 3 7.500 15 12 12.500 16.500 15Z',
  pin: 'M12 21c4-4.500 6-7.700 6-10.500a6 6 0 1 0-12 0C6 13.300 8 16.500 12 21ZM12 8.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4',
} as const;
export type Icon = keyof typeof ICONS;

export function icon(name: Icon): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' },
    svg('path', { d: ICONS[name] }),
  );
}

/** Replaces what is in `element`. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...present(children));
}

/** A name that no other element has. */
let last = 0;
export function unique(prefix: string): string {
  last += 1;
  return `${prefix}-${last}`;
}
