import type { CodecConfig, CodecServerConfig } from '../config';
import { type Fault, pointerTo } from '../fault';
import { isLoopback } from './is-loopback';
import { when } from './when';

const KEY_BYTES = 32;

/** The keys that encrypt payloads. No fault quotes any part of one. */
export function checkCodec(codec: CodecConfig | undefined): readonly Fault[] {
  const keys = codec?.keys ?? [];
  return keys.flatMap(({ id, key }, index) => {
    const first = keys.findIndex((other) => other.id === id);
    const at = (member: string) => pointerTo('temporal', 'codec', 'keys', index, member);
    const fault = keyFault(key);
    return [
      ...(fault ? [{ pointer: at('key'), text: fault }] : []),
      ...when(first < index, { pointer: at('id'), text: `is the id of keys/${first} already; each key needs its own` }),
    ];
  });
}

/** Only the one spelling of RFC 4648, section 4: Node would read others, too, and skip what it cannot read. */
function keyFault(key: string): string | undefined {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== key.replace(/=+$/, ''))
    return `is not base64 of ${KEY_BYTES} bytes; make a key with: openssl rand -base64 ${KEY_BYTES}`;
  if (bytes.length !== KEY_BYTES)
    return `decodes to ${bytes.length} bytes; AES-256 needs ${KEY_BYTES}: openssl rand -base64 ${KEY_BYTES}`;
  return undefined;
}

/** Whoever reaches the codec server can read all that is encrypted: off loopback that takes a token. */
export function checkCodecServer({ host, token }: CodecServerConfig): readonly Fault[] {
  return when(token === '' && !isLoopback(host), {
    pointer: '/codec_server/token',
    text: `is required, because the codec server listens on ${host}, which is not loopback`,
  });
}
