import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { CodecConfig } from '../config/config';

/** How Temporal's own samples mark an encrypted payload, so that their tools know one. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts whole payloads, their metadata included: nonce, ciphertext, tag (AES-256-GCM, a random nonce for each).
 * Decoding never fails: a failure would fail the workflow task, again and again. What none of the keys opens is handed
 * back as it came, and so is what is not encrypted.
 */
export function createPayloadCodec({ keys, encrypt }: CodecConfig): PayloadCodec {
  const known = new Map(keys.map(({ id, key }) => [id, Buffer.from(key, 'base64')]));
  const [first] = keys;
  return {
    async encode(payloads) {
      if (!first || !encrypt) return payloads;
      return payloads.map((payload) => sealed(payload, first.id, Buffer.from(first.key, 'base64')));
    },
    async decode(payloads) {
      return payloads.map((payload) => opened(payload, known) ?? payload);
    },
  };
}

function sealed(payload: Payload, id: string, key: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) }, data };
}

function opened({ metadata, data }: Payload, keys: ReadonlyMap<string, Buffer>): Payload | undefined {
  if (textOf(metadata?.['encoding']) !== ENCODING || !data || data.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const key = keys.get(textOf(metadata?.[KEY_ID]));
  if (!key) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    const plain = [decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return temporal.api.common.v1.Payload.decode(Buffer.concat(plain));
  } catch {
    return undefined; // another key under this id, or bytes that nobody has encrypted
  }
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
