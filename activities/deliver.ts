import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import type { SendResult } from '../src/channels/channel';
import type { EndpointConfig } from '../src/config/config';
import { endpointFor } from '../src/config/endpoint-for';
import { type Attempt, MAX_LOGGED_ATTEMPTS } from '../src/domain/delivery';
import type { DeliveryRequest, DeliveryResult } from '../src/domain/delivery-request';
import type { DeliveryProgress } from '../src/domain/job-run';
import { isWindowOver, nextDelay } from '../src/domain/retry-schedule';
import { startHeartbeat } from './beat';
import type { Dependencies } from './dependencies';
import { createLimits } from './limits';
import { isoTime, serverTime } from './server-time';
import { tryAgain } from './try-again';
import type { Activities } from './types';

const MISSING_ENDPOINT_RETRY_MS = 60_000;

/**
 * One attempt of one delivery. Running it twice sends the same bytes under the same id twice, which a receiver that
 * follows Standard Webhooks takes for one message; that is the at-least-once half of the guarantee.
 *
 * URL, secret and headers are read from the configuration at each attempt, the bytes never change. What each attempt
 * came to goes into the heartbeat details, where the next attempt and `GET /v1/jobs/…` find it.
 */
export function createDeliver(dependencies: Dependencies): Activities['deliver'] {
  const { config, channels, count, random } = dependencies;
  const limits = createLimits();

  return async (request) => {
    const before = (activityInfo().heartbeatDetails as DeliveryProgress | undefined) ?? request.progress;
    const endpoint = endpointFor(config, request.subscription);
    if (!endpoint) throw missingEndpoint(request, before, count);

    const pass = limits.enter(endpoint);
    if (!pass.granted) {
      heartbeat(before);
      throw tryAgain('EndpointBusy', `${endpoint.name} is at its limit on this worker`, pass.retryInMs);
    }
    const stopBeating = startHeartbeat(before);
    try {
      const began = serverTime();
      const result = await channels[endpoint.type].send(endpoint, request.message, cancellationSignal());
      const progress = { ...before, window_began: before.window_began ?? began };
      return conclude(request, endpoint, progress, result, count, random);
    } finally {
      stopBeating();
      pass.leave();
    }
  };
}

function conclude(
  request: DeliveryRequest,
  endpoint: EndpointConfig,
  before: DeliveryProgress,
  { outcome, attempt }: SendResult,
  count: Dependencies['count'],
  random: () => number,
): DeliveryResult {
  const number = before.attempt_count + 1;
  const isBlocked = attempt.error?.startsWith('blocked address') ?? false;
  count.attempt(endpoint.name, isBlocked ? 'blocked' : outcome.kind, attempt.duration_ms / 1000);

  if (outcome.kind !== 'retry') {
    count.delivery(endpoint.name, outcome.kind);
    const progress = logged(before, { number, ...attempt });
    return outcome.kind === 'gone'
      ? { state: 'gone', progress, reason: outcome.reason }
      : { state: 'delivered', progress };
  }

  const { slow, retryAfterMs } = outcome;
  const now = serverTime();
  const used = now - (before.window_began ?? now) - before.paused_ms;
  if (isWindowOver(endpoint.retry, used)) {
    count.delivery(endpoint.name, 'exhausted');
    log.error('gave a delivery up: its retry window is over', {
      endpoint: endpoint.name,
      delivery: request.delivery_id,
    });
    return {
      state: 'exhausted',
      progress: logged(before, { number, ...attempt }),
      reason: `no success in ${number} attempts within the retry window`,
    };
  }
  const delay = nextDelay(endpoint.retry, number, { slow, retryAfterMs, random });
  // The last attempt falls on the end of the window, not far behind it; but what the endpoint asks for is kept.
  const due = now + (retryAfterMs === undefined ? Math.min(delay, Math.max(1, endpoint.retry.forMs - used)) : delay);
  heartbeat(logged(before, { number, ...attempt, next_attempt: isoTime(due) }));
  throw tryAgain(
    'AttemptFailed',
    `attempt ${number}: ${attempt.error ?? 'failed'}; the next at ${isoTime(due)}`,
    due - now,
  );
}

/** The progress with one more attempt; only the last {@link MAX_LOGGED_ATTEMPTS} are kept, all are counted. */
function logged(before: DeliveryProgress, attempt: Attempt): DeliveryProgress {
  return {
    ...before,
    attempts: [...before.attempts, attempt].slice(-MAX_LOGGED_ATTEMPTS),
    attempt_count: attempt.number,
  };
}

/** An endpoint that was taken out of the configuration may come back: tried on and reported, never given up. */
function missingEndpoint(
  { subscription, delivery_id }: DeliveryRequest,
  before: DeliveryProgress,
  count: Dependencies['count'],
) {
  count.attempt(subscription.endpoint, 'missing_endpoint', 0);
  log.error('an endpoint is missing from the configuration; its delivery waits', {
    endpoint: subscription.endpoint,
    delivery: delivery_id,
  });
  heartbeat(before);
  return tryAgain(
    'EndpointMissing',
    `endpoint ${subscription.endpoint} is not in the configuration`,
    MISSING_ENDPOINT_RETRY_MS,
  );
}
