import type { SigningKey } from '../channels/webhook/sign';
import type { Format } from '../formats/vocabulary';
import type { Bench } from './bench';
import type { Effects } from './effects';
import { openLine } from './open-line';
import { isTaken } from './reply';
import type { Finding, Rule } from './rule';
import { DUPLICATES } from './rules/duplicates';
import { IN_TIME } from './rules/in-time';
import { GOOD_SIGNATURE, SIGNATURES } from './rules/signatures';
import { TIMESTAMPS } from './rules/timestamps';
import { makeWebhook } from './webhook';

/** Everything that is graded, in its order. */
export const RULES: readonly Rule[] = [...SIGNATURES, ...TIMESTAMPS, ...DUPLICATES, IN_TIME];

export interface GradeOptions {
  readonly url: URL;
  /** The key that the receiver verifies with. */
  readonly key: SigningKey;
  readonly format: Format;
  readonly userAgent: string;
  /** For one request. */
  readonly timeoutMs: number;
  /** From which time on an answer is slow. Default: a third of `timeoutMs`. */
  readonly slowMs?: number;
  readonly effects?: Effects;
}

export type Grade = Pick<Rule, 'name' | 'title'> & Finding;

/**
 * Tries a receiver with real webhooks, one rule after another. What it takes has its effect there: the ends of six
 * jobs that do not exist, labelled `jobherald-test`, where it is a good one.
 * @throws {EffectsError}
 */
export async function* gradeReceiver(options: GradeOptions): AsyncGenerator<Grade> {
  const { url, timeoutMs, slowMs = timeoutMs / 3, effects } = options;
  // An address that counts nothing should be known before anything is sent.
  const effectsBefore = (await effects?.count()) ?? 0;
  const taken = new Set<string>();
  const line = openLine(url, timeoutMs);
  const bench: Bench = {
    key: options.key,
    make: (difference) => makeWebhook(options, difference),
    async send(webhook) {
      const reply = await line.send(webhook);
      if (isTaken(reply)) taken.add(webhook.message.id);
      return reply;
    },
    replies: line.replies,
    effects,
    effectsDue: () => effectsBefore + taken.size,
    slowMs,
  };
  try {
    let takesGoodOnes = true;
    for (const rule of RULES) {
      const { name, title } = rule;
      const finding: Finding = takesGoodOnes ? await rule.check(bench) : NOT_TRIED;
      if (rule === GOOD_SIGNATURE) takesGoodOnes = finding.verdict === 'pass';
      yield { name, title, ...finding };
    }
  } finally {
    await line.close();
  }
}

const NOT_TRIED: Finding = {
  verdict: 'warn',
  sent: 'nothing',
  // What refuses everything would seem to refuse rightly.
  received: 'nothing: it has to take a good signature first',
};
