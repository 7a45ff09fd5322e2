import { Pool } from 'undici';
import { createWebhookChannel } from '../src/channels/webhook/webhook-channel';
import { ENDPOINT_DEFAULTS } from '../src/config/defaults';
import { TEST_SECRET } from '../test/support/test-config';
import { startSink } from './sink-server';
import { spread } from './spread';

const ROUNDS = 9;
const REQUESTS = 4000;
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
  const pool = new Pool(url.origin, { connections: AT_ONCE });
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

  await perSecond(raw);
  await perSecond(ours);
  const rounds: { raw: number; ours: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push({ raw: await perSecond(raw), ours: await perSecond(ours) });
  sink.stop();
  await pool.close();
  await channel.close();
  return {
    raw_per_second: spread(rounds.map((round) => round.raw)),
    deliver_per_second: spread(rounds.map((round) => round.ours)),
    ratio: spread(rounds.map((round) => round.ours / round.raw)),
  };
}

/** Each of the loops has a signal of its own, as each activity has. */
async function perSecond(send: (signal: AbortSignal) => Promise<void>): Promise<number> {
  let left = REQUESTS;
  const began = performance.now();
  const worker = async () => {
    const { signal } = new AbortController();
    while (left-- > 0) await send(signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return REQUESTS / ((performance.now() - began) / 1000);
}
