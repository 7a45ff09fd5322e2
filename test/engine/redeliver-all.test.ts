import { JobHerald } from '../../src';
import { closeGateways, startGateway } from '../gateway/harness';
import { realTemporalConfig } from '../support/real-temporal';

const REQUEST = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T01:00:00+01:00' } as const;

describe('JobHerald.redeliverAll', () => {
  afterEach(closeGateways);

  it('speaks to the gateway, and reads from it how far it has come', async () => {
    const { origin, redeliveries } = await startGateway({ tokens: [{ name: 'ci', token: 'a-token' }] });
    await using herald = new JobHerald({ url: origin, token: 'a-token' });
    const { id } = await herald.redeliverAll({ ...REQUEST, status: 'gone' });
    redeliveries.progress({ matched: 7 });
    expect(await herald.getRedelivery(id)).toMatchObject({ id, status: 'gone', matched: 7 });
    await expect(herald.getRedelivery('nope')).rejects.toMatchObject({ code: 'not_found' });
    await expect(herald.getRedelivery('../jobs')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('speaks straight to Temporal, and needs no worker to be seen', async () => {
    const { address, taskQueue } = realTemporalConfig();
    await using herald = new JobHerald({ temporal: { address, taskQueue }, timeoutMs: 60_000 });
    const begun = await herald.redeliverAll(REQUEST);
    expect(begun).toMatchObject({
      state: 'running',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
      endpoint: null,
      status: null,
      max_rate: 50,
      matched: 0,
      ended_at: null,
    });
    expect(await herald.getRedelivery(begun.id)).toEqual(begun);
  });

  it('refuses a misspelt member without a gateway, too', async () => {
    const { address, taskQueue } = realTemporalConfig();
    await using herald = new JobHerald({ temporal: { address, taskQueue }, timeoutMs: 60_000 });
    await expect(herald.redeliverAll({ ...REQUEST, dryRun: true } as never)).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('did you mean "dry_run"'),
    });
  });
});
