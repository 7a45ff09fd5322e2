import fc from 'fast-check';
import { PROBLEM_STATUS, PROBLEM_TYPE_BASE } from '../../src/gateway/problems/problem';
import {
  closeGateways,
  JOB,
  JOB_PATH,
  type RunningGateway,
  type Setup,
  SUBMISSION,
  startGateway,
} from '../gateway/harness';
import { exampleConfig } from '../providers/http/an-example';
import { signedWebhook } from '../receiver/signed-webhook';
import { eventually } from '../support/eventually';
import { heartbeatMessage, RESULTS, statusMessage } from '../support/spec-001-messages';
import { HANGS_AFTER_MS, holds } from './holds';
import { mutated } from './mutated';
import { type Outcome, type RawAnswer, sendRaw } from './raw-http';
import { bodiesAround, type Header, headers, methodsBeside, pathsOf, type WildRequest, wildRequest } from './requests';

const TOKEN = 'a-token-for-fuzzing';
const CALLBACK_TOKEN = 'a-callback-token-for-fuzzing';
const http = exampleConfig('openai').providers.http;

/** So that a request which never ends is answered while somebody waits for it. */
const SETUP: Setup = { http, callbackToken: CALLBACK_TOKEN, timeouts: { headersMs: 200, requestMs: 250, checkMs: 30 } };

let open: RunningGateway;
let guarded: RunningGateway;
let patient: RunningGateway;
beforeAll(async () => {
  open = await startGateway(SETUP);
  patient = await startGateway({ http });
  guarded = await startGateway({ ...SETUP, callbackToken: '', tokens: [{ name: 'fuzz', token: TOKEN }] });
  for (const gateway of [open, guarded, patient]) {
    for (const job of [SUBMISSION, { provider: 'openai', job: 'batch_1', endpoints: ['orders'] }]) {
      expect((await gateway.post('/v1/jobs', job, { authorization: `Bearer ${TOKEN}` })).status).toBe(201);
    }
  }
});
afterAll(closeGateways);

/** What has gone through the gateway and has an effect there. A list has none: a GET is answered before its body is there. */
function reached({ jobs, inbox, redeliveries, told }: RunningGateway): number {
  const calls = jobs.calls.filter(({ method }) => method !== 'list');
  return calls.length + inbox.calls.length + redeliveries.requests.length + told.length;
}

/** Memory that a long search would fill. */
function forget(gateway: RunningGateway): void {
  for (const list of [
    gateway.log,
    gateway.jobs.calls,
    gateway.inbox.calls,
    gateway.redeliveries.requests,
    gateway.told,
  ]) {
    (list as unknown[]).length = 0;
  }
}

