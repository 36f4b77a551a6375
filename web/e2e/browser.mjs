// A real Chromium with nothing of its own: an empty profile, no service of its maker.
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

/** Starts a browser; its profile is new, empty, and goes away with it. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
  });
}

/** Opens a window that shares nothing with any other. */
export async function browse(browser, options = {}) {
  const context = await browser.newContext({
    viewport: DESKTOP,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    ...options,
  });
  return { context, page: await context.newPage(), close: () => context.close() };
}

/** Waits until the map has drawn all that it asked for. */
export async function settled(page) {
  await page.waitForSelector('body[data-map="ready"]', { timeout: 60_000 });
  await page.waitForFunction(() => document.body.dataset.mapIdle === 'true', null, {
    timeout: 60_000,
  });
}
