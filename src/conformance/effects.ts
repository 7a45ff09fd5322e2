import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from '../domain/json';

/** The receiver's own count of what it has done. */
export interface Effects {
  /** @throws {EffectsError} */
  count(): Promise<number>;
  /**
   * The count once it has reached `total`, because a receiver may answer and do its work after that, and a little later
   * still, because there may be one too many. Where it does not get there in time, what it is then.
   * @throws {EffectsError}
   */
  reach(total: number): Promise<number>;
}

export interface EffectsPace {
  /** How long to wait for effects to happen. Default: 5 s. */
  readonly withinMs: number;
  /** How long to wait for one too many. Default: 500 ms. */
  readonly settleMs: number;
}

const PACE: EffectsPace = { withinMs: 5_000, settleMs: 500 };
const LOOK_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 5_000;

export class EffectsError extends Error {
  override readonly name = 'EffectsError';
  readonly code = 'effects_unreadable';
}

/** @param url answers GET with a whole number, or with a JSON object whose member `count` is one */
export function openEffects(url: URL, { withinMs, settleMs }: EffectsPace = PACE): Effects {
  const count = () => readCount(url);
  return {
    count,
    async reach(total) {
      const until = performance.now() + withinMs;
      while ((await count()) < total && performance.now() < until) await sleep(LOOK_EVERY_MS);
      await sleep(settleMs);
      return count();
    },
  };
}

async function readCount(url: URL): Promise<number> {
  const text = await get(url);
  const count = countIn(text);
  if (count !== undefined) return count;
  throw new EffectsError(
    `the effects URL must answer with a whole number, or {"count": 7}; it answered ${JSON.stringify(text.slice(0, 80))}`,
  );
}

async function get(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.ok) return await response.text();
    throw new Error(`it answered ${response.status}`);
  } catch (cause) {
    // What went wrong with the network is only in the cause of fetch's error.
    const { message, cause: inner } = cause as Error & { readonly cause?: Error };
    const why = inner?.message ?? message;
    throw new EffectsError(`the effects URL cannot be read: ${why}; it must answer GET`, { cause });
  }
}

function countIn(text: string): number | undefined {
  try {
    const value: unknown = readJson(text);
    const count = typeof value === 'object' && value !== null && 'count' in value ? value.count : value;
    return Number.isSafeInteger(count) ? (count as number) : undefined;
  } catch {
    return undefined;
  }
}
