import type { Effects } from './effects';
import type { Reply } from './reply';
import type { Difference, Sender, Webhook } from './webhook';

/** What a rule has to work with. */
export interface Bench {
  readonly key: Sender['key'];
  make(difference?: Difference): Webhook;
  send(webhook: Webhook): Promise<Reply>;
  /** What came back for every rule before. */
  readonly replies: readonly Reply[];
  /** Undefined where nobody said how to count them. */
  readonly effects: Effects | undefined;
  /** How many effects there are once all is done that was taken before, if each event has one. */
  effectsDue(): number;
  /** From which time on an answer is slow. */
  readonly slowMs: number;
}
