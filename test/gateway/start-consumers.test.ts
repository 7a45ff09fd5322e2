import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from '../../src/config/config';
import { startPubsubEmulator } from '../../src/dev/emulators/pubsub/emulator';
import { startConsumers } from '../../src/gateway/ingress';
import { createMetrics } from '../../src/gateway/observe/metrics';
import { eventually } from '../support/eventually';
import { createFakeInbox } from '../support/fake-inbox';
import { createFakeJobs } from '../support/fake-jobs';
import { testConfig } from '../support/test-config';

const SUBSCRIPTION = 'projects/shop-ml/subscriptions/vertex-jobs';

function start(pull: Config['providers']['vertex-ai']['pubsub']['pull']) {
  const config = testConfig({});
  const vertexAi = config.providers['vertex-ai'];
  const pulling = { ...vertexAi, insecure: true, pubsub: { ...vertexAi.pubsub, pull } };
  const metrics = createMetrics(new Registry());
  const providers = { ...config.providers, 'vertex-ai': pulling };
  const consumers = startConsumers(
    { providers },
    {
      jobs: createFakeJobs(),
      inbox: createFakeInbox(),
      logger: pino({ level: 'silent' }),
      metrics,
    },
  );
  return { consumers, metrics };
}

describe('the consumers of a gateway', () => {
  it('are none where none is configured, and show no gauge', async () => {
    const { consumers, metrics } = start({ subscription: '', apiEndpoint: '' });
    expect((await metrics.pullConnected.get()).values).toEqual([]);
    await consumers.close();
  });

  it('pull from the configured subscription until they are closed', async () => {
    const pubsub = await startPubsubEmulator({ subscriptions: [SUBSCRIPTION] });
    try {
      const { consumers } = start({ subscription: SUBSCRIPTION, apiEndpoint: pubsub.address });
      await eventually('connected', () => consumers.ready() && pubsub.streams === 1);
      await consumers.close();
      expect(consumers.ready()).toBe(false);
      await eventually('the stream is gone', () => pubsub.streams === 0);
    } finally {
      await pubsub.close();
    }
  });
});
