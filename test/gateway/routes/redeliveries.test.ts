import { closeGateways, startGateway } from '../harness';

const REQUEST = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' } as const;

afterEach(closeGateways);

describe('the routes of bulk redelivery', () => {
  it('answer 202 with where to look', async () => {
    const { post, fetch, redeliveries } = await startGateway();
    const more = { endpoint: 'orders', status: 'exhausted', dry_run: true, max_rate: 0.5 } as const;
    const begun = await post('/v1/redeliveries', { ...REQUEST, ...more });
    const view = (await begun.json()) as { id: string };
    expect([begun.status, view]).toEqual([202, expect.objectContaining({ ...REQUEST, ...more, state: 'running' })]);
    expect(redeliveries.requests).toEqual([{ ...REQUEST, ...more }]);
    expect(begun.headers.get('location')).toBe(`/v1/redeliveries/${view.id}`);

    redeliveries.progress({ matched: 3, redelivered: 2 });
    const seen = await fetch(begun.headers.get('location') as string);
    expect([seen.status, await seen.json()]).toEqual([200, { ...view, matched: 3, redelivered: 2 }]);
  });

  it('take the key as a header', async () => {
    const { post, redeliveries } = await startGateway();
    await post('/v1/redeliveries', REQUEST, { 'idempotency-key': 'k' });
    expect(redeliveries.requests).toEqual([{ ...REQUEST, idempotency_key: 'k' }]);
  });

  it.each([
    [400, undefined, 'empty'],
    [400, { since: REQUEST.since }, '/until is required'],
    [400, { ...REQUEST, maxRate: 1 }, 'did you mean "max_rate"'],
    [400, { ...REQUEST, dry_run: 'yes' }, '/dry_run'],
    [422, { ...REQUEST, max_rate: 0 }, '/max_rate must be more than 0'],
    [422, { ...REQUEST, max_rate: 1001 }, '/max_rate must be 1000 or less'],
    [422, { ...REQUEST, status: 'pending' }, '/status must be one of delivered, exhausted, gone'],
  ])('refuse with %i %j', async (status, body, detail) => {
    const { post, redeliveries } = await startGateway();
    const answer = await post('/v1/redeliveries', body);
    expect([answer.status, await answer.json()]).toEqual([
      status,
      expect.objectContaining({ detail: expect.stringContaining(detail) }),
    ]);
    expect(redeliveries.requests).toEqual([]);
  });

  it('answer 404 for an id that nobody was given', async () => {
    const { fetch } = await startGateway();
    const answer = await fetch('/v1/redeliveries/nope');
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
  });

  it('need a token where there are tokens', async () => {
    const { post, fetch } = await startGateway({ tokens: [{ name: 'ci', token: 'secret' }] });
    expect((await post('/v1/redeliveries', REQUEST)).status).toBe(401);
    expect((await fetch('/v1/redeliveries/x')).status).toBe(401);
  });
});
