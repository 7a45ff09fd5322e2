import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { openGroupSession } from '../../../src/brokers/kafka/group-session';

const TOPIC = 'jobs.status';

/** The client's consumer, as far as a session uses it, whose rebalances and streams a test makes: a broker's come when they like. */
class ScriptedConsumer extends EventEmitter {
  static last: ScriptedConsumer;
  readonly streams: PassThrough[] = [];
  readonly topics = { track: () => undefined };
  assignments = [{ topic: TOPIC, partitions: [0] }];
  untilConsuming: Promise<void> = Promise.resolve();

  constructor() {
    super();
    ScriptedConsumer.last = this;
  }
  metadata = async () => ({ topics: new Map([[TOPIC, { partitionsCount: 1 }]]) });
  joinGroup = async () => this.rebalance([0]);
  listOffsets = async () => new Map([[TOPIC, [0n]]]);
  listCommittedOffsets = async () => new Map([[TOPIC, [0n]]]);
  close = async () => undefined;
  async consume() {
    await this.untilConsuming;
    const stream = Object.assign(new PassThrough({ objectMode: true }), { close: async () => void stream.end() });
    this.streams.push(stream);
    return stream;
  }
  rebalance(partitions: number[]) {
    this.assignments = [{ topic: TOPIC, partitions }];
    this.emit('consumer:group:join');
  }
}

jest.mock('@platformatic/kafka', () => {
  const kafka = jest.requireActual('@platformatic/kafka');
  Object.assign(ScriptedConsumer.prototype, { [kafka.kGetApi]: () => undefined });
  return { ...kafka, Consumer: ScriptedConsumer };
});

const message = (offset: bigint) => ({ partition: 0, offset, key: null, value: null, headers: new Map() });

test('a partition that is lost and comes back is read from what is committed, not on from where it was', async () => {
  const session = await openGroupSession({
    cluster: { brokers: ['127.0.0.1:1'], sasl: null, tls: false },
    topic: TOPIC,
    groupId: 'g',
    onAssigned: () => undefined,
    onLost: () => undefined,
    checkPartitionsEveryMs: 60_000,
  });
  const { last: consumer } = ScriptedConsumer;
  const messages = session.messages();
  consumer.streams[0]?.write(message(0n));
  expect((await messages.next()).value).toMatchObject({ offset: 0n });

  let go = () => {};
  consumer.untilConsuming = new Promise((resolve) => (go = resolve));
  consumer.rebalance([]);
  consumer.rebalance([0]);
  consumer.streams[0]?.write(message(1n)); // what came before is another member's to handle, or ours again
  const next = messages.next();
  go();
  for (let opened = consumer.streams.length; opened < 3; opened = consumer.streams.length)
    await new Promise(setImmediate);
  consumer.streams.at(-1)?.write(message(0n));
  expect((await next).value).toMatchObject({ offset: 0n });
  session.end();
  await session.close();
});
