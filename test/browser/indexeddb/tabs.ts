import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { bundle } from '../bundle.js';
import type { Tab } from './page.js';

const program = fileURLToPath(new URL('page.ts', import.meta.url));

/** A tab whose `tab` can be called from here. */
export class OpenTab {
  readonly page: Page;
  /** What this tab was told is stored, by id. */
  readonly acknowledged: Map<string, number> = new Map<string, number>();

  constructor(page: Page) {
    this.page = page;
  }

  /** Calls a method of the page's `tab`. */
  call<K extends keyof Tab>(method: K, ...args: Parameters<Tab[K]>): Promise<Awaited<ReturnType<Tab[K]>>> {
    return this.page.evaluate(
      ([name, given]) => {
        const { tab } = window as unknown as { tab: Record<string, (...args: unknown[]) => unknown> };
        return tab[name as string]!(...(given as unknown[]));
      },
      [method, args],
    ) as Promise<Awaited<ReturnType<Tab[K]>>>;
  }

  /** Ends the process of the tab, as when it has crashed or was killed. */
  async kill(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  /** What the browser does to a tab that was in the background for long, and when it is seen again. */
  async freeze(state: 'frozen' | 'active'): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Page.setWebLifecycleState', { state });
  }

  /** Lets it have one in so many parts of the processor's time. */
  async throttle(rate: number): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Emulation.setCPUThrottlingRate', { rate });
  }

  /** Waits until the tab has read up to a position. */
  async hasSeen(ts: number): Promise<void> {
    await this.page.waitForFunction(
      (upTo) => (window as unknown as { tab: Tab }).tab.seen().seen.some(([, ts]) => ts >= upTo),
      ts,
      { polling: 20 },
    );
  }
}

let script: Promise<string> | undefined;

/** Opens a tab with a log of this name. */
export async function openTab(
  context: BrowserContext,
  url: string,
  name: string,
  durability: 'strict' | 'relaxed' = 'strict',
): Promise<OpenTab> {
  const tab = new OpenTab(await context.newPage());
  await tab.page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>a tab</title>' }));
  await tab.page.exposeFunction('acknowledged', (notes: [string, number][]) => {
    for (const [id, ts] of notes) tab.acknowledged.set(id, ts);
  });
  await tab.page.goto(url);
  await tab.page.addScriptTag({ content: await (script ??= compile()) });
  await tab.call('open', name, durability);
  return tab;
}

async function compile(): Promise<string> {
  return (await bundle({ entryPoints: [program] }))[0]!.text;
}
