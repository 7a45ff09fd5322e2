import { Client, type ConnectionLike } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';
import { createPayloadCodec } from './payload-codec';

/** A client of the configured namespace, which encrypts and decrypts where a codec is configured. */
export function createClient(connection: ConnectionLike | undefined, { namespace, codec }: TemporalConfig): Client {
  return new Client({
    ...(connection && { connection }),
    namespace,
    ...(codec && { dataConverter: { payloadCodecs: [createPayloadCodec(codec)] } }),
  });
}
