import { createLogger } from '../../src/logging/create-logger';
import { startGatewayProcess } from '../../src/processes/gateway';
import { freePort } from '../../test/support/free-port';
import { testConfig } from '../../test/support/test-config';
import { asChild } from './child';

export interface GatewayOrder {
  readonly address: string;
  readonly taskQueue: string;
}

asChild(async ({ address, taskQueue }: GatewayOrder) => {
  const config = testConfig({
    temporal: { address, taskQueue },
    gateway: { host: '127.0.0.1', port: await freePort() },
    endpoints: [{ name: 'orders', url: 'http://127.0.0.1:9/hook' }],
  });
  const { origin, ready } = await startGatewayProcess(config, {
    logger: createLogger({ stream: process.stderr }),
    signal: new AbortController().signal,
    version: 'bench',
  });
  while (!(await ready()).ready) await new Promise((resolve) => setTimeout(resolve, 50));
  return { origin };
});
