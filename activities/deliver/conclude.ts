import { log } from '@temporalio/activity';
import type { SendResult } from '../../src/channels/channel';
import type { EndpointConfig } from '../../src/config/config';
import { type Attempt, MAX_LOGGED_ATTEMPTS } from '../../src/domain/delivery';
import type { AttemptResult, DeliveryRequest, DeliveryResult } from '../../src/domain/delivery-request';
import type { DeliveryProgress } from '../../src/domain/job-run';
import { LOOK_AGAIN_MS } from '../../src/domain/paused-delivery';
import { isWindowOver, nextDelay } from '../../src/domain/retry-schedule';
import type { EndpointPauses } from '../../src/engine/endpoint-pauses';
import type { NotifyOperations } from '../../src/engine/notices';
import type { Dependencies } from '../dependencies';
import { isoTime, serverTime } from '../server-time';
import type { Circuit } from './circuit';
import type { PauseGate } from './pause-gate';

interface Tools extends Pick<Dependencies, 'count' | 'random'> {
  readonly pauses: EndpointPauses;
  readonly pauseGate: PauseGate;
  readonly circuit: Circuit;
  readonly notifyOperations: NotifyOperations;
}

/** Turns what an attempt came to into the delivery's end, or into the time of the next attempt. */
export function createConclude({ count, random, pauses, pauseGate, circuit, notifyOperations }: Tools) {
  const pause = async (endpoint: string, reason: string): Promise<void> => {
    const { pausedNow } = await pauses.pause({ endpoint, reason });
    pauseGate.forget(endpoint);
    if (!pausedNow) return;
    log.error('paused an endpoint', { endpoint, reason });
    const { state, ...told } = await pauses.stateOf(endpoint);
    if (state !== 'paused' || !('pausedAt' in told)) return;
    const timestamp = isoTime(told.pausedAt ?? Date.now());
    await notifyOperations({
      type: 'endpoint.paused',
      timestamp,
      distinguishers: [endpoint, timestamp],
      data: { endpoint, reason },
    });
  };

  return async (
    request: DeliveryRequest,
    endpoint: EndpointConfig,
    before: DeliveryProgress,
    { outcome, attempt }: SendResult,
  ): Promise<AttemptResult> => {
    const number = before.attempt_count + 1;
    const isBlocked = attempt.error?.startsWith('blocked address') ?? false;
    count.attempt(endpoint.name, isBlocked ? 'blocked' : outcome.kind, attempt.duration_ms / 1000);
    // A broker has no status to answer with, but who takes or refuses a message is there.
    if (attempt.status !== undefined || outcome.kind !== 'retry') circuit.reached(endpoint.name);
    else if (!isBlocked && circuit.missed(endpoint.name)) {
      log.warn('an endpoint does not answer; this worker probes it now and then', { endpoint: endpoint.name });
    }

    if (outcome.kind === 'delivered') {
      count.delivery(endpoint.name, 'delivered');
      return { settled: { state: 'delivered', progress: logged(before, { number, ...attempt }) } };
    }
    if (outcome.kind === 'gone') {
      if (outcome.pauseEndpoint) await pause(endpoint.name, 'it answered 410 Gone');
      count.delivery(endpoint.name, 'gone');
      const progress = logged(before, { number, ...attempt });
      return { settled: { state: 'gone', progress, reason: outcome.reason } };
    }

    const now = serverTime();
    if (outcome.pauseEndpoint) {
      await pause(endpoint.name, 'it answered webhook-delivery: disable');
      const due = now + LOOK_AGAIN_MS;
      const progress = logged(before, { number, ...attempt, next_attempt: isoTime(due) });
      return {
        later: {
          type: 'EndpointPaused',
          why: `attempt ${number}: ${endpoint.name} asked to be paused`,
          retry_in_ms: LOOK_AGAIN_MS,
          progress: { ...progress, paused_since: now, waiting_since: progress.waiting_since ?? now },
        },
      };
    }

    const used = usedWindow(before, now);
    if (isWindowOver(endpoint.retry, used)) {
      const progress = logged(before, { number, ...attempt });
      return { settled: await exhausted(request, endpoint, progress, attempt.error ?? 'failed') };
    }
    const { slow, retryAfterMs } = outcome;
    const delay = nextDelay(endpoint.retry, number, { slow, retryAfterMs, random });
    // The last attempt falls on the end of the window, not far behind it; but what the endpoint asks for is kept.
    const left = Math.max(1, endpoint.retry.forMs - used);
    const due = now + (retryAfterMs === undefined ? Math.min(delay, left) : delay);
    return {
      later: {
        type: 'AttemptFailed',
        why: `attempt ${number}: ${attempt.error ?? 'failed'}; the next at ${isoTime(due)}`,
        retry_in_ms: due - now,
        progress: logged(before, { number, ...attempt, next_attempt: isoTime(due) }),
      },
    };
  };

  async function exhausted(
    { provider, job, delivery_id, event_type, message }: DeliveryRequest,
    { name }: EndpointConfig,
    progress: DeliveryProgress,
    lastError: string,
  ): Promise<DeliveryResult> {
    count.delivery(name, 'exhausted');
    log.error('gave a delivery up: its retry window is over', { endpoint: name, delivery: delivery_id });
    const data = {
      provider,
      job,
      endpoint: name,
      event: event_type,
      webhook_id: message.id,
      attempt_count: progress.attempt_count,
      last_error: lastError,
    };
    const timestamp = isoTime(serverTime());
    const distinguishers = [delivery_id, progress.window_began ?? 0];
    await notifyOperations({ type: 'delivery.exhausted', timestamp, distinguishers, data });
    const reason = `no success in ${progress.attempt_count} attempts within the retry window`;
    return { state: 'exhausted', progress, reason };
  }
}

/** How much of its retry window a delivery has used: time while its endpoint was paused does not count. */
export function usedWindow({ window_began, paused_ms }: DeliveryProgress, now: number): number {
  return now - (window_began ?? now) - paused_ms;
}

/** The progress with one more attempt; only the last {@link MAX_LOGGED_ATTEMPTS} are kept, all are counted. */
function logged(before: DeliveryProgress, attempt: Attempt): DeliveryProgress {
  return {
    ...before,
    attempts: [...before.attempts, attempt].slice(-MAX_LOGGED_ATTEMPTS),
    attempt_count: attempt.number,
  };
}
