import { randomUUID } from 'node:crypto';
import {
  checkTimer,
  FORGET_AFTER,
  type NoContext,
  positiveDuration,
  type RetentionOptions,
  type Store,
} from '../store';

/** The part of a client, or a pool of clients, of the package `redis` that is used. */
export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>;
}

export interface RedisStoreOptions extends RetentionOptions {
  /**
   * How long a crashed receiver blocks others from handling its webhook, such as `30s`, the default. While it lives, the
   * lease is renewed.
   */
  readonly lease?: string;
  /** Prefix of the keys. Default: `jobherald:received:`. */
  readonly prefix?: string;
}

const DONE = 'done';

/** KEYS[1] the key, ARGV[1] the lease that must be ours still, ARGV[2] milliseconds. */
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;

/**
 * Remembers in Redis. The effect happens elsewhere, so it happens again where the receiver dies after it and before
 * Redis knows of it.
 * @param client of the package `redis`, connected
 * @throws {DurationError}
 * @throws {TypeError} for a duration of 0, or a lease that no timer can hold
 */
export function redisStore(
  client: RedisClient,
  { forgetAfter = FORGET_AFTER, lease = '30s', prefix = 'jobherald:received:' }: RedisStoreOptions = {},
): Store<NoContext> {
  const forgetAfterMs = positiveDuration('forgetAfter', forgetAfter);
  const leaseMs = checkTimer('lease', lease);

  return {
    async setUp() {},

    async once({ name, id }, effect) {
      const key = `${prefix}${name}:${id}`;
      const claim = `claimed ${randomUUID()}`;
      const claimed = await client.sendCommand(['SET', key, claim, 'NX', 'PX', String(leaseMs)]);
      // A lease that expired just now reads as null: the next attempt acquires it.
      if (claimed === null) return isDone(await client.sendCommand(['GET', key])) ? 'duplicate' : 'busy';

      const renewal = setInterval(() => {
        client.sendCommand(['EVAL', RENEW, '1', key, claim, String(leaseMs)]).catch(() => {});
      }, leaseMs / 3);
      renewal.unref();
      try {
        await effect({});
      } catch (error) {
        // A lease that cannot be released expires.
        await client.sendCommand(['EVAL', RELEASE, '1', key, claim]).catch(() => {});
        throw error;
      } finally {
        clearInterval(renewal);
      }
      // Whichever process holds the lease by now: it has happened.
      await client.sendCommand(['SET', key, DONE, 'PX', String(forgetAfterMs)]);
      return 'handled';
    },

    /** Redis expires the keys by itself. */
    async prune() {
      return false;
    },
  };
}

/** A client may be configured to return bytes. */
function isDone(reply: unknown): boolean {
  return String(reply) === DONE;
}
