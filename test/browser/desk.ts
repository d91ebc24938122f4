import type { Locator, Page } from 'playwright-core';

/** A message on a lane, as its text says. */
export interface Shown {
  readonly index: number;
  readonly text: string;
}

/** The page, by what is on it. */
export class Desk {
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(5000);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.errors.push(message.text()));
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.on('requestfailed', (request) => {
      // A page that connects to a SharedWorker which runs already lets go of its script.
      const isLetGo = request.url().endsWith('/desk-worker.js') && request.failure()?.errorText === 'net::ERR_ABORTED';
      if (!isLetGo) this.errors.push(`${request.url()} failed`);
    });
  }

  async open(url: string): Promise<void> {
    // What esbuild, and so tsx, calls in every function that is handed over to the page.
    await this.page.addInitScript('globalThis.__name = (target) => target');
    await this.page.goto(url);
    await until(async () => (await this.board('Departures').getByRole('listitem').count()) === 4);
  }

  startOver(): Promise<void> {
    return this.page.getByRole('button', { name: 'Start over' }).click();
  }

  mode(name: string): Promise<void> {
    return this.page.getByRole('radio', { name }).check();
  }

  /** Sets the slider to the step that is next to a rate. */
  async speed(rate: number): Promise<void> {
    const step = Math.round((100 * Math.log(rate)) / Math.log(5000));
    await this.page.getByRole('slider').fill(String(step));
  }

  board(title: string): Locator {
    return this.page.locator('desk-board').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  lane(title: string): Locator {
    return this.page.getByRole('group', { name: `Board ${title}` });
  }

  clock(title: string): Promise<string> {
    return this.board(title).locator('.time').innerText();
  }

  async queued(title: string): Promise<number> {
    return Number(/(\d+) of \d+ wait/.exec(await this.lane(title).innerText())?.[1]);
  }

  /** How many reports wait for their turn. */
  async waiting(): Promise<number> {
    return Number(/(\d+) reports? waits?/.exec(await this.page.locator('.holder').innerText())?.[1] ?? 0);
  }

  statusSays(text: RegExp): Promise<void> {
    return until(async () => text.test((await this.page.locator('.holder').innerText()).replaceAll('\n', '')));
  }

  /** In percent: out of order as reported, and on the boards. */
  async disorder(): Promise<number[]> {
    const text = await this.page.locator('.disorder').innerText();
    return [...text.matchAll(/(\d+)%/g)].map(([, percent]) => Number(percent));
  }

  async footer(attribute: string): Promise<number> {
    const text = await this.page.locator(`[${attribute}]`).innerText();
    return Number(/[\d,]+/.exec(text)![0].replaceAll(',', ''));
  }

  /** What boards are told in a second that has begun after now. */
  async told(): Promise<number> {
    await this.page.waitForTimeout(2300);
    return this.footer('data-told');
  }

  /** Everything that the lanes as text have shown meanwhile, by board. */
  async watchLanes(ms: number): Promise<Record<string, Shown[]>> {
    await this.page.locator('summary').click();
    const seen = await this.page.evaluate(async (duration) => {
      const lanes: Record<string, { index: number; text: string }[]> = { Departures: [], Late: [], Hawaii: [] };
      const known = new Set<Element>();
      const read = (): void => {
        for (const item of document.querySelectorAll<HTMLElement>('[data-lane] li[data-flight]')) {
          if (known.has(item)) continue;
          known.add(item);
          lanes[item.closest<HTMLElement>('[data-lane]')!.dataset.lane!]!.push({
            index: Number(item.dataset.flight),
            text: item.textContent.trim(),
          });
        }
      };
      const observer = new MutationObserver(read);
      observer.observe(document.querySelector('desk-lanes-as-text')!, { childList: true, subtree: true });
      await new Promise((resolve) => setTimeout(resolve, duration));
      observer.disconnect();
      return lanes;
    }, ms);
    await this.page.locator('summary').click();
    return seen;
  }
}

export async function until(holds: () => Promise<boolean>, within = 10_000): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > within) throw new Error(`did not happen within ${within} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
