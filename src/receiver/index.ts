export { SecretKeyError } from '../domain/secret-key';
export { toFastifyPlugin } from './adapters/fastify-plugin';
export { toExpressHandler, toNodeHandler } from './adapters/node-handler';
export { toWebHandler } from './adapters/web-handler';
export { createReceiver } from './create-receiver';
export type { WebhookHeaders } from './read-request';
export type {
  Handler,
  ReceivedWebhook,
  Receiver,
  ReceiverAnswer,
  ReceiverOptions,
  ReceiverRequest,
  Refusal,
} from './receiver';
export type { NoContext, Settlement, Store, WebhookKey } from './store';
export { memoryStore } from './stores/memory-store';
export { type PostgresClient, type PostgresContext, type PostgresPool, postgresStore } from './stores/postgres-store';
export { type RedisClient, type RedisStoreOptions, redisStore } from './stores/redis-store';
export { type SqliteContext, type SqliteDatabase, sqliteStore } from './stores/sqlite-store';
export { type VerifiedWebhook, type VerifyWebhookInput, verifyWebhook } from './verify-webhook';
export { type WebhookVerificationCode, WebhookVerificationError } from './webhook-verification-error';
