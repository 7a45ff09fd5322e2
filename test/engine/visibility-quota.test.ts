import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { createJobs } from '../../src/engine/jobs';
import { startGatewayProcess } from '../../src/processes/gateway';
import type { Provider } from '../../src/providers/provider';
import { startImpatientTemporal } from '../support/impatient-temporal';
import { answersWith } from '../support/probe';
import type { RealTemporal } from '../support/real-temporal';
import { scriptedProvider } from '../support/scripted-provider';
import { testConfig } from '../support/test-config';

describe('lists on a server that allows few calls of visibility', () => {
  let temporal: RealTemporal;
  beforeAll(async () => {
    temporal = await startImpatientTemporal({ events: 10_000, visibilityCallsASecond: 2 });
  });
  afterAll(() => temporal.close());

  it('are shared by all that ask the same, and refused at once to those beyond the quota', async () => {
    const client = new Client({ connection: temporal.connection });
    const config = testConfig({ temporal: temporal.config });
    const provider = scriptedProvider() as Provider;
    const jobs = createJobs({ client, config, providers: new Map([['scripted', provider]]) });
    await sleep(1_500); // what the server has asked for while it started counts, too
    const same = await Promise.allSettled(Array.from({ length: 60 }, () => jobs.list()));
    expect(same.filter(({ status }) => status === 'rejected')).toEqual([]);

    const beganAt = Date.now();
    const different = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => jobs.list({ query: `WorkflowId = 'scripted/${i}'` })),
    );
    const refused = different.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused.length).toBeGreaterThan(20);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'rate_limited', status: 429 });
    // The SDK's own retries would take most of a minute.
    expect(Date.now() - beganAt).toBeLessThan(20_000);
  });

  it('answer 429 over HTTP, with the whole seconds after which to ask again', async () => {
    const config = testConfig({ temporal: temporal.config, gateway: { port: 0 } });
    const stop = new AbortController();
    const logger = pino({ level: 'silent' });
    const gateway = await startGatewayProcess(config, { logger, version: 'test', signal: stop.signal });
    try {
      await answersWith(200, `${gateway.origin}/readyz`);
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const query = encodeURIComponent(`WorkflowId = 'scripted/http-${i}'`);
          const { status, headers } = await fetch(`${gateway.origin}/v1/jobs?query=${query}`);
          return { status, retryAfter: headers.get('retry-after') };
        }),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThan(10); // on a slow machine some of them come a second later than others
      for (const each of refused)
        expect(each).toEqual({ status: 429, retryAfter: expect.stringMatching(/^[1-9]\d*$/) });
    } finally {
      stop.abort();
      await gateway.done;
    }
  });
});
