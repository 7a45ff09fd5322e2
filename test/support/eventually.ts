import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/**
 * Calls `look` until it neither throws nor resolves to `undefined` or `false`, and resolves with what it resolved to.
 * @throws what `look` threw last, or an error that names `what`, once `withinMs` are over (default 15 s)
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  { withinMs = 15_000 }: { readonly withinMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
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
    await sleep(LOOK_EVERY_MS);
  }
}
