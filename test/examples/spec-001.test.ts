import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import { closeGateways, startGateway } from '../gateway/harness';
import { eventually } from '../support/eventually';

const { createReporter, main } = require('../../examples/spec-001/report') as {
  createReporter(options: { url: string; job?: string }): {
    readonly job: string;
    status(status: string, more?: object): Promise<void>;
    heartbeat(seconds: number): Promise<void>;
  };
  main(): Promise<void>;
};

afterEach(closeGateways);

describe('the example of SPEC-001', () => {
  it('reports a job from its start to its results', async () => {
    const { origin, inbox } = await startGateway();
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    Object.assign(process.env, { JOBHERALD_URL: origin, STEP_MS: '1' });
    await main();

    const said = String(written.mock.calls[0]?.[0]);
    jest.restoreAllMocks();
    const job = inbox.calls[0]?.args[1];
    expect(said).toBe(`reported: spec-001/${job}\n`);
    expect(inbox.calls.map(({ method }) => method)).toEqual([
      'report',
      ...Array.from({ length: 3 }, () => ['heartbeat', 'report']).flat(),
      'report',
    ]);
    expect(inbox.calls.at(-1)).toMatchObject({ args: ['spec-001', job, { data: { status: 'COMPLETED' } }] });
  });

  it('sends a message under the same key until it is taken', async () => {
    const { origin, inbox } = await startGateway();
    inbox.failWith(new JobHeraldError('unavailable', 'away'));
    const sending = createReporter({ url: origin }).heartbeat(30);
    setTimeout(() => inbox.failWith(undefined), 300);
    await sending;
    await eventually('it is taken', () => inbox.calls.length === 1);
  });

  it('says why a message is refused', async () => {
    const { origin } = await startGateway();
    await expect(createReporter({ url: origin }).status('DONE')).rejects.toThrow(/refused with 422.*\/data\/status/);
  });

  it('has a sound configuration', () => {
    const file = join(__dirname, '../../examples/spec-001/jobherald.yaml');
    const { endpoints, providers } = parseConfig(readFileSync(file, 'utf8'), { env: {}, cwd: '/' });
    expect(endpoints.map(({ name }) => name)).toEqual(providers['spec-001'].track.endpoints);
  });
});
