import { randomUUID } from 'node:crypto';
import { eventTypes } from '../support/event-types';
import { eventually } from '../support/eventually';
import type { RealRun } from '../support/real-run';
import { useRealRuns } from '../support/real-runs';
import type { TestReceiver } from '../support/receiver';
import { RUNNING, SUCCEEDED } from '../support/scripted-provider';

const NAMES = Array.from({ length: 10 }, (_, i) => `endpoint-${i}`);
/** Attempts are 300 ms apart; a Retry-After of a second is above that and below the most that is waited. */
const RETRY = { firstMs: 300, factor: 1, maxMs: 3000, forMs: 60_000 };

/** Ten endpoints must not cost ten jobs. */
describe('the end of a job with several endpoints', () => {
  const runs = useRealRuns();
  let receivers: TestReceiver[];
  let run: RealRun;

  beforeEach(async () => {
    receivers = await Promise.all(NAMES.map(() => runs.receiver()));
    run = await runs.start({
      endpoints: NAMES.map((name, i) => ({ name, url: receivers[i]?.url ?? '', retry: RETRY, timeoutMs: 60_000 })),
    });
    run.provider.says(RUNNING);
  });

  const submit = async (endpoints: readonly string[] = NAMES) => {
    const job = randomUUID();
    await run.jobs.submit({ provider: 'scripted', job, endpoints: [...endpoints] as [string] });
    await eventually('the provider is asked', () => run.provider.asked.includes(job));
    return { job, handle: run.client.workflow.getHandle(`scripted/${job}`) };
  };
  const end = (job: string) => {
    run.provider.says(SUCCEEDED);
    return run.jobs.complete('scripted', job);
  };
  const arrived = () => receivers.map(({ received }) => received.length);

  it('costs as many history events for ten of them as for one', async () => {
    const eventsOf = async (names: readonly string[]) => {
      run.provider.says(RUNNING);
      const { job, handle } = await submit(names);
      await end(job);
      await handle.result();
      return eventTypes(handle);
    };
    // One more for whoever is asked or answers slowly, which says nothing of the number of endpoints.
    await eventually('ten cost as many as one', async () => {
      const [ofTen, ofOne] = [await eventsOf(NAMES), await eventsOf(NAMES.slice(0, 1))];
      expect(ofTen).toEqual(ofOne);
      expect(ofOne.length).toBeLessThanOrEqual(22);
      return true;
    });
    const [first = 0, ...others] = arrived();
    expect(new Set(others).size).toBe(1);
    expect(first).toBe(2 * (others[0] ?? 0));
  });

  it('reaches everyone else at once while one refuses, which is tried on by itself', async () => {
    receivers[3]?.answer((before) => (before < 2 ? 500 : 204));
    const { job, handle } = await submit();
    await end(job);
    const { deliveries } = await handle.result();

    expect(arrived()).toEqual([1, 1, 1, 3, 1, 1, 1, 1, 1, 1]);
    const refused = deliveries.find(({ endpoint }: { endpoint: string }) => endpoint === 'endpoint-3');
    expect(refused).toMatchObject({ state: 'delivered', attempt_count: 3 });
    expect(refused.attempts.map(({ status }: { status: number }) => status)).toEqual([500, 500, 204]);
    const { events } = await handle.fetchHistory();
    const activities = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: it }) => it?.activityType?.name);
    expect(activities.filter((name) => name?.startsWith('deliver'))).toEqual(['deliverFirst', 'deliver']);
    const [first, second, third] = receivers[3]?.received ?? [];
    expect([second?.body, third?.body]).toEqual([first?.body, first?.body]);
  });

  it('keeps the schedule of one that has refused: the next attempt is made when Retry-After says, and not sooner', async () => {
    receivers[0]?.answer((before) => (before < 1 ? 503 : 204), { 'retry-after': '1' });
    const { job, handle } = await submit(NAMES.slice(0, 2));
    await end(job);
    const { deliveries } = await handle.result();
    const [first, second] = deliveries.find((d: { endpoint: string }) => d.endpoint === 'endpoint-0').attempts;
    expect(Date.parse(second.time) - Date.parse(first.time)).toBeGreaterThanOrEqual(1000);
  });

  it('shows each delivery as it is while one hangs', async () => {
    const release = receivers[9]?.hold() ?? (() => {});
    const { job, handle } = await submit();
    await end(job);
    await eventually('everyone has been reached', () => arrived().every((n) => n > 0));

    const seen = await eventually('nine are known to be delivered', async () => {
      const { deliveries } = await run.jobs.get('scripted', job);
      return deliveries.filter(({ state }) => state === 'delivered').length === 9 && deliveries;
    });
    expect(seen.find(({ state }) => state === 'pending')).toMatchObject({ endpoint: 'endpoint-9' });
    release();
    await handle.result();
  });

  it('can be redelivered, by endpoint', async () => {
    const { job, handle } = await submit();
    await end(job);
    await handle.result();
    await run.jobs.redeliver('scripted', job, { endpoint: 'endpoint-7' });
    await eventually('it is sent again', () => arrived()[7] === 2);
    expect(receivers[7]?.received[1]?.body).toBe(receivers[7]?.received[0]?.body);
    expect(arrived().filter((n) => n === 2).length).toBe(1);
  });
});
