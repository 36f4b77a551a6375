// A real Chromium with nothing of its own: an empty profile, no service of its maker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** Opens a browser; `close` takes its profile away with it. */
export async function browse(options = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), 'poppywatch-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
    viewport: DESKTOP,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    ...options,
  });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Waits until the map has drawn all that it asked for. */
export async function settled(page) {
  await page.waitForSelector('body[data-map="ready"]', { timeout: 60_000 });
  await page.waitForFunction(() => document.body.dataset.mapIdle === 'true', null, {
    timeout: 60_000,
  });
}