/** Sends it, and holds what comes of it against the rules that every request keeps. */
async function expectSound(gateway: RunningGateway, request: WildRequest, leave = false): Promise<Outcome> {
  forget(gateway);
  const isHead = request.method === 'HEAD';
  const outcome = await sendRaw(gateway.origin, request.pieces, { isHead, leave, withinMs: HANGS_AFTER_MS });
  expect(outcome).not.toBe('silence');
  if (typeof outcome === 'object') expectSoundAnswer(outcome, isHead, gateway);
  await expectAlive(gateway);
  expect(gateway.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  return outcome;
}

function expectSoundAnswer({ status, headers: sent, body }: RawAnswer, isHead: boolean, gateway: RunningGateway): void {
  if (status < 400) {
    expect([200, 201, 202, 204]).toContain(status);
    return;
  }
  expect(status).toBeLessThan(500);
  expect(sent.get('content-type')).toMatch(/^application\/problem\+json/);
  // Without an id it is the parser that refuses: bytes behind a request that has been taken already, for one.
  if (sent.has('x-request-id')) expect(reached(gateway)).toBe(0);
  if (isHead) return;
  const problem = JSON.parse(body);
  expect(Object.keys(PROBLEM_STATUS)).toContain(problem.code);
  expect(problem).toMatchObject({
    type: PROBLEM_TYPE_BASE + problem.code,
    status: PROBLEM_STATUS[problem.code as keyof typeof PROBLEM_STATUS],
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
  });
  expect(problem.status).toBe(status);
  expect(body.length).toBeLessThan(64 * 1024);
}

/** On a busy machine even a good request may come too late for so little time, and is sent again. */
async function expectAlive(gateway: RunningGateway): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const answer = await eventually('it answers', async () => {
    const response = await gateway.fetch(JOB_PATH, { headers });
    return response.status !== 408 && response;
  });
  expect([answer.status, ((await answer.json()) as { readonly job: string }).job]).toEqual([200, JOB]);
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64');

const CMQ_EVENTS = {
  Events: [
    {
      EventVersion: 'v1',
      EventTime: '2026-01-01T00:00:00Z',
      Region: 'r',
      Batch: { JobId: 'job-x1' },
      EventName: 'JOB_FAILED',
    },
    { EventName: 'TASK_FAILED', Batch: { JobId: 'job-x1', TaskName: 't' }, EventVars: [{ Name: 'a', Value: 'b' }] },
    { EventName: 'COMPUTE_NODE_CREATED', Batch: { EnvId: 'env-1', ComputeNodeId: 'node-1' } },
  ],
};

/** Something of every kind that some route takes, with something wrong. */
const values = fc.oneof(
  mutated({ ...SUBMISSION, idempotency_key: 'k', metadata: { a: { b: 1 } }, labels: { team: 'shop' } }),
  mutated({ ...SUBMISSION, endpoints: [{ url: 'https://8.8.8.8/', events: ['job.failed'], format: 'standard' }] }),
  mutated({ idempotency_key: 'k', state: 'COMPLETED', message: 'm' }),
  mutated({ idempotency_key: 'k', heartbeat_deadline_seconds: 60, description: 'd' }),
  mutated({ endpoint: 'orders', event: 'job.failed', since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }),
  mutated(statusMessage({ data: { status: 'COMPLETED', results: RESULTS } })),
  mutated(statusMessage().data),
  mutated(heartbeatMessage()),
  mutated({ job: JOB, state: 'SUCCEEDED' }).chain((data) =>
    mutated({ message: { data: base64(data), messageId: '1', attributes: {} }, subscription: 's' }),
  ),
  mutated({ type: 'batch.completed', data: { id: 'batch_1' } }),
  mutated(CMQ_EVENTS),
  mutated(CMQ_EVENTS).chain((events) =>
    mutated({ msgId: '1', msgBody: JSON.stringify(events), publishTime: 1750861210 }),
  ),
);

/** What may stand in a path and is there. */
const RIGHT = ['vertex-ai', encodeURIComponent(JOB), 'openai', 'batch_1', 'orders', 'reports', CALLBACK_TOKEN];

/** A request for a route of the gateway, with any part of it wrong. */
const requests = fc.nat().chain((pick) => {
  const routes = open.gateway.routes;
  const { method, path } = routes[pick % routes.length] as (typeof routes)[number];
  return fc
    .record({
      method: methodsBeside(String(method)),
      path: pathsOf(path, RIGHT),
      headers,
      body: bodiesAround(values),
      cuts: fc.array(fc.nat(), { maxLength: 3 }),
    })
    .map(({ body, cuts, ...parts }) => wildRequest({ ...parts, ...body }, cuts));
});

describe('a gateway', () => {
  holds('answers every request soundly, soon, and lives on', requests, (request) => expectSound(open, request));

  holds('lets nobody through to the API without a token', requests, async (request) => {
    const outcome = await expectSound(guarded, request);
    const isOpen =
      /^\W*(http:\/\/127\.0\.0\.1)?\/(healthz|readyz|metrics|openapi\.json|\.well-known|ingress(?!\/spec-001))/i;
    if (typeof outcome === 'object' && outcome.status < 400) expect(request.path).toMatch(isOpen);
    expect(reached(guarded)).toBe(0);
  });

  holds('answers soundly whom it knows', requests, (request) =>
    expectSound(guarded, withHeader(request, ['authorization', `Bearer ${TOKEN}`])),
  );

  const signedBodies = bodiesAround(mutated({ type: 'batch.completed', data: { id: 'batch_1' } }));
  holds('takes every webhook that is rightly signed, whatever it says', signedBodies, async ({ bytes }) => {
    const path = '/ingress/http/openai';
    const signed = Object.entries(signedWebhook('wh_1', bytes).headers);
    const outcome = await expectSound(
      patient,
      wildRequest({ method: 'POST', path, headers: signed, bytes, framing: 'length' }),
    );
    expect(outcome).toMatchObject({ status: 204 });
  });

  const unfinished = fc.tuple(requests, fc.nat(), fc.boolean());
  holds('is not held up by who stops in the middle', unfinished, async ([request, at, leave]) => {
    const bytes = Buffer.concat(request.pieces);
    const pieces = [bytes.subarray(0, at % bytes.length)];
    await expectSound(open, { ...request, pieces }, leave);
  });

  const noise = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 });
  holds('is not disturbed by what is no HTTP at all', noise, async (parts) => {
    const pieces = [...parts.map((part) => Buffer.from(part)), Buffer.from('\r\n\r\n')];
    await expectSound(open, { pieces, method: '', path: '', headers: [] });
  });
});

/** The head with one more line. */
function withHeader(request: WildRequest, [name, value]: Header): WildRequest {
  const bytes = Buffer.concat(request.pieces);
  const line = bytes.indexOf('\r\n') + 2;
  return { ...request, pieces: [bytes.subarray(0, line), Buffer.from(`${name}: ${value}\r\n`), bytes.subarray(line)] };
}
