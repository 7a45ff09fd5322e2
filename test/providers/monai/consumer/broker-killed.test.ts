import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { JobHeraldError } from '../../../../src/domain/jobherald-error';
import { createMetrics } from '../../../../src/gateway/observe/metrics';
import { startMonaiRabbitmq } from '../../../../src/providers/monai/consumer/consume-tasks';
import { eventually } from '../../../support/eventually';
import { createFakeInbox } from '../../../support/fake-inbox';
import { createFakeJobs } from '../../../support/fake-jobs';
import { connectTestClient } from '../../../support/rabbitmq-client';
import { INSTALLED_WITHIN_MS } from '../../../support/services/install';
import { startRabbitmq } from '../../../support/services/rabbitmq';
import { testConfig } from '../../../support/test-config';

const callback = JSON.parse(readFileSync(join(__dirname, '../../../fixtures/monai/callback.json'), 'utf8'));

const KEYS = ['md.tasks.dispatch', 'md.tasks.callback', 'md.tasks.cancellation'];

// The queues are there already and not quorum queues: RabbitMQ 3.10 may never elect a leader for one of those that is
// asked for in the moment after a crash (its log: "leader not known. Command will be forwarded once leader is known").
// docs/failure-modes.md says what that means; what is tried here is whether this consumer comes back and loses nothing.
test(
  'a broker that is killed with a message in hand and comes back is consumed again, and the message is taken',
  async () => {
    const rabbitmq = await startRabbitmq();
    const client = connectTestClient(rabbitmq.url);
    for (const key of KEYS) await client.queue(key, 'monaideploy', key);
    const inbox = createFakeInbox();
    const consumer = startMonaiRabbitmq({
      metrics: createMetrics(new Registry()),
      config: { ...testConfig({}).providers.monai, enabled: true, rabbitmq: rabbitmq.url },
      jobs: createFakeJobs(),
      inbox,
      logger: pino({ level: 'silent' }),
      closeMs: 2_000,
    });
    try {
      await eventually('consuming', () => consumer.ready());
      inbox.failWith(new JobHeraldError('unavailable', 'Temporal does not answer just now; try again'));
      await client.publish('monaideploy', 'md.tasks.callback', callback);
      await eventually('in hand', async () => (await client.count('md.tasks.callback')) === 0);

      await rabbitmq.kill();
      await eventually('not ready', () => !consumer.ready());
      inbox.failWith(undefined);
      await rabbitmq.restart();
      await eventually('taken', () => inbox.calls.length > 0);
      await eventually('every queue is consumed again', () => consumer.ready());
      expect(await client.count('md.tasks.callback-dead-letter')).toBe(0);
      await consumer.close();
      expect(await client.count('md.tasks.callback')).toBe(0);
    } finally {
      await consumer.close();
      await client.close();
      await rabbitmq.stop();
    }
  },
  INSTALLED_WITHIN_MS + 240_000,
);
