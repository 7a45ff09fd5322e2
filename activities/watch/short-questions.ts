import type { Scope } from '../../src/domain/scope-watch';
import { ProviderError } from '../../src/providers/provider';

/** Short questions hold workflow tasks, so a provider that is slow must not hold many. */
const UNDER_WAY_AT_MOST = 8;
const TIMEOUT_MS = 900;
/** After so many time-outs in a row short questions are left alone for a while. */
const TIMEOUTS_IN_A_ROW = 3;
const LEFT_ALONE_MS = 10_000;

/** A regular activity may ask at once. */
const NOT_ASKED = { retryAfterMs: 0 };

interface Gate {
  underWay: number;
  timeouts: number;
  closedUntil: number;
}

export type ShortQuestions = ReturnType<typeof createShortQuestions>;

/**
 * Questions that are asked within a workflow task: each bounded to less than a second, few at a time for each provider of
 * this process, and none to a provider that has just been too slow or asked to be left alone. A refused question is no
 * fault: the run has it asked by a regular activity instead.
 */
export function createShortQuestions(now: () => number = () => performance.now()) {
  const gates = new Map<string, Gate>();
  /** Until when a provider asked to be left alone, by quota domain: one project's quota says nothing of another's. */
  const pausedUntil = new Map<string, number>();
  const pausedMs = (scope: Scope) => Math.max(0, (pausedUntil.get(quotaDomain(scope)) ?? 0) - now());
  const gateOf = (provider: string): Gate => {
    const known = gates.get(provider);
    if (known) return known;
    const gate = { underWay: 0, timeouts: 0, closedUntil: 0 };
    gates.set(provider, gate);
    return gate;
  };

  return {
    /** @throws {ProviderError} `unavailable` where it is not asked now, or not answered in time */
    async ask<T>(scope: Scope, signal: AbortSignal, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const { provider } = scope;
      const gate = gateOf(provider);
      if (gate.underWay >= UNDER_WAY_AT_MOST || now() < gate.closedUntil || pausedMs(scope) > 0) {
        throw new ProviderError('unavailable', `${provider} is not asked at once just now`, NOT_ASKED);
      }
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      gate.underWay++;
      try {
        const answer = await question(AbortSignal.any([signal, timeout]));
        gate.timeouts = 0;
        return answer;
      } catch (error) {
        if (!timeout.aborted) throw error;
        gate.timeouts++;
        if (gate.timeouts >= TIMEOUTS_IN_A_ROW) gate.closedUntil = now() + LEFT_ALONE_MS;
        throw new ProviderError('unavailable', `${provider} did not answer within ${TIMEOUT_MS} ms`, {
          ...NOT_ASKED,
          cause: error,
        });
      } finally {
        gate.underWay--;
      }
    },
    /** The provider asked to be left alone. */
    pause(scope: Scope, ms: number): void {
      const domain = quotaDomain(scope);
      pausedUntil.set(domain, Math.max(pausedUntil.get(domain) ?? 0, now() + ms));
      for (const [each, until] of pausedUntil) if (until <= now()) pausedUntil.delete(each);
    },
    /** For how long it is to be left alone from now on; 0 for not at all. */
    pausedMs,
  };
}

function quotaDomain({ provider, scope }: Scope): string {
  return `${provider}/${scope}`;
}
