import { JobHeraldError } from '../../../src/domain/jobherald-error';
import { closeGateways, startGateway } from '../../gateway/harness';
import { heartbeatMessage, statusMessage } from '../../support/spec-001-messages';

const TOKENS = [{ name: 'ci', token: 'a-token-of-at-least-some-length' }];
const PATH = '/ingress/spec-001';

afterEach(closeGateways);

describe('POST /ingress/spec-001', () => {
  it('passes the message to the job, and answers 202', async () => {
    const { post, inbox, gateway } = await startGateway();
    const status = statusMessage({ data: { status: 'FAILED', message: 'no disk' } });
    const answer = await post(PATH, status);
    await post(PATH, heartbeatMessage());

    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: true });
    const { correlation_id, idempotency_key } = status.meta;
    expect(inbox.calls[0]).toEqual({
      method: 'report',
      args: ['spec-001', correlation_id, { idempotency_key, data: status.data }],
    });
    expect(inbox.calls[1]).toMatchObject({ method: 'heartbeat' });
    const [hints] = (await gateway.metrics.hints.get()).values;
    expect(hints).toMatchObject({ value: 2, labels: { provider: 'spec-001', transport: 'http', result: 'accepted' } });
  });

  it('refuses an invalid message, and names the place', async () => {
    const { post, inbox } = await startGateway();
    const answer = await post(PATH, statusMessage({ data: { status: 'DONE' } }));

    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'unprocessable',
      errors: [{ pointer: '/data/status', detail: expect.stringMatching('must be one of PENDING') }],
    });
    expect(inbox.calls).toEqual([]);
  });

  it.each([
    ['what is not JSON', '{', 400],
    ['nothing', undefined, 422],
    ['another shape', [], 422],
    ['more than 256 KiB', statusMessage({ data: { message: 'x'.repeat(256 * 1024) } }), 413],
  ])('refuses %s', async (_what, body, status) => {
    const { post } = await startGateway();
    expect((await post(PATH, body)).status).toBe(status);
  });

  it('accepts the tokens of /v1, and refuses requests without one', async () => {
    const { post } = await startGateway({ tokens: TOKENS });
    expect((await post(PATH, statusMessage())).status).toBe(401);
    expect((await post(PATH, statusMessage(), { authorization: `Bearer ${TOKENS[0]?.token}` })).status).toBe(202);
  });

  it('answers 404 for a job that is neither submitted nor to be tracked, and 503 while Temporal is away', async () => {
    const { post, inbox } = await startGateway();
    const message = statusMessage();
    inbox.unknown.add(message.meta.correlation_id);
    expect((await post(PATH, message)).status).toBe(404);
    inbox.failWith(new JobHeraldError('unavailable', 'away'));
    expect((await post(PATH, statusMessage())).status).toBe(503);
  });
});
