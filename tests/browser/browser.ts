// The browser of the tests and the bench: Chromium's headless shell, the same pages, passkeys, prints and downloads for a fifth less work.

import { type Browser, chromium } from 'playwright-core';

/** `CHROMIUM` names another one, to look at a test with the browser that people use. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    // Where the machine names no locale, Chromium gives up a Chinese file name for the word "download".
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}
