import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Readiness } from '../gateway/routes/health';

/** How often Temporal is asked whether it is there. */
const EVERY_MS = 5_000;

/**
 * Says in the log that Temporal cannot be used, once for each cause of an outage, and that it can be used again. The SDK says it of each
 * of its pollers, again and again; see install-temporal-logging.ts. Ends with the signal.
 */
export async function watchReachability(
  isReachable: () => Promise<Readiness>,
  {
    logger,
    signal,
    everyMs = EVERY_MS,
  }: { readonly logger: Logger; readonly signal: AbortSignal; readonly everyMs?: number },
): Promise<void> {
  const causes = new Set<string>();
  let since = 0;
  while (!signal.aborted) {
    const now = await isReachable();
    if (signal.aborted) return;
    if (now.ready && causes.size > 0) {
      logger.info({ after_s: Math.round((performance.now() - since) / 1000) }, 'Temporal can be used again');
      causes.clear();
    }
    if (!now.ready && !causes.has(now.reason)) {
      if (causes.size === 0) since = performance.now();
      causes.add(now.reason);
      logger.warn(now.reason);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
