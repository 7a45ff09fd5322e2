import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { openJobs } from '../../src/engine';
import { dialClient } from '../../src/temporal/dial-client';
import { eventually } from '../support/eventually';
import { connectRealTemporal } from '../support/real-temporal';

const RUNS = 40;

describe('what visibility shows', () => {
  it('is read in smaller pages where a page is larger than a client takes', async () => {
    const temporal = await connectRealTemporal();
    const { taskQueue, address } = temporal.config;
    const client = new Client({ connection: temporal.connection });
    const prefix = `scripted/${randomUUID()}/`;
    const start = (i: number) =>
      client.workflow.start('job', {
        workflowId: `${prefix}${i}`,
        taskQueue,
        args: [],
        memo: { labels: { note: 'x'.repeat(8_000) } },
      });
    await Promise.all(Array.from({ length: RUNS }, (_, i) => start(i)));
    const narrow = await dialClient({ address, channelArgs: { 'grpc.max_receive_message_length': 120_000 } });
    try {
      const found = async () => {
        const jobs: string[] = [];
        const query = { taskQueue, idPrefix: prefix };
        for await (const page of openJobs(new Client({ connection: narrow }), query))
          jobs.push(...page.map(({ job }) => job));
        return new Set(jobs).size === RUNS;
      };
      await eventually('all are found, in pages of ten', found);
    } finally {
      await narrow.close();
      await temporal.close();
    }
  });
});
