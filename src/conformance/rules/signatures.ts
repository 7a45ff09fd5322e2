import { randomBytes } from 'node:crypto';
import type { Rule } from '../rule';
import { otherKey, secondsFromNow, withSignature } from '../webhook';
import { accepts, refuses } from './expect-answer';

/** Without it nothing else can be said: one that refuses everything would seem to refuse rightly. */
export const GOOD_SIGNATURE = accepts({
  name: 'good-signature',
  title: 'accepts a valid signature',
  sent: 'an event, signed now',
  make: (context) => context.make(),
  advice:
    'compare the secret; sign "{webhook-id}.{webhook-timestamp}.{body}" over the raw body; answer 2xx, also about a job that is not known',
});

const WHOLE_BODY = 'verify the signature over the raw body, and refuse with 401 what it does not match';

export const SIGNATURES: readonly Rule[] = [
  GOOD_SIGNATURE,
  accepts({
    name: 'raw-body',
    title: 'verifies the body as raw bytes',
    sent: 'the same, with other white space, escapes and letters beyond ASCII',
    make: (context) => context.make({ body: spelledOtherwise }),
    advice:
      'verify the bytes as they came, before anything parses them: JSON that is parsed and written again is another text',
  }),
  accepts({
    name: 'several-signatures',
    title: 'accepts one valid signature of several',
    sent: 'two signatures, the second one good, as while a secret is rotated',
    make: (context) => context.make({ keys: [otherKey(context.key), context.key] }),
    advice: 'split webhook-signature at spaces, and take the webhook if one of its entries matches',
  }),
  accepts({
    name: 'unknown-scheme',
    title: 'ignores a signature scheme that it does not know',
    sent: 'a "v9," entry, and the valid signature behind it',
    make: (context) => withSignature(context.make(), (good) => `v9,${randomBytes(32).toString('base64')} ${good}`),
    advice: 'skip the entries of webhook-signature that do not begin with the scheme of your key (v1, or v1a,)',
  }),
  refuses({
    name: 'bad-signature',
    title: 'refuses an invalid signature',
    sent: 'a signature with one bit turned',
    make: (context) => withSignature(context.make(), turnOneBit),
    advice: WHOLE_BODY,
  }),
  refuses({
    name: 'no-signature',
    title: 'refuses a webhook without a signature',
    sent: 'no webhook-signature',
    make: (context) => withSignature(context.make(), () => undefined),
    advice: 'refuse with 400 or 401 what has no webhook-signature',
  }),
  refuses({
    name: 'changed-body',
    title: 'refuses a body that was changed',
    sent: 'a body with one byte changed after it was signed',
    make: (context) => {
      const good = context.make();
      return { ...good, body: Buffer.from(good.message.body.replace('prüfung', 'prüFung')) };
    },
    advice: WHOLE_BODY,
  }),
  refuses({
    name: 'wrong-key',
    title: 'refuses a signature by another key',
    sent: 'an event, signed with a key that nobody has',
    make: (context) => context.make({ keys: [otherKey(context.key)] }),
    advice: WHOLE_BODY,
  }),
];

/** The same JSON value in other bytes. */
function spelledOtherwise(json: string): string {
  const indented = JSON.stringify(JSON.parse(json), null, '\t ').replaceAll('\n', '\r\n');
  return `\r\n${indented.replaceAll('/', '\\/').replace('–', '\\u2013')} \r\n\r\n`;
}

function turnOneBit(signature: string): string {
  const [scheme, base64 = ''] = signature.split(',');
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return `${scheme},${bytes.toString('base64')}`;
}

/** Twice the tolerance of 5 minutes, so that clocks that differ a little change nothing. */
const FAR_SECONDS = 600;

const TOLERANCE = 'refuse with 401 a webhook-timestamp that is more than 5 minutes from your clock';

/** All of them are signed as they stand, so that the timestamp is the only thing that is wrong. */
export const TIMESTAMPS: readonly Rule[] = [
  refuses({
    name: 'stale',
    title: 'refuses a stale timestamp',
    sent: 'an event, signed 10 minutes ago',
    make: (context) => context.make({ timestamp: secondsFromNow(-FAR_SECONDS) }),
    advice: `${TOLERANCE}: who has overheard a webhook could send it again`,
  }),
  refuses({
    name: 'future',
    title: 'refuses a timestamp in the future',
    sent: 'an event, signed 10 minutes from now',
    make: (context) => context.make({ timestamp: secondsFromNow(FAR_SECONDS) }),
    advice: `${TOLERANCE}, to either side`,
  }),
  refuses({
    name: 'malformed-timestamp',
    title: 'refuses a malformed timestamp',
    sent: 'this second and "abc" as webhook-timestamp',
    // What parseInt reads as this second, and Number as NaN, which is neither too old nor too new.
    make: (context) => context.make({ timestamp: `${secondsFromNow(0)}abc` }),
    advice: 'refuse with 400 a webhook-timestamp that is not digits only',
  }),
];
