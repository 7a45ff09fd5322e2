import { sign, signingKey } from '../../src/channels/webhook/sign';
import { TEST_SECRET } from '../support/test-config';

export interface SignedWebhook {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A request as jobherald sends it, signed now. */
export function signedWebhook(id: string, body: string | Buffer = '{"type":"job.succeeded"}'): SignedWebhook {
  const timestamp = Math.floor(Date.now() / 1000);
  const bytes = Buffer.from(body);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(id, timestamp, bytes, [signingKey(TEST_SECRET)]),
  };
  return { method: 'POST', headers, body: bytes };
}
