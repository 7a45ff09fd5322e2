import type { Reply } from './connection';
import type { Effects } from './effects';
import type { Difference, Sender, Webhook } from './webhook';

/** `pass`: kept · `fail`: broken · `warn`: kept as far as can be seen, or not to be seen, and the advice says why. */
export type Verdict = 'pass' | 'fail' | 'warn';

/** What became of one rule. Each text is one line. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was sent. */
  readonly sent: string;
  /** What came back. */
  readonly received: string;
  /** What to do, unless it passed or was not tried. */
  readonly advice?: string;
}

/** One thing that a receiver must do. */
export interface Rule {
  /** For scripts, and stable: `bad-signature`. */
  readonly name: string;
  /** For people, in a sentence whose subject is the receiver: `refuses an invalid signature`. */
  readonly title: string;
  readonly check: (context: RuleContext) => Promise<Finding>;
}

/** What a rule has to work with. */
export interface RuleContext {
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
