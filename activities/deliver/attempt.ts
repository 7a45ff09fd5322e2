import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import type { Channel } from '../../src/channels/channel';
import type { EndpointConfig } from '../../src/config/config';
import { endpointFor } from '../../src/config/endpoint-for';
import type { AttemptResult, DeliveryRequest } from '../../src/domain/delivery-request';
import type { DeliveryProgress } from '../../src/domain/job-run';
import { isWindowOver } from '../../src/domain/retry-schedule';
import { createEndpointPauses } from '../../src/engine/endpoint-pauses';
import { createNotifyOperations } from '../../src/engine/notices';
import type { Dependencies } from '../dependencies';
import { serverTime } from '../server-time';
import { createCircuit } from './circuit';
import { createConclude, usedWindow } from './conclude';
import { createLimits } from './limits';
import { createPauseGate } from './pause-gate';
import type { Promptness } from './promptness';

const MISSING_ENDPOINT_RETRY_MS = 60_000;

/**
 * Makes one attempt, where the endpoint may be dialled just now.
 * @param before how far the delivery has come
 * @param note told how far it has come when the endpoint is about to be dialled: what a crash must not forget
 */
export type MakeAttempt = (
  request: DeliveryRequest,
  before: DeliveryProgress,
  note: (progress: DeliveryProgress) => void,
) => Promise<AttemptResult>;

/**
 * One attempt of one delivery, with all that stands before it: pause, circuit, limits. What the attempts of one worker
 * share is made here once.
 *
 * URL, secret and headers are read from the configuration at each attempt, the bytes never change.
 */
export function createAttempt(dependencies: Dependencies, promptness: Promptness): MakeAttempt {
  const { config, channels, client, count } = dependencies;
  const pauses = createEndpointPauses(client, config.temporal.taskQueue);
  const pauseGate = createPauseGate(pauses);
  const circuit = createCircuit();
  const limits = createLimits();
  const notifyOperations = createNotifyOperations(client, config);
  const conclude = createConclude({ ...dependencies, pauses, pauseGate, circuit, notifyOperations });

  const attempt: MakeAttempt = async (request, before, note) => {
    const wait = (before.not_before ?? 0) - serverTime();
    if (wait > 0) return later('NotDue', lastErrorOf(before), wait, before);

    const endpoint = endpointFor(config, request.subscription);
    if (!endpoint) return missingEndpoint(request, before, count);
    const channel: Channel | undefined = channels[endpoint.type];
    if (!channel) return missingEndpoint(request, before, count, endpoint.type);

    const gate = await pauseGate.check(endpoint.name, before, serverTime());
    if (!gate.open) return later('EndpointPaused', gate.why, gate.retryInMs, gate.progress);
    const progress = { ...gate.progress, window_began: gate.progress.window_began ?? serverTime() };

    const waitForCircuit = circuit.waitFor(endpoint.name);
    if (waitForCircuit > 0 && !isWindowOver(endpoint.retry, usedWindow(progress, serverTime()))) {
      count.attempt(endpoint.name, 'circuit_open', 0);
      const why = `${endpoint.name} does not answer; this worker leaves it alone`;
      return later('CircuitOpen', why, waitForCircuit, progress);
    }
    const pass = limits.enter(endpoint);
    if (!pass.granted) {
      return later('EndpointBusy', `${endpoint.name} is at its limit on this worker`, pass.retryInMs, progress);
    }
    note(progress);
    try {
      const sent = await channel.send(endpoint, request.message, cancellationSignal());
      return await conclude(request, endpoint, progress, sent);
    } finally {
      pass.leave();
    }
  };

  return async (request, before, note) => {
    let tookMs: number | undefined;
    try {
      const result = await attempt(request, before, note);
      // Since it was scheduled: what waits for this worker is not prompt either.
      const since = activityInfo().currentAttemptScheduledTimestampMs;
      if (result.settled?.state === 'delivered') tookMs = serverTime() - since;
      return result;
    } finally {
      promptness.note(request.subscription.endpoint, tookMs);
    }
  };
}

function lastErrorOf({ attempts, attempt_count }: DeliveryProgress): string {
  const last = attempts.at(-1);
  return `attempt ${attempt_count}: ${last?.error ?? 'not made yet'}; the next at ${last?.next_attempt ?? 'its time'}`;
}

/** Nothing was dialled; it is tried again. */
function later(type: string, why: string, retryInMs: number, progress: DeliveryProgress): AttemptResult {
  return { later: { type, why, retry_in_ms: retryInMs, progress } };
}

/**
 * An endpoint that was taken out of the configuration may come back, and one whose channel this worker lacks may be
 * reached from another: tried on and reported, never given up.
 * @param lacking the type of an endpoint that is there
 */
function missingEndpoint(
  { subscription, delivery_id }: DeliveryRequest,
  before: DeliveryProgress,
  count: Dependencies['count'],
  lacking?: EndpointConfig['type'],
): AttemptResult {
  const { endpoint } = subscription;
  count.attempt(endpoint, 'missing_endpoint', 0);
  const why = lacking ? `this worker has no channel ${lacking}` : `endpoint ${endpoint} is not in the configuration`;
  log.error('an endpoint cannot be reached as configured; its delivery waits', {
    endpoint,
    delivery: delivery_id,
    why,
  });
  return later('EndpointMissing', why, MISSING_ENDPOINT_RETRY_MS, before);
}
