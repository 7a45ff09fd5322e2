import { createOpenJobsReader } from '../../../activities/watch/open-jobs-reader';
import { aSubmission, type EngineWithoutWorker, engineWithoutWorker } from '../../support/engine-without-worker';
import { eventually } from '../../support/eventually';

let engine: EngineWithoutWorker;
beforeAll(async () => {
  engine = await engineWithoutWorker();
});
afterAll(() => engine.close());
afterEach(() => jest.restoreAllMocks());

test('what was started since the last reading is read, and nothing else, by a worker whose clock is ahead, too', async () => {
  const { client, temporal } = engine;
  const reader = createOpenJobsReader(client, { taskQueue: temporal.config.taskQueue, idPrefix: '' });
  const found = new Set<string>();
  const isFound = async (job: string) => {
    await reader.read((open) => found.add(open.job) !== undefined);
    return found.has(job);
  };
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + 10 * 60_000);
  for (const time of ['first', 'second']) {
    const { job } = await engine.jobs.submit(aSubmission());
    await eventually(`the ${time} one is read`, () => isFound(job.job));
  }

  // Many that were started at once are not read again and again because none came after them.
  const later = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => later() + 3 * 60_000);
  const readNow = async () => {
    const read: string[] = [];
    await reader.read((open) => read.push(open.job) > 0);
    return read;
  };
  expect((await readNow()).sort()).toEqual([...found].sort());
  expect(await readNow()).toEqual([]);
});
