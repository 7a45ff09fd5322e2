import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 20;
/** What a look costs is taken from whatever it waits for. */
const LONGEST_PAUSE_MS = 200;

/**
 * Calls `look` until it neither throws nor resolves to `undefined` or `false`, and resolves with what it resolved to.
 * @param show what a failure is understood by: it is said with the error
 * @throws an error that names `what`, caused by what `look` threw last, once `withinMs` are over (default 120 s: a machine may have other work)
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  { withinMs = 120_000, show }: { readonly withinMs?: number; readonly show?: () => unknown } = {},
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
      const shown = show === undefined ? '' : `; ${text(await show())}`;
      throw new Error(`not within ${withinMs / 1000} s: ${what}${shown}`, { cause: failure });
    }
    await sleep(pauseMs);
  }
}

function text(shown: unknown): string {
  return typeof shown === 'string' ? shown : JSON.stringify(shown, null, 2);
}
