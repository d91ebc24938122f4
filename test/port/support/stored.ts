import type { EventLog } from 'rxjs-clocked-dispatch/log';

/** What a log has for these names. */
export async function stored(log: EventLog, names: readonly string[]): Promise<[value: string, ts: number][]> {
  const entries = await log.read(0, 100_000);
  return entries.flatMap(([{ messages }, ts]) =>
    messages
      .filter(({ to }) => to === '*' || to.some((name) => names.includes(name)))
      .map(({ value }): [string, number] => [JSON.parse(value as string) as string, ts]),
  );
}
