import type { Bench } from './bench';

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
  /** For people, in a sentence whose subject is the receiver: `refuses a bad signature`. */
  readonly title: string;
  readonly check: (bench: Bench) => Promise<Finding>;
}
