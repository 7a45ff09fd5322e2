import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../plan/random';

/** The gateways as their clients see them: now and then one does not answer, and they ask again, or another. */
export interface Gateways {
  /**
   * POSTs until it is answered with a status below 500 other than 408, and resolves with that. What an unanswered request may have
   * done is not known, so it is sent again as it was.
   */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** The same for GET. */
  get(path: string): Promise<number>;
}

const ANSWER_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 300;

/** @param signal ends the asking: the run is over */
export function callGateways(origins: readonly string[], draw: Random, signal: AbortSignal): Gateways {
  const once = async (url: string, request: RequestInit): Promise<number | undefined> => {
    try {
      const response = await fetch(url, {
        ...request,
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.arrayBuffer();
      return response.status < 500 && response.status !== 408 ? response.status : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined; // killed, not yet back, or too slow
    }
  };
  const untilAnswered = async (path: string, request: RequestInit): Promise<number> => {
    for (;;) {
      const status = await once(draw.pick(origins) + path, request);
      if (status !== undefined) return status;
      await sleep(AGAIN_AFTER_MS, undefined, { signal });
    }
  };
  return {
    post(path, body, headers = { 'content-type': 'application/json' }) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return untilAnswered(path, { method: 'POST', headers, body: text });
    },
    get: (path) => untilAnswered(path, {}),
  };
}
