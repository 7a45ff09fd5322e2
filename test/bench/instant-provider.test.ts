import { instantProvider } from '../../bench/rounds/worker-process';

describe('the provider of the benchmarks', () => {
  it('finds a job running when it is asked first, and ended whenever it is asked again', async () => {
    const { getJobStatus } = instantProvider();
    const { signal } = new AbortController();
    const states = [];
    for (const job of ['a', 'b', 'a', 'a', 'b']) states.push((await getJobStatus(job, signal, undefined)).state);
    expect(states).toEqual(['RUNNING', 'RUNNING', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
  });
});
