import type { NetworkConfig, WebhookEndpoint } from '../../../src/config/config';
import type { Message } from '../../../src/domain/message';

export const SECRETS = {
  orders: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`, `whsk_${Buffer.alloc(32, 2).toString('base64')}`],
};

/** Lets tests call servers on loopback, and nothing else beyond the default rule. */
export const LOOPBACK_ALLOWED: NetworkConfig = { allow: ['127.0.0.0/8', '::1/128'], deny: [] };

export const MESSAGE: Message = {
  id: '2a4c7d1e-8f0b-5c3d-9e6f-0123456789ab',
  content_type: 'application/json',
  headers: {},
  body: '{"type":"job.succeeded","data":{"message":"100 % – 🚀"}}',
};

/** For attempts that nobody gives up. */
export const NEVER = new AbortController().signal;

/** An unsigned endpoint with a timeout that no passing test reaches. */
export function anEndpoint(url: string, changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    name: 'orders',
    type: 'webhook',
    url,
    secret: '',
    events: ['job.succeeded'],
    format: 'standard',
    headers: {},
    limits: { concurrency: 20, perSecond: 0 },
    clientCertificate: { cert: '', key: '' },
    timeoutMs: 15_000,
    retry: { firstMs: 5_000, factor: 3, maxMs: 21_600_000, forMs: 604_800_000 },
    ...changes,
  };
}
