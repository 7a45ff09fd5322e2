import { randomUUID } from 'node:crypto';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import { sendToOpenRun } from '../../src/engine/signal-job';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';

let temporal: RealTemporal;
let client: Client;

beforeAll(async () => {
  temporal = await connectRealTemporal();
  client = new Client({ connection: temporal.connection });
});
afterAll(() => temporal.close());

const NAME = () => ({ provider: 'scripted', job: randomUUID() });
const begin = ({ provider, job }: ReturnType<typeof NAME>) =>
  client.workflow.start('job', { workflowId: `${provider}/${job}`, taskQueue: temporal.config.taskQueue, args: [{}] });
const notFound = () => new WorkflowNotFoundError('no open run', '', undefined);

describe('a message to the open run of a job', () => {
  it('is sent again where the run began between the message and the look at it', async () => {
    const name = NAME();
    let sent = 0;

    const result = await sendToOpenRun(client, name, async () => {
      sent++;
      if (sent > 1) return 'the answer';
      await begin(name);
      throw notFound();
    });

    expect(result).toEqual({ kind: 'accepted', answer: 'the answer' });
    expect(sent).toBe(2);
  });

  it('is of no effect where the run has ended', async () => {
    const name = NAME();
    await (await begin(name)).terminate();

    expect(await sendToOpenRun(client, name, () => Promise.reject(notFound()))).toEqual({ kind: 'ended' });
  });

  it('has nobody to go to where there never was a run', async () => {
    expect(await sendToOpenRun(client, NAME(), () => Promise.reject(notFound()))).toEqual({ kind: 'unknown' });
  });

  it('is to be sent again later where it finds no run that is open, time after time', async () => {
    const name = NAME();
    await begin(name);

    await expect(sendToOpenRun(client, name, () => Promise.reject(notFound()))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('fails with what else went wrong', async () => {
    await expect(sendToOpenRun(client, NAME(), () => Promise.reject(new Error('something else')))).rejects.toThrow(
      'something else',
    );
  });
});
