import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** What to tell somebody whose browser tests were skipped. */
export const CHROMIUM_HINT =
  'no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable';

/** The browser for the tests, or undefined. A CHROMIUM_PATH that does not exist is an error, not a reason to skip. */
export function findChromium(): string | undefined {
  // eslint-disable-next-line no-restricted-properties -- a setting of the test run, not of the product
  const given = process.env['CHROMIUM_PATH'];
  if (given === undefined || given === '') return USUAL_PLACES.find((path) => existsSync(path));
  if (!existsSync(given)) throw new Error(`CHROMIUM_PATH is ${given}, and there is no such file`);
  return given;
}

/** A headless browser that knows no host but 127.0.0.1, so that whatever a page asks of another one fails. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
