import type { Rule } from '../rule';
import { secondsFromNow } from '../webhook';
import { refuses } from './refuses';

/** Twice the tolerance of 5 minutes, so that clocks that differ a little change nothing. */
const FAR_SECONDS = 600;

const TOLERANCE = 'refuse with 401 a webhook-timestamp that is more than 5 minutes from your clock';

/** All of them are signed as they stand, so that the timestamp is the only thing that is wrong. */
export const TIMESTAMPS: readonly Rule[] = [
  refuses({
    name: 'stale',
    title: 'refuses a stale timestamp',
    sent: 'an event, signed 10 minutes ago',
    make: (bench) => bench.make({ timestamp: secondsFromNow(-FAR_SECONDS) }),
    advice: `${TOLERANCE}: who has overheard a webhook could send it again`,
  }),
  refuses({
    name: 'future',
    title: 'refuses a timestamp in the future',
    sent: 'an event, signed 10 minutes from now',
    make: (bench) => bench.make({ timestamp: secondsFromNow(FAR_SECONDS) }),
    advice: `${TOLERANCE}, to either side`,
  }),
  refuses({
    name: 'malformed-timestamp',
    title: 'refuses a malformed timestamp',
    sent: 'this second and "abc" as webhook-timestamp',
    // What parseInt reads as this second, and Number as NaN, which is neither too old nor too new.
    make: (bench) => bench.make({ timestamp: `${secondsFromNow(0)}abc` }),
    advice: 'refuse with 400 a webhook-timestamp that is not digits only',
  }),
];
