import { Pool } from 'undici';
import { createWebhookChannel } from '../src/channels/webhook/webhook-channel';
import { ENDPOINT_DEFAULTS } from '../src/config/defaults';
import { TEST_SECRET } from '../test/support/test-config';
import { startSink } from './sink-server';
import { spread } from './statistics';

/** Short rounds and many of them: what else the machine does falls on both sides of a pair alike. */
const ROUNDS = 101;
const WARM_UP_ROUNDS = 20;
const REQUESTS = 1000;
const AT_ONCE = 20;
const BODY = JSON.stringify({
  jobId: '72413203942701',
  finalState: 'JOB_STATE_SUCCEEDED',
  outputLocation: 'gs://b/out',
});

/** What an attempt costs beyond a bare POST of the same request: sign, guard, time out, classify, log. */
export async function benchDelivery() {
  const sink = await startSink();
  const url = new URL(sink.url);
  // As the channel's own pools: as many connections as there are requests, timers left to the attempt.
  const pool = new Pool(url.origin, { headersTimeout: 0, bodyTimeout: 0 });
  const channel = createWebhookChannel({
    secrets: { orders: [TEST_SECRET] },
    network: { allow: ['127.0.0.0/8'], deny: [] },
    version: 'bench',
  });
  const endpoint = { ...ENDPOINT_DEFAULTS, name: 'orders', url: sink.url, secret: 'orders' };
  const message = {
    id: '56c30a8c-8388-5585-9f14-4281e5240979',
    content_type: 'application/json',
    headers: {},
    body: BODY,
  };

  const headers = {
    'content-type': 'application/json',
    'user-agent': 'jobherald/bench',
    'webhook-id': message.id,
    'webhook-timestamp': '1795358908',
    'idempotency-key': message.id,
    'webhook-signature': 'v1,ZnalliWkUTjB4hn9KB0oDNsOVpL02dHo3d7XC5PyVc4=',
  };
  const raw = async () => {
    const { statusCode, body } = await pool.request({ method: 'POST', path: url.pathname, headers, body: BODY });
    await body.dump();
    if (statusCode !== 204) throw new Error(`HTTP ${statusCode}`);
  };
  const ours = async (signal: AbortSignal) => {
    const { outcome } = await channel.send(endpoint, message, signal);
    if (outcome.kind !== 'delivered') throw new Error(`not delivered: ${outcome.kind}`);
  };

  const rounds: { raw: Round; ours: Round }[] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
    // Who comes second finds the garbage of the first: turn about.
    const first = i % 2 === 0 ? raw : ours;
    const [a, b] = [await measure(first), await measure(first === raw ? ours : raw)];
    if (i >= WARM_UP_ROUNDS) rounds.push(first === raw ? { raw: a, ours: b } : { raw: b, ours: a });
  }
  sink.stop();
  await pool.close();
  await channel.close();
  return {
    raw_per_second: spread(rounds.map((round) => round.raw.perSecond)),
    deliver_per_second: spread(rounds.map((round) => round.ours.perSecond)),
    ratio: spread(rounds.map((round) => round.ours.perSecond / round.raw.perSecond)),
    cpu_ratio: spread(rounds.map((round) => round.raw.cpuUs / round.ours.cpuUs)),
  };
}

interface Round {
  readonly perSecond: number;
  /** CPU time of this process, which has the sender's side only, per request. */
  readonly cpuUs: number;
}

/** Each of the loops has a signal of its own, as each activity has. */
async function measure(send: (signal: AbortSignal) => Promise<void>): Promise<Round> {
  let left = REQUESTS;
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const loop = async () => {
    const { signal } = new AbortController();
    while (left-- > 0) await send(signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: REQUESTS / ((performance.now() - began) / 1000), cpuUs: (user + system) / REQUESTS };
}
