import fc from 'fast-check';
import { closeGateways, JOB_PATH, type RunningGateway, rawRequest, SUBMISSION, startGateway } from '../harness';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.post('/v1/jobs', SUBMISSION);
});
afterAll(closeGateways);

const JOB_PATH_COMPLETION = `${JOB_PATH}/completion`;

const POSTS = [
  '/v1/jobs',
  ...['completion', 'heartbeat', 'cancel', 'redeliver'].map((action) => `${JOB_PATH}/${action}`),
  '/ingress/pubsub',
  '/ingress/eventarc',
];

const json = fc.jsonValue({ maxDepth: 4 });
const members = ['provider', 'job', 'endpoints', 'metadata', 'labels', 'idempotency_key', 'message', 'data', 'name'];
/** JSON that looks a little like what is expected: gets further in than noise does. */
const nearlyRight = fc.dictionary(fc.constantFrom(...members), json).map((more) => ({ ...SUBMISSION, ...more }));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.oneof(json, nearlyRight).map((value) => Buffer.from(JSON.stringify(value))),
  json.map((value) => {
    const data = Buffer.from(JSON.stringify(value)).toString('base64');
    return Buffer.from(JSON.stringify({ message: { data, messageId: '1', attributes: value } }));
  }),
);
const contentType = fc.constantFrom('application/json', 'text/plain', 'application/cloudevents+json', 'x', '*/*;;=');
const cloudEvent = fc.constantFrom({}, { 'ce-id': '1', 'ce-type': 'google.cloud.audit.log.v1.written' });

const SOUND = new Set([200, 201, 202, 204, 400, 404, 409, 413, 422]);

test('no body, whatever its content type, is answered with 5xx', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POSTS),
      body,
      contentType,
      cloudEvent,
      async (path, bytes, type, attributes) => {
        const headers = { 'content-type': type, ...(attributes as Record<string, string>) };
        const response = await gateway.fetch(path, { method: 'POST', body: new Uint8Array(bytes), headers });
        await response.arrayBuffer();
        expect(SOUND).toContain(response.status);
        if (response.status >= 400) {
          expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('no path or query is answered with 5xx', async () => {
  const segment = fc
    .string({ unit: fc.constantFrom(...'%2Ff/.:?&=\\ é~a'), maxLength: 12 })
    .map((text) =>
      [...text].map((character) => (/[!-~]/.test(character) ? character : encodeURIComponent(character))).join(''),
    );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('', 'v1/jobs', 'v1/jobs/', 'v1/jobs/vertex-ai/', 'v1/jobs?limit='),
      segment,
      async (start, end) => {
        const { status } = await rawRequest(gateway.origin, { path: `/${start}${end}` });
        expect([200, 400, 404]).toContain(status);
      },
    ),
    { numRuns: 200 },
  );
});

test('JSON is read whatever content type it is sent with', async () => {
  const character = fc.constantFrom(...'aZ0/;=*+-."\\ ,()[]{}<>@?:\t\u00e9');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: character, maxLength: 24 }), async (type) => {
      const headers = { 'content-type': type };
      const { status } = await rawRequest(gateway.origin, {
        path: JOB_PATH_COMPLETION,
        method: 'POST',
        headers,
        body: '{}',
      });
      expect(status).toBe(202);
    }),
    { numRuns: 400, examples: [['/'], [';'], ['a/b;'], ['a/b;c'], ['a/b;c="'], ['undefined'], [' a/b ']] },
  );
});
