/** Counts checks, and prints each as a line. */
export class Report {
  passed = 0;
  failed = 0;

  /** Runs a check; one that throws, or takes too long, has failed. */
  async check(title: string, body: () => unknown, within = 20_000): Promise<boolean> {
    const started = performance.now();
    try {
      await withTimeout(body, within);
      this.passed++;
      console.log(`ok    ${title} (${Math.round(performance.now() - started)} ms)`);
      return true;
    } catch (error) {
      this.failed++;
      console.log(`FAIL  ${title}\n${indent(error instanceof Error ? (error.stack ?? error.message) : String(error))}`);
      return false;
    }
  }

  /** The closing line. */
  close(): void {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
  }
}

async function withTimeout(body: () => unknown, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  try {
    await Promise.race([body(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '      ');
}
