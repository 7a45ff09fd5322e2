import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import type { Channel } from '../../src/channels/channel';
import { createEndpointPauses } from '../../src/client/endpoint-pauses';
import { createTellOperations } from '../../src/client/notices';
import type { EndpointConfig } from '../../src/config/config';
import { endpointFor } from '../../src/config/endpoint-for';
import type { DeliveryRequest } from '../../src/domain/delivery-request';
import type { DeliveryProgress } from '../../src/domain/job-run';
import { isWindowOver } from '../../src/domain/retry-schedule';
import { startHeartbeat } from '../beat';
import type { Dependencies } from '../dependencies';
import { serverTime } from '../server-time';
import { tryAgain } from '../try-again';
import type { Activities } from '../types';
import { createCircuit } from './circuit';
import { createConclude, usedWindow } from './conclude';
import { createLimits } from './limits';
import { createPauseGate } from './pause-gate';

const MISSING_ENDPOINT_RETRY_MS = 60_000;

/**
 * One attempt of one delivery. Running it twice sends the same bytes under the same id twice, which a receiver that
 * follows Standard Webhooks takes for one message; that is the at-least-once half of the guarantee.
 *
 * URL, secret and headers are read from the configuration at each attempt, the bytes never change. What each attempt
 * came to goes into the heartbeat details, where the next attempt and `GET /v1/jobs/…` find it.
 */
export function createDeliver(dependencies: Dependencies): Activities['deliver'] {
  const { config, channels, client, count } = dependencies;
  const pauses = createEndpointPauses(client, config.temporal.taskQueue);
  const pauseGate = createPauseGate(pauses);
  const circuit = createCircuit();
  const limits = createLimits();
  const tellOperations = createTellOperations(client, config);
  const conclude = createConclude({ ...dependencies, pauses, pauseGate, circuit, tellOperations });

  return async (request) => {
    const before = (activityInfo().heartbeatDetails as DeliveryProgress | undefined) ?? request.progress;
    const endpoint = endpointFor(config, request.subscription);
    if (!endpoint) throw missingEndpoint(request, before, count);
    const channel: Channel | undefined = channels[endpoint.type];
    if (!channel) throw missingEndpoint(request, before, count, endpoint.type);

    const gate = await pauseGate.check(endpoint.name, before, serverTime());
    if (!gate.open) throw later('EndpointPaused', gate.why, gate.retryInMs, gate.progress);
    const progress = { ...gate.progress, window_began: gate.progress.window_began ?? serverTime() };

    const waitForCircuit = circuit.waitFor(endpoint.name);
    if (waitForCircuit > 0 && !isWindowOver(endpoint.retry, usedWindow(progress, serverTime()))) {
      count.attempt(endpoint.name, 'circuit_open', 0);
      throw later(
        'CircuitOpen',
        `${endpoint.name} does not answer; this worker leaves it alone`,
        waitForCircuit,
        progress,
      );
    }
    const pass = limits.enter(endpoint);
    if (!pass.granted) {
      throw later('EndpointBusy', `${endpoint.name} is at its limit on this worker`, pass.retryInMs, progress);
    }
    const stopBeating = startHeartbeat(progress);
    try {
      const sent = await channel.send(endpoint, request.message, cancellationSignal());
      return await conclude(request, endpoint, progress, sent);
    } finally {
      stopBeating();
      pass.leave();
    }
  };
}

/** Nothing was dialled; the engine asks again. */
function later(type: string, why: string, retryInMs: number, progress: DeliveryProgress) {
  heartbeat(progress);
  return tryAgain(type, why, retryInMs);
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
) {
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
