import { sign, signingKey } from '../src/channels/webhook/sign';
import { verifyWebhook } from '../src/receiver';
import { TEST_SECRET } from '../test/support/test-config';
import { spread } from './statistics';

const ROUNDS = 7;
const TIMES = 30_000;
const BODY = Buffer.from('{"jobId":"72413203942701","finalState":"JOB_STATE_SUCCEEDED","outputLocation":null}');

/** How many small bodies a receiver verifies in a second on one core, signed with `v1`. */
export async function benchVerification() {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'webhook-id': '56c30a8c-8388-5585-9f14-4281e5240979',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign('56c30a8c-8388-5585-9f14-4281e5240979', timestamp, BODY, [signingKey(TEST_SECRET)]),
  };
  const secrets = [TEST_SECRET];
  const round = () => {
    const began = performance.now();
    for (let i = 0; i < TIMES; i++) verifyWebhook({ headers, body: BODY, secrets });
    return TIMES / ((performance.now() - began) / 1000);
  };
  round();
  return { verified_per_second: spread(Array.from({ length: ROUNDS }, round)) };
}
