// Serves `dist/` and passes everything else on to a running poppywatch, so that the map can be
// worked on without building the program: `SERVER=http://127.0.0.1:8080 npm run dev`.
import { createServer, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const server = new URL(process.env.SERVER ?? 'http://127.0.0.1:8080');
const port = Number(process.env.PORT ?? 8090);
const MEDIA = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

async function own(pathname, accept) {
  if (pathname === '/' && !accept.includes('text/html')) return null;
  const file = path.join(dist, path.normalize(pathname === '/' ? 'index.html' : pathname));
  try {
    return { bytes: await readFile(file), type: MEDIA[path.extname(file)] };
  } catch {
    return null;
  }
}

createServer(async (asked, answer) => {
  const { pathname } = new URL(asked.url, 'http://here');
  const file = await own(pathname, asked.headers.accept ?? '');
  if (file) {
    answer.writeHead(200, { 'Content-Type': file.type ?? 'application/octet-stream' });
    answer.end(file.bytes);
    return;
  }
  const onward = request(
    new URL(asked.url, server),
    { method: asked.method, headers: { ...asked.headers, host: server.host } },
    (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    },
  );
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}).listen(port, '127.0.0.1', () => {
  console.log(`The map of ${server.href} is at http://127.0.0.1:${port}/`);
});
