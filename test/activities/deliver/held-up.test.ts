import { MockActivityEnvironment } from '@temporalio/testing';
import { createAttempt } from '../../../activities/deliver/attempt';
import { createDeliver } from '../../../activities/deliver/deliver';
import type { Dependencies } from '../../../activities/dependencies';
import { NO_PROGRESS } from '../../../src/domain/delivery';
import type { DeliveryRequest } from '../../../src/domain/delivery-request';
import { DELIVERED } from '../../../src/domain/message';
import { NO_COUNTERS } from '../../support/run-jobs';
import { testConfig } from '../../support/test-config';

const request: DeliveryRequest = {
  provider: 'vertex-ai',
  job: 'j',
  delivery_id: 'orders/e-1',
  event_type: 'job.running',
  subscription: { endpoint: 'orders', events: [], format: 'standard' },
  message: { id: 'e-1', content_type: 'application/json', headers: {}, body: '{}' },
  progress: NO_PROGRESS,
};

/** Temporal answers after so long, or the process stands still. */
async function deliverAfter(heldUpMs: number): Promise<{ readonly sent: number; readonly outcome: unknown }> {
  let sent = 0;
  let now = performance.now();
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  const describe = async () => {
    now += heldUpMs;
    throw new Error('away');
  };
  const send = async () => {
    sent++;
    return { outcome: DELIVERED, attempt: { time: '2026-01-02T03:04:05.678Z', duration_ms: 1, status: 204 } };
  };
  const attempt = createAttempt({
    config: testConfig({ endpoints: [{ name: 'orders', url: 'https://example.com/' }] }),
    client: { options: { namespace: 'default' }, workflow: { getHandle: () => ({ describe }) } },
    channels: { webhook: { send } },
    count: NO_COUNTERS,
    random: () => 0.5,
  } as unknown as Dependencies);
  try {
    const deliver = createDeliver(attempt, async () => false);
    const outcome = await new MockActivityEnvironment().run(deliver, request).catch((error: unknown) => error);
    return { sent, outcome };
  } finally {
    clock.mockRestore();
  }
}

describe('an attempt', () => {
  it('that was held up for longer than the engine waits for a sign of life is not made: another worker has it by then', async () => {
    expect(await deliverAfter(8_001)).toMatchObject({ sent: 0, outcome: { type: 'HeldUp', nextRetryDelay: 1 } });
  });

  it('that was held up for less is made', async () => {
    expect(await deliverAfter(7_000)).toMatchObject({ sent: 1, outcome: { state: 'delivered' } });
  });
});
