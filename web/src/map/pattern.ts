import type { Map } from 'maplibre-gl';

export const HATCH = 'hatch';
export const STRIP = 'strip-hatch';

/**
 * Diagonal lines on nothing. Each tile of the pattern carries the same line into its neighbours, so
 * that no seam shows.
 */
export function hatch(color: string, spacing: number, width: number, backwards = false): ImageData {
  const size = spacing * 2;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d');
  if (pen === null) return new ImageData(size, size);
  pen.strokeStyle = color;
  pen.lineWidth = width * 2;
  pen.lineCap = 'square';
  if (backwards) {
    pen.translate(size, 0);
    pen.scale(-1, 1);
  }
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

/** Puts the patterns of a palette into the map's style. */
export function addPatterns(map: Map, hatchColor: string, stripColor: string): void {
  const patterns: [string, ImageData][] = [
    [HATCH, hatch(hatchColor, 7, 0.9)],
    [STRIP, hatch(stripColor, 6, 0.8, true)],
  ];
  for (const [name, image] of patterns) {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: 2 });
  }
}
