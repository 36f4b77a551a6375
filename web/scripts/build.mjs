// Builds `dist/`: one page, one script, one style sheet, the map's worker, the fonts. Every file
// but the page carries its hash in its name, so that it may be kept for ever by a browser.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const assets = path.join(dist, 'assets');
const fontPackage = path.join(root, 'node_modules/@fontsource/be-vietnam-pro');
const mapPackage = path.join(root, 'node_modules/maplibre-gl');

/** Weights on screen, and the pieces each is cut into by its publisher. */
const WEIGHTS = [400, 500, 600, 700];
const PIECES = ['vietnamese', 'latin-ext', 'latin'];

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

async function keep(name, extension, bytes) {
  const file = `${name}-${hash(bytes)}.${extension}`;
  await writeFile(path.join(assets, file), bytes);
  return file;
}

/** The ranges of letters each piece covers, read from the publisher's own style sheet. */
async function unicodeRanges(weight) {
  const css = await readFile(path.join(fontPackage, `${weight}.css`), 'utf8');
  const ranges = {};
  for (const rule of css.matchAll(
    /be-vietnam-pro-([a-z-]+)-\d+-normal \*\/[^}]*unicode-range: ([^;]+);/g,
  )) {
    ranges[rule[1]] = rule[2].split(',').map((range) => range.trim());
  }
  return ranges;
}

async function fonts() {
  const faces = [];
  for (const weight of WEIGHTS) {
    const ranges = await unicodeRanges(weight);
    for (const piece of PIECES) {
      const bytes = await readFile(
        path.join(fontPackage, 'files', `be-vietnam-pro-${piece}-${weight}-normal.woff2`),
      );
      const file = await keep(`be-vietnam-pro-${piece}-${weight}`, 'woff2', bytes);
      faces.push({ weight, file, ranges: ranges[piece] });
    }
  }
  return faces;
}

const fontFaceCss = (faces) =>
  faces
    .map(
      ({ weight, file, ranges }) =>
        `@font-face{font-family:"Be Vietnam Pro";font-style:normal;font-display:swap;` +
        `font-weight:${weight};src:url(${file}) format("woff2");unicode-range:${ranges.join(',')}}`,
    )
    .join('\n');

await rm(dist, { recursive: true, force: true });
await mkdir(assets, { recursive: true });

const faces = await fonts();
const worker = await keep(
  'map-worker',
  'js',
  Buffer.from(
    (await readFile(path.join(mapPackage, 'dist/maplibre-gl-worker.mjs'), 'utf8')).replace(
      /\n\/\/# sourceMappingURL=.*\s*$/,
      '\n',
    ),
  ),
);

const script = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  write: false,
  define: {
    FONT_FACES: JSON.stringify(faces),
    MAP_WORKER: JSON.stringify(worker),
  },
});
const style = await build({
  absWorkingDir: root,
  entryPoints: ['src/main.css'],
  bundle: true,
  minify: true,
  write: false,
});

const app = await keep('app', 'js', Buffer.from(script.outputFiles[0].contents));
const sheet = await keep(
  'app',
  'css',
  Buffer.from(fontFaceCss(faces) + '\n' + style.outputFiles[0].text),
);

const preload = faces
  .filter(({ weight, file }) => weight === 400 && !file.includes('latin-ext'))
  .map(
    ({ file }) =>
      `<link rel="preload" href="assets/${file}" as="font" type="font/woff2" crossorigin />`,
  )
  .join('\n    ');
const page = (await readFile(path.join(root, 'index.html'), 'utf8'))
  .replace('<!-- fonts -->', preload)
  .replaceAll('assets/app.js', `assets/${app}`)
  .replaceAll('assets/app.css', `assets/${sheet}`);
await writeFile(path.join(dist, 'index.html'), page);

await cp(path.join(root, 'src/icon.svg'), path.join(assets, 'icon.svg'));
const notices = [
  ['MapLibre GL JS (BSD-3-Clause and others)', path.join(mapPackage, 'LICENSE.txt')],
  ['Be Vietnam Pro (SIL Open Font License 1.1)', path.join(fontPackage, 'LICENSE')],
];
let text = 'What the web map of poppywatch is made with.\n';
for (const [name, file] of notices) {
  text += `\n${'='.repeat(72)}\n${name}\n${'='.repeat(72)}\n\n${await readFile(file, 'utf8')}`;
}
await writeFile(path.join(assets, 'licences.txt'), text);

for (const file of ['index.html', `assets/${app}`, `assets/${sheet}`, `assets/${worker}`]) {
  const bytes = await readFile(path.join(dist, file));
  const kB = (size) => `${(size / 1000).toFixed(0)} kB`;
  console.log(`${file}: ${kB(bytes.length)}, ${kB(gzipSync(bytes, { level: 9 }).length)} gzipped`);
}
