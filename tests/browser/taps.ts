// Counts what a finger really does: every touch the browser itself reports, on whatever page; a press made by a script is none.

import type { Page } from 'playwright-core';

export interface Taps {
  /** How many since the start, or since the last `reset`. */
  count(): number;
  reset(): void;
}

export async function countTaps(page: Page): Promise<Taps> {
  let taps = 0;
  await page.exposeFunction('tapped', () => {
    taps += 1;
  });
  await page.addInitScript(() => {
    const told = (event: PointerEvent) => {
      if (event.isTrusted) (window as unknown as { tapped(): void }).tapped();
    };
    window.addEventListener('pointerdown', told, { capture: true });
  });
  return {
    count: () => taps,
    reset: () => {
      taps = 0;
    },
  };
}
