// Looks at a page as it stands, at the three widths, and says what is wrong with it. With SHOTS it also keeps pictures, for a person to look at.

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const guidelines = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function looked(page: Page, name: string, rules = guidelines): Promise<string[]> {
  const found: string[] = [];
  await page.mouse.move(0, 0); // a button under the pointer is in another colour
  for (const width of [320, 390, 1366]) {
    await page.setViewportSize({ width, height: 800 });
    // What follows a change of width settles first; what has not settled by then is measured as it is.
    await page
      .waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth, null, {
        timeout: 5_000,
      })
      .catch(() => undefined);
    const { overflow, widest } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const right = (one: Element) => one.getBoundingClientRect().right;
      const beyond = [...document.body.querySelectorAll('*')].filter((one) => right(one) > clientWidth + 1);
      const [first] = beyond.toSorted((a, b) => right(b) - right(a));
      return { overflow: scrollWidth - clientWidth, widest: first?.outerHTML.slice(0, 120) };
    });
    if (overflow > 0) found.push(`${name} ${width}：横向多出 ${overflow} 像素（${widest}）`);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async (runOnly) => {
      const result = await (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly });
      return result.violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
      );
    }, rules);
    found.push(...violations.map((one) => `${name} ${width}：${one}`));
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
  }
  return found;
}

/** The same as an assertion, and by the good practices too; the page is left at the width of a desk. */
export async function sound(page: Page, name: string): Promise<void> {
  expect(await looked(page, name, [...guidelines, 'best-practice'])).toEqual([]);
  await page.setViewportSize({ width: 1366, height: 900 });
}
