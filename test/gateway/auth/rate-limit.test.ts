import { eventually } from '../../support/eventually';
import { closeGateways, type RunningGateway, startGateway } from '../harness';

const TOKENS = ['a', 'b'].map((name) => ({ name, token: `${name}-token` }));

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway({ tokens: TOKENS, rateLimit: { requests: 3, perMs: 3_600_000 } });
});
afterEach(closeGateways);

const list = (token: string) => gateway.fetch('/v1/jobs', { headers: { authorization: `Bearer ${token}` } });

describe('a rate limit', () => {
  it('lets so many requests of a token through, then answers 429 with the whole seconds to wait', async () => {
    for (const _ of [1, 2, 3]) expect((await list('a-token')).status).toBe(200);
    const refused = await list('a-token');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(1_200);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect((await list('b-token')).status).toBe(200);
  });

  it('counts what comes without a valid token by its address, whatever it says', async () => {
    const statuses = [];
    for (const token of ['w', 'x', 'y', 'z']) statuses.push((await list(token)).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await gateway.fetch('/ingress/pubsub', { method: 'POST' })).status).toBe(429);
    expect((await gateway.fetch('/nowhere')).status).toBe(429);
    expect((await list('a-token')).status).toBe(200);
  });

  it('leaves probes and metrics alone', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      for (const _ of [1, 2, 3, 4]) expect((await gateway.fetch(path)).status).toBe(200);
    }
  });

  it('takes a request again after the time it said', async () => {
    const quick = await startGateway({ rateLimit: { requests: 2, perMs: 1_000 } });
    const get = () => quick.fetch('/v1/jobs');
    const some = () => Promise.all(Array.from({ length: 6 }, get));
    await eventually('one is refused', async () => (await some()).some(({ status }) => status === 429));
    await eventually('one is taken', async () => (await get()).status === 200);
  });
});
