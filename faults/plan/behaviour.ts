import { random } from './random';

/** What a receiver does with one attempt. */
export type Behaviour =
  /** Takes it and says so at once. */
  | 'ok'
  /** Takes it, and gives its answer byte by byte, in less than the endpoint's time-out. */
  | 'drip'
  /** Takes it, and gives status and headers at once and its body byte by byte, for longer than the time-out. */
  | 'drip_body'
  /** Takes it, and gives an interim `100 Continue` and early hints before its answer. */
  | 'interim'
  /** Takes it, and gives 20 KiB of headers with its answer. */
  | 'long_headers'
  /** Begins to handle it and never ends, until its own time is over; refuses it with 503. */
  | 'stuck'
  /** Refuses it with 500. */
  | 'error'
  /** Refuses it with 503 and `Retry-After: 1`. */
  | 'busy'
  /** Refuses it with 404, as a receiver in the middle of its deployment does. */
  | 'not_found'
  /** Sends it elsewhere, where it must not go. */
  | 'redirect'
  /** Resets the connection before it has read the body. */
  | 'reset'
  /** Takes it, and hangs up without an answer. */
  | 'hang_up'
  /** Takes it, and never answers. */
  | 'silence';

export const TAKES: ReadonlySet<Behaviour> = new Set([
  'ok',
  'drip',
  'drip_body',
  'interim',
  'long_headers',
  'hang_up',
  'silence',
]);

const FAULTS: readonly Behaviour[] = [
  'drip',
  'drip_body',
  'interim',
  'long_headers',
  'stuck',
  'error',
  'busy',
  'not_found',
  'redirect',
  'reset',
  'hang_up',
  'hang_up',
  'silence',
];

/** From this attempt on a receiver behaves, so that a run comes to its end. */
const PATIENCE = 4;

/**
 * Pure: what the receiver of an endpoint does with this attempt of this event.
 * @param attempt as the receiver counts, from 1
 * @param share of attempts that are misbehaved with
 */
export function behaviourOf(
  seed: string,
  endpoint: string,
  webhookId: string,
  attempt: number,
  share = 0.5,
): Behaviour {
  if (attempt > PATIENCE) return 'ok';
  const draw = random(`${seed}/receiver/${endpoint}/${webhookId}/${attempt}`);
  return draw.chance(share) ? draw.pick(FAULTS) : 'ok';
}

/** How far a receiver's clock is off until a time, both ms; the last one stays. */
export interface PlannedClock {
  readonly untilMs: number;
  readonly offMs: number;
}

/** Standard Webhooks refuses what is older, or newer, than this. */
const TOLERANCE_MS = 300_000;

/**
 * The clock of one receiver: for the first part of the run so far off that it refuses everything, then, after somebody
 * has looked at it, off by less than matters.
 */
export function planClock(seed: string, endpoint: string, phaseMs: number): readonly PlannedClock[] {
  const draw = random(`${seed}/clock/${endpoint}`);
  const sign = () => draw.pick([-1, 1]);
  const wrong = sign() * (TOLERANCE_MS + draw.between(60_000, 900_000));
  const nearly = sign() * draw.between(30_000, TOLERANCE_MS - 60_000);
  return [
    { untilMs: Math.round(phaseMs * 0.3), offMs: wrong },
    { untilMs: Number.MAX_SAFE_INTEGER, offMs: nearly },
  ];
}
