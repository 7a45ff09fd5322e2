import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Job } from '../../schemas/types';
import { aDelivery, aJob } from '../support/a-job';
import { runCommand } from '../support/run-command';

const WAITING = aJob({ state: 'RUNNING', provider_state: 'JOB_STATE_RUNNING' });
const PENDING = aDelivery({ state: 'pending', attempts: [] });
const ENDED: Partial<Job> = { state: 'COMPLETED', outcome: 'COMPLETED', completed_by: 'signal' };
const NOTIFYING = aJob({ ...ENDED, phase: 'notifying', deliveries: [PENDING] });
const DONE = aJob({ ...ENDED, phase: 'done', deliveries: [aDelivery()] });
const FAILED = aJob({ state: 'FAILED', outcome: 'FAILED', phase: 'done' });
const BROKEN_OFF = aJob({ phase: 'done', warnings: ['the run was terminated'] });
const AWAY = 503;

describe('status --watch', () => {
  let server: Server;
  let answers: (Job | number)[] = [];
  let asked = 0;

  beforeAll(async () => {
    server = createServer((_, response) => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (typeof answer === 'number') response.writeHead(answer).end('away');
      else response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => void server.close());

  const watch = async (jobs: (Job | number)[], ...more: string[]) => {
    answers = jobs;
    asked = 0;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return runCommand(['status', 'vertex-ai', 'j', '--watch', '--every', '5ms', '--url', url, ...more]);
  };
  const linesOf = (text: string) => [...text.matchAll(/^\d{4}-\S+Z (.*)$/gm)].map(([, line]) => line);

  it('shows each change once, then the job, and ends when its deliveries have', async () => {
    const { code, stdout } = await watch([WAITING, WAITING, NOTIFYING, NOTIFYING, NOTIFYING, DONE]);
    expect(code).toBe(0);
    expect(asked).toBe(6);
    expect(linesOf(stdout)).toEqual([
      'RUNNING · waiting',
      'COMPLETED · notifying · orders job.succeeded pending (attempts: 1)',
      'COMPLETED · done · orders job.succeeded delivered',
    ]);
    expect(stdout).toContain('\nvertex-ai projects/');
  });

  it('looks in no loop for want of a timer that is long enough', async () => {
    const { code, stderr } = await watch([WAITING], '--every', '25d');
    expect([code, asked]).toEqual([2, 0]);
    expect(stderr).toContain('Give at most 24d.');
  });

  it('ends with the job where that is all that counts', async () => {
    const { code } = await watch([WAITING, NOTIFYING], '--until', 'ended');
    expect([code, asked]).toEqual([0, 2]);
  });

  it.each([
    ['failed', FAILED, 'the job ended FAILED'],
    ['was watched by a run that was broken off', BROKEN_OFF, 'the job ended without an outcome'],
  ])('exits with 3 where the job %s', async (_, job, said) => {
    const { code, stdout, stderr } = await watch([WAITING, job]);
    expect([code, stderr.trim()]).toEqual([3, said]);
    expect(stdout).toContain('web ui');
  });

  it('waits for a gateway that is away, and says so once', async () => {
    const { code, stderr } = await watch([AWAY, AWAY, WAITING, AWAY, DONE]);
    expect(code).toBe(0);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/^waiting: .* answered HTTP 503/),
      expect.stringMatching(/^waiting: .* answered HTTP 503/),
    ]);
  });

  it('ends with an error that does not pass', async () => {
    expect(await watch([WAITING, 404])).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 404') });
  });

  it('keeps standard output for the JSON of the job as it ended', async () => {
    const { stdout, stderr } = await watch([WAITING, DONE], '--json');
    expect(JSON.parse(stdout)).toEqual(DONE);
    expect(linesOf(stderr)).toHaveLength(2);
  });
});
