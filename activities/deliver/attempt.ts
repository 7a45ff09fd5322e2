import { cancellationSignal, log } from '@temporalio/activity';
import type { Channel, SendResult } from '../../src/channels/channel';
import type { EndpointConfig } from '../../src/config/config';
import { endpointFor } from '../../src/config/endpoint-for';
import { type Attempt, boundedAttempts, type DeliveryProgress } from '../../src/domain/delivery';
import type { AttemptResult, DeliveryRequest, RetryLater } from '../../src/domain/delivery-request';
import { LOOK_AGAIN_MS } from '../../src/domain/endpoint-pause';
import { isWindowOver, nextDelay } from '../../src/domain/retry-schedule';
import { cutText } from '../../src/domain/text-size';
import { createEndpointPauses } from '../../src/engine';
import { isoTime, isWorkerStopping, serverTime } from '../attempt-context';
import type { Dependencies } from '../dependencies';
import { inAttemptSpan } from './attempt-span';
import { createCircuit } from './circuit';
import { createLimits } from './limits';
import { createPauseGate } from './pause-gate';
import { createReports } from './reports';

/**
 * Makes one attempt, where the endpoint may be dialled just now.
 * @param before how far the delivery has come
 * @param isAskedFor an operator wants it now: also where the circuit is open
 * @param began when its activity began, by `performance.now()`
 * @param onDial called with how far it has come when the endpoint is about to be dialled: what a crash must not forget
 */
export type MakeAttempt = (
  request: DeliveryRequest,
  before: DeliveryProgress,
  isAskedFor: boolean,
  began: number,
  onDial: (progress: DeliveryProgress) => void,
) => Promise<AttemptResult>;

const MISSING_ENDPOINT_RETRY_MS = 60_000;
const CUT_OFF_RETRY_MS = 1_000;

/**
 * An attempt that was held up for so long, by a Temporal that does not answer or a process that stood still, does not dial: after
 * ten seconds without a sign of life (`heartbeatTimeout`) the engine gives it to another worker, and the end of the job may have been
 * delivered since, which nothing older may follow.
 */
const HELD_UP_MS = 8_000;

/** How long an attempt waits for the addresses of its host. Beyond that it gives its slots back and comes again. */
const LOOKUP_WAIT_MS = 300;
const LOOKUP_RETRY_MS = 1_000;

/**
 * One attempt of one delivery: what stands before it (pause, circuit, limits), the attempt itself, and what follows from
 * its outcome. What the attempts of one worker share is made here once.
 *
 * URL, secret and headers are read from the configuration at each attempt, the bytes never change.
 */
