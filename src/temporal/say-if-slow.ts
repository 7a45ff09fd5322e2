import type { Log } from './log';

const PATIENCE_MS = 2_000;

/** Awaits `work`; says `message` once if that takes longer than two seconds. */
export async function sayIfSlow<T>(log: Log, message: string, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => log.info(message), PATIENCE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
