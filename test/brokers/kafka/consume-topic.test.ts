import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumeOptions, type Consumption, consumeTopic } from '../../../src/brokers/kafka/consume-topic';
import type { KafkaFault } from '../../../src/brokers/kafka/fault';
import type { LostRange } from '../../../src/brokers/kafka/reset-lost-offsets';
import { eventually } from '../../support/eventually';
import {
  addPartitions,
  committedOffsets,
  createTopic,
  deleteRecordsBefore,
  KAFKA_WITHIN_MS,
} from '../../support/services/kafka/admin';
import { produce } from '../../support/services/kafka/produce';
import { sharedService } from '../../support/services/shared-service';

let broker: string;
let topic: string;
const open: Consumption[] = [];

beforeAll(async () => {
  broker = (await sharedService('kafka')).broker;
}, KAFKA_WITHIN_MS);
beforeEach(() => {
  topic = `topic-${randomUUID()}`;
});
afterEach(() => Promise.all(open.splice(0).map((consumption) => consumption.close())));

/** A member of the group that notes what it takes: partition and value. */
function consume(
  change: Partial<ConsumeOptions> & { readonly work?: (value: string, signal: AbortSignal) => Promise<void> } = {},
) {
  const { work = async () => undefined, ...options } = change;
  const done: string[] = [];
  const faults: KafkaFault[] = [];
  const lost: LostRange[] = [];
  const state = { partitions: new Set<number>() as ReadonlySet<number>, prepared: 0 };
  const consumption = consumeTopic({
    cluster: { brokers: [broker], sasl: null, tls: false },
    topic,
    groupId: topic,
    prepare: ({ partition, value }) => {
      state.prepared++;
      const text = String(value);
      return {
        key: String(partition),
        async run(signal) {
          await work(text, signal);
          done.push(text);
        },
      };
    },
    onAssigned: (partitions) => {
      state.partitions = partitions;
    },
    onDisconnected: (fault) => faults.push(fault),
    onLost: (range) => lost.push(range),
    onCommitFailed: (fault) => faults.push(fault),
    ...options,
  });
  open.push(consumption);
  return { consumption, done, faults, lost, state };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => String(from + n));
const send = (values: readonly string[], partitions = 1) =>
  produce(
    broker,
    topic,
    values.map((value, n) => ({ value, partition: n % partitions })),
  );
const committed = async () => [...(await committedOffsets(broker, topic, topic)).values()];

describe('a consumed topic', () => {
  it('is read no further than the window, however long its messages take', async () => {
    await createTopic(broker, topic);
    await send(numbers(0, 5_000));
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { state, done } = consume({ work: () => gate, limits: { inFlight: 100 } });

    await eventually('the limit is reached', () => state.prepared === 100);
    await sleep(1_500);
    expect(state.prepared).toBe(100);
    expect(done).toEqual([]);
    release();
    await eventually('all are done', () => done.length === 5_000);
    expect(done).toEqual(numbers(0, 5_000));
  });

  it('is shared by the members of the group, and loses nothing when one comes and goes', async () => {
    await createTopic(broker, topic, { partitions: 4 });
    await send(numbers(0, 400), 4);
    const slowly = { work: () => sleep(5) };
    const first = consume(slowly);
    await eventually('the first has begun', () => first.done.length > 20);
    const second = consume(slowly);
    await eventually('both have some', () => second.state.partitions.size === 2 && first.state.partitions.size === 2);
    await send(numbers(400, 600), 4);
    await eventually('the second has some done', () => second.done.length > 20);
    await second.consumption.close();
    await send(numbers(600, 700), 4);

    const all = () => new Set([...first.done, ...second.done]);
    await eventually('all are done', () => all().size === 700);
    await eventually('all is committed', async () => (await committed()).every((offset) => offset === 175));
    // Of one partition: each for the first time in order, over both members.
    for (const member of [first, second]) {
      const firstTimes = [...new Set(member.done)].map(Number).filter((n) => n < 400 && n % 4 === 0);
      expect(firstTimes).toEqual([...firstTimes].sort((a, b) => a - b));
    }
  });

  it('goes on after messages that were deleted before they were read, and says which', async () => {
    await createTopic(broker, topic);
    await send(numbers(0, 10));
    const first = consume();
    await eventually('all are done', () => first.done.length === 10);
    await first.consumption.close();
    await send(numbers(10, 20));
    await deleteRecordsBefore(broker, topic, 15n);

    const second = consume();
    await eventually('the rest is done', () => second.done.length === 5);
    expect(second.done).toEqual(numbers(15, 20));
    expect(second.lost).toEqual([{ partition: 0, from: 10n, to: 15n }]);
  });

  it('is read with the partitions that are added to it', async () => {
    await createTopic(broker, topic);
    const { state, done } = consume({ limits: { checkPartitionsEveryMs: 200 } });
    await eventually('it has one', () => state.partitions.size === 1);
    await addPartitions(broker, topic, 3);
    await eventually('it has three', () => state.partitions.size === 3);
    await produce(broker, topic, [{ value: 'new', partition: 2 }]);
    await eventually('the message is done', () => done.includes('new'));
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('may be compressed by %s', async (compression) => {
    await createTopic(broker, topic);
    const values = numbers(0, 100).map((value) => ({ value }));
    await produce(broker, topic, values, { compression });
    const { done } = consume();
    await eventually('all are done', () => done.length === 100);
    expect(done).toEqual(numbers(0, 100));
  });

  it('gives up work at its close that does not end, and leaves it to the next member', async () => {
    await createTopic(broker, topic);
    await send(['for ever']);
    const forEver = (_: string, signal: AbortSignal) => sleep(600_000, undefined, { signal });
    const first = consume({ work: forEver, limits: { drainMs: 200 } });
    await eventually('it has begun', () => first.state.prepared === 1);
    const startedAt = Date.now();
    await first.consumption.close();
    expect(Date.now() - startedAt).toBeLessThan(60_000); // the work would go on for ten minutes

    const second = consume();
    await eventually('it is done', () => second.done.length === 1);
  });
});
