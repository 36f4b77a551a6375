// Compiles `src/**/*.test.ts` into `build/` and runs them with Node's own test runner.
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

async function testsIn(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await testsIn(file)));
    else if (entry.name.endsWith('.test.ts')) found.push(file);
  }
  return found.sort();
}

const out = path.join(root, 'build');
await rm(out, { recursive: true, force: true });
await build({
  entryPoints: await testsIn(path.join(root, 'src')),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  define: { FONT_FACES: '[]', MAP_WORKER: '""' },
});
const compiled = (await readdir(out, { recursive: true }))
  .filter((file) => file.endsWith('.test.mjs'))
  .map((file) => path.join(out, file));
const run = spawnSync(process.execPath, ['--test', ...compiled], { stdio: 'inherit' });
process.exit(run.status ?? 1);
