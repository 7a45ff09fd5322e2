import { type Client, credentials, makeClientConstructor, type ServiceError, status } from '@grpc/grpc-js';
import { type PubsubEmulator, startPubsubEmulator } from '../../../../src/dev/emulators/pubsub/emulator';
import { loadSubscriberService, type StreamingPullResponse } from '../../../../src/providers/vertex-ai/pull/protocol';
import type { PullStream } from '../../../../src/providers/vertex-ai/pull/subscriber';
import { eventually } from '../../../support/eventually';

const SUBSCRIPTION = 'projects/shop-ml/subscriptions/vertex-jobs';

type Call = (request: object, callback: (error: ServiceError | null) => void) => void;
type Stub = Client & {
  readonly StreamingPull: () => PullStream;
  readonly Acknowledge: Call;
  readonly ModifyAckDeadline: Call;
};

let pubsub: PubsubEmulator;
let stub: Stub;

beforeEach(async () => {
  pubsub = await startPubsubEmulator({ subscriptions: [SUBSCRIPTION] });
  const Constructor = makeClientConstructor(await loadSubscriberService(), 'Subscriber');
  stub = new Constructor(pubsub.address, credentials.createInsecure()) as unknown as Stub;
});
afterEach(async () => {
  stub.close();
  await pubsub.close();
});

function pull(first: object = {}) {
  const got: StreamingPullResponse['receivedMessages'][number][] = [];
  const stream = stub.StreamingPull();
  const failed = new Promise<ServiceError>((resolve) => stream.on('error', resolve));
  stream.on('data', ({ receivedMessages }: StreamingPullResponse) => void got.push(...receivedMessages));
  stream.write({ subscription: SUBSCRIPTION, streamAckDeadlineSeconds: 60, ...first });
  return { stream, got, failed };
}

const call = (method: 'Acknowledge' | 'ModifyAckDeadline', request: object) =>
  new Promise<void>((resolve, reject) => {
    stub[method]({ subscription: SUBSCRIPTION, ...request }, (error) => (error ? reject(error) : resolve()));
  });

describe('the Pub/Sub emulator', () => {
  it('delivers what was published before and after the stream was opened', async () => {
    const before = pubsub.publish({ data: 'a' });
    const { got } = pull();
    await eventually('the first', () => got.length === 1);
    const after = pubsub.publish({ data: { b: 1 }, attributes: { c: 'd' } });
    await eventually('the second', () => got.length === 2);
    expect(got.map(({ message }) => message)).toEqual([
      { messageId: before, data: Buffer.from('a'), attributes: {} },
      { messageId: after, data: Buffer.from('{"b":1}'), attributes: { c: 'd' } },
    ]);
  });

  it('forgets a message once it is acknowledged', async () => {
    const { got } = pull();
    pubsub.publish({});
    const first = await eventually('delivered', () => got[0]);
    await call('Acknowledge', { ackIds: [first.ackId] });
    pubsub.expireDeadlines();
    expect(pubsub.unacknowledged(SUBSCRIPTION)).toEqual([]);
    expect(pubsub.deliveries).toHaveLength(1);
  });

  it('delivers a message again at a deadline of 0, at its deadline, and when all deadlines expire', async () => {
    const { got } = pull();
    const id = pubsub.publish({});
    const ackIdOf = async (delivery: number) => (await eventually('delivered', () => got[delivery])).ackId;
    await call('ModifyAckDeadline', { ackIds: [await ackIdOf(0)], ackDeadlineSeconds: 0 });
    await call('ModifyAckDeadline', { ackIds: [await ackIdOf(1)], ackDeadlineSeconds: 1 });
    await ackIdOf(2);
    pubsub.expireDeadlines();
    await ackIdOf(3);
    expect(pubsub.deliveries).toEqual([id, id, id, id]);
    expect(new Set(got.map(({ ackId }) => ackId)).size).toBe(4);
  });

  it('leaves no more with a stream than it asked for', async () => {
    const { got } = pull({ maxOutstandingMessages: 2 });
    for (let n = 0; n < 5; n += 1) pubsub.publish({});
    await eventually('as many as it asked for', () => got.length === 2);
    await call('Acknowledge', { ackIds: got.map(({ ackId }) => ackId) });
    await eventually('as many again', () => got.length === 4);
    expect(pubsub.mostOutstanding).toBe(2);
  });

  it('refuses a subscription that is not there, and a deadline that is out of range', async () => {
    expect(await pull({ subscription: 'projects/p/subscriptions/none' }).failed).toMatchObject({
      code: status.NOT_FOUND,
    });
    expect(await pull({ streamAckDeadlineSeconds: 5 }).failed).toMatchObject({ code: status.INVALID_ARGUMENT });
    await expect(call('Acknowledge', { subscription: 'none', ackIds: [] })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  it('ends streams, and lets what they held be pulled by the next', async () => {
    const first = pull();
    const id = pubsub.publish({});
    await eventually('delivered', () => first.got[0]);
    pubsub.endStreams();
    expect(await first.failed).toMatchObject({ code: status.UNAVAILABLE });
    const second = pull();
    await eventually('open', () => pubsub.streams === 1);
    expect(second.got).toEqual([]);
    pubsub.expireDeadlines();
    const again = await eventually('delivered again', () => second.got[0]);
    expect(again.message?.messageId).toBe(id);
  });
});