export function createAttempt(dependencies: Dependencies): MakeAttempt {
  const { config, channels, client, count, random, tracer } = dependencies;
  const pauses = createEndpointPauses(client, config.temporal.taskQueue);
  const pauseGate = createPauseGate(pauses);
  const circuit = createCircuit();
  const limits = createLimits();
  const reports = createReports(dependencies, pauses);

  const attempt: MakeAttempt = async (request, before, isAskedFor, began, onDial) => {
    const wait = (before.not_before ?? 0) - serverTime();
    if (wait > 0) return retryLater('NotDue', lastErrorOf(before), wait, before);

    const endpoint = endpointFor(config, request.subscription);
    if (!endpoint) return missingEndpoint(request, before);
    const channel: Channel | undefined = channels[endpoint.type];
    if (!channel) return missingEndpoint(request, before, endpoint.type);

    const gate = await pauseGate.check(endpoint.name, before, serverTime(), cancellationSignal());
    if (!gate.open) return retryLater('EndpointPaused', gate.why, gate.retryInMs, gate.progress);
    const progress = { ...gate.progress, window_began: gate.progress.window_began ?? serverTime() };

    const waitForCircuit = isAskedFor ? 0 : circuit.waitFor(endpoint.name);
    if (waitForCircuit > 0 && !isWindowOver(endpoint.retry, usedWindow(progress, serverTime()))) {
      count.attempt(endpoint.name, 'circuit_open', 0);
      const why = `${endpoint.name} does not answer; this worker waits before it tries again`;
      return retryLater('CircuitOpen', why, waitForCircuit, progress);
    }
    // No slot is held while a name is looked up: nameservers that never answer must not hold up other endpoints.
    if (channel.isReady && !(await channel.isReady(endpoint, LOOKUP_WAIT_MS))) {
      return retryLater('LookingUp', `the address of ${endpoint.name} is looked up`, LOOKUP_RETRY_MS, progress);
    }
    if (performance.now() - began > HELD_UP_MS) {
      return retryLater('HeldUp', 'held up for so long that another worker may make it by now', 1, progress);
    }
    const pass = limits.enter(endpoint, request.event_type);
    if (!pass.granted) {
      return retryLater('EndpointBusy', `${endpoint.name} is at its limit on this worker`, pass.retryInMs, progress);
    }
    onDial(progress);
    try {
      const number = progress.attempt_count + 1;
      const sent = await inAttemptSpan({ tracer, request, endpoint, number }, (message) =>
        channel.send(endpoint, message, cancellationSignal()),
      );
      if (isCutOff(sent)) return goOnElsewhere(progress, sent);
      noteReachability(endpoint.name, sent);
      return await conclude(request, endpoint, progress, sent);
    } finally {
      pass.leave();
    }
  };

  /**
   * An endpoint that was taken out of the configuration may come back, and one whose channel this worker lacks may be
   * reached from another: tried on and reported, never given up.
   */
  function missingEndpoint(
    { subscription: { endpoint }, delivery_id }: DeliveryRequest,
    before: DeliveryProgress,
    missingChannel?: EndpointConfig['type'],
  ): AttemptResult {
    count.attempt(endpoint, 'missing_endpoint', 0);
    const why = missingChannel
      ? `this worker has no channel ${missingChannel}`
      : `endpoint ${endpoint} is not in the configuration`;
    log.error('a delivery waits: its endpoint cannot be reached as configured', {
      endpoint,
      delivery: delivery_id,
      why,
    });
    return retryLater('EndpointMissing', why, MISSING_ENDPOINT_RETRY_MS, before);
  }

  function noteReachability(endpoint: string, { outcome, attempt }: SendResult): void {
    const isBlocked = attempt.error?.startsWith('blocked address') ?? false;
    count.attempt(endpoint, isBlocked ? 'blocked' : outcome.kind, attempt.duration_ms / 1000);
    // A broker has no status to answer with, but who takes or refuses a message is there.
    if (attempt.status !== undefined || outcome.kind !== 'retry') circuit.reached(endpoint);
    else if (!isBlocked && circuit.missed(endpoint)) {
      log.warn('an endpoint does not answer; this worker probes it now and then', { endpoint });
    }
  }

  /** The delivery's end, or the time of its next attempt. */
  async function conclude(
    request: DeliveryRequest,
    endpoint: EndpointConfig,
    before: DeliveryProgress,
    { outcome, attempt: made }: SendResult,
  ): Promise<AttemptResult> {
    const { name, retry } = endpoint;
    const attempt = { number: before.attempt_count + 1, ...made };
    if (outcome.kind === 'delivered') {
      count.delivery(name, 'delivered');
      return { kind: 'settled', state: 'delivered', progress: logged(before, attempt) };
    }
    if (outcome.kind === 'gone') {
      if (outcome.pauseEndpoint) await pause(request, name, 'it answered 410 Gone');
      count.delivery(name, 'gone');
      return {
        kind: 'settled',
        state: 'gone',
        progress: logged(before, attempt),
        reason: cutText(outcome.reason, MAX_ERROR_BYTES),
      };
    }

    const now = serverTime();
    if (outcome.pauseEndpoint) {
      await pause(request, name, 'it answered webhook-delivery: disable');
      const progress = logged(before, { ...attempt, next_attempt: isoTime(now + LOOK_AGAIN_MS) });
      return retryLater('EndpointPaused', `attempt ${attempt.number}: ${name} asked to be paused`, LOOK_AGAIN_MS, {
        ...progress,
        paused_since: now,
        waiting_since: progress.waiting_since ?? now,
      });
    }

    const used = usedWindow(before, now);
    const error = cutText(attempt.error ?? 'failed', MAX_ERROR_BYTES);
    if (isWindowOver(retry, used)) {
      const progress = logged(before, attempt);
      await reports.exhausted(request, name, progress, error);
      const reason = `no success in ${progress.attempt_count} attempts within the retry window`;
      return { kind: 'settled', state: 'exhausted', progress, reason };
    }
    const { slow, retryAfterMs } = outcome;
    const delay = nextDelay(retry, attempt.number, {
      slow,
      random,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    // The last attempt falls on the end of the window, not far behind it; but what the endpoint asks for is kept.
    const left = Math.max(1, retry.forMs - used);
    const due = now + (retryAfterMs === undefined ? Math.min(delay, left) : delay);
    const why = `attempt ${attempt.number}: ${error}; the next at ${isoTime(due)}`;
    const progress = logged(before, { ...attempt, next_attempt: isoTime(due) });
    return retryLater('AttemptFailed', why, due - now, progress);
  }

  async function pause({ subscription }: DeliveryRequest, endpoint: string, reason: string): Promise<void> {
    const { pausedNow } = await pauses.pause({ endpoint, reason, ...(subscription.inline && { subscription }) });
    pauseGate.forget(endpoint);
    if (pausedNow) await reports.paused(endpoint, reason);
  }

  return attempt;
}

/** Its worker stops, and has ended the request before there was an answer. */
function isCutOff({ outcome, attempt }: SendResult): boolean {
  return outcome.kind === 'retry' && attempt.status === undefined && isWorkerStopping();
}

/** That says nothing of the endpoint: the next attempt has no back-off to wait for, and there always is one. */
function goOnElsewhere(before: DeliveryProgress, { attempt }: SendResult): RetryLater {
  const number = before.attempt_count + 1;
  const error = 'cut off: the worker stopped before there was an answer';
  const next_attempt = isoTime(serverTime() + CUT_OFF_RETRY_MS);
  const progress = logged(before, { number, ...attempt, error, next_attempt });
  return retryLater(
    'WorkerStopped',
    `attempt ${number}: ${error}; the next at ${next_attempt}`,
    CUT_OFF_RETRY_MS,
    progress,
  );
}

function retryLater(type: string, why: string, retry_in_ms: number, progress: DeliveryProgress): RetryLater {
  return { kind: 'retry_later', type, why, retry_in_ms, progress };
}

function lastErrorOf({ attempts, attempt_count }: DeliveryProgress): string {
  const last = attempts.at(-1);
  return `attempt ${attempt_count}: ${last?.error ?? 'not made yet'}; the next at ${last?.next_attempt ?? 'its time'}`;
}

/** How much of its retry window a delivery has used: time while its endpoint was paused does not count. */
function usedWindow({ window_began, paused_ms }: DeliveryProgress, now: number): number {
  return now - (window_began ?? now) - paused_ms;
}

/** The progress with one more attempt; only the last are kept, see {@link boundedAttempts}, and all are counted. */
function logged(before: DeliveryProgress, attempt: Attempt): DeliveryProgress {
  return {
    ...before,
    attempts: boundedAttempts([...before.attempts, withinBounds(attempt)]),
    attempt_count: attempt.number,
  };
}

/** An error may be what somebody else's program says. */
const MAX_ERROR_BYTES = 1024;

function withinBounds(attempt: Attempt): Attempt {
  return attempt.error === undefined ? attempt : { ...attempt, error: cutText(attempt.error, MAX_ERROR_BYTES) };
}
