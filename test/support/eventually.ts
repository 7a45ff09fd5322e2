import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 20;
/** What a look costs is taken from whatever it waits for. */
const LONGEST_PAUSE_MS = 200;

/**
 * Calls `look` until it neither throws nor resolves to `undefined` or `false`, and resolves with what it resolved to.
 * @throws what `look` threw last, or an error that names `what`, once `withinMs` are over (default 30 s: a machine may have other work)
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  { withinMs = 30_000 }: { readonly withinMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    let failure: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs / 1000} s: ${what}`, { cause: failure });
    }
    await sleep(pauseMs);
  }
}
