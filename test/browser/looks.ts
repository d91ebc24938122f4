import type { Browser, BrowserContext } from 'playwright-core';
import { type Desk, until } from './desk.js';

export const VIEWPORTS = { laptop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
export const SIZES = ['laptop', 'phone'] as const;
export const COLOR_SCHEMES = ['light', 'dark'] as const;

/** A browser that has one of the sizes, and one of the color schemes, in which the desk should look right. */
export function look(
  browser: Browser,
  size: (typeof SIZES)[number],
  colorScheme: (typeof COLOR_SCHEMES)[number],
): Promise<BrowserContext> {
  const isMobile = size === 'phone';
  return browser.newContext({
    viewport: VIEWPORTS[size],
    colorScheme,
    deviceScaleFactor: 2,
    isMobile,
    hasTouch: isMobile,
  });
}

/** Brings the desk to where there is something to see: a command that is saved, and a board that is behind. */
export async function pose(desk: Desk): Promise<void> {
  const { page } = desk;
  await page.locator('desk-log').getByRole('textbox').fill('hold ORD');
  await page.locator('desk-log').getByRole('textbox').press('Enter');
  await page.waitForTimeout(2500);
  await page.getByLabel('Late reads').selectOption('1 / s');
  await page.mouse.click(2, page.viewportSize()!.height - 2);
  await page.evaluate(() => scrollTo(0, 0));
  await until(async () => /behind: \d+ wait/.test(await desk.board('Late').innerText()), 30_000);
}
