import type { SigningKey } from '../channels/webhook/sign';
import { formatDuration } from '../domain/duration';
import type { Format } from '../formats/vocabulary';
import { isAccepted, openConnection } from './connection';
import type { Effects } from './effects';
import type { Finding, Rule, RuleContext, Verdict } from './rule';
import { DUPLICATES } from './rules/duplicates';
import { GOOD_SIGNATURE, SIGNATURES, TIMESTAMPS } from './rules/signatures';
import { makeWebhook } from './webhook';

const ANSWER_FIRST = 'put the webhook into a table or queue of your own, answer, and do the work after that';

/** The last rule: it sends nothing. */
export const IN_TIME: Rule = {
  name: 'in-time',
  title: 'answers in time',
  async check({ replies, slowMs }) {
    const sent = `the ${replies.length} requests above`;
    const unanswered = replies.filter(({ kind }) => kind === 'fault').length;
    if (unanswered > 0)
      return { verdict: 'fail', sent, received: `${unanswered} without an answer`, advice: ANSWER_FIRST };
    const slowest = Math.max(...replies.map(({ ms }) => ms));
    const received = `the slowest answer in ${Math.round(slowest)} ms`;
    if (slowest <= slowMs) return { verdict: 'pass', sent, received };
    return {
      verdict: 'warn',
      sent,
      received,
      advice: `stay below ${formatDuration(Math.round(slowMs))}: ${ANSWER_FIRST}`,
    };
  },
};

/** Everything that is graded, in order. */
export const RULES: readonly Rule[] = [...SIGNATURES, ...TIMESTAMPS, ...DUPLICATES, IN_TIME];

export interface GradeOptions {
  readonly url: URL;
  /** The key that the receiver verifies with. */
  readonly key: SigningKey;
  readonly format: Format;
  readonly userAgent: string;
  /** For one request. */
  readonly timeoutMs: number;
  /** Answers that take longer are slow. Default: a third of `timeoutMs`. */
  readonly slowMs?: number;
  readonly effects?: Effects;
}

export type Grade = Pick<Rule, 'name' | 'title'> & Finding;

/**
 * Tests a receiver with real webhooks, one rule after another. What it accepts has its effect there: with a correct
 * receiver, the ends of six jobs that do not exist, labelled `jobherald-test`.
 * @throws {EffectsError}
 */
export async function* gradeReceiver(options: GradeOptions): AsyncGenerator<Grade> {
  const { url, timeoutMs, slowMs = timeoutMs / 3, effects } = options;
  // Fails before anything is sent if the effects URL is wrong.
  const effectsBefore = (await effects?.count()) ?? 0;
  const accepted = new Set<string>();
  const connection = openConnection(url, timeoutMs);
  const context: RuleContext = {
    key: options.key,
    make: (difference) => makeWebhook(options, difference),
    async send(webhook) {
      const reply = await connection.send(webhook);
      if (isAccepted(reply)) accepted.add(webhook.message.id);
      return reply;
    },
    replies: connection.replies,
    effects,
    effectsDue: () => effectsBefore + accepted.size,
    slowMs,
  };
  try {
    let acceptsGoodOnes = true;
    for (const rule of RULES) {
      const { name, title } = rule;
      const finding: Finding = acceptsGoodOnes ? await rule.check(context) : NOT_TRIED;
      if (rule === GOOD_SIGNATURE) acceptsGoodOnes = finding.verdict === 'pass';
      yield { name, title, ...finding };
    }
  } finally {
    await connection.close();
  }
}

const NOT_TRIED: Finding = {
  verdict: 'warn',
  sent: 'nothing',
  // A receiver that refuses everything would seem to refuse correctly.
  received: 'nothing: it has to accept a valid signature first',
};

const SIGN: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', warn: '!' };

/** One rule as a person reads it: what was sent, what came back, and below it what to do. */
export function gradeText({ verdict, title, sent, received, advice }: Grade): string {
  const line = `${SIGN[verdict]} ${title}: sent ${sent}; got ${received}`;
  return advice === undefined ? line : `${line}\n    → ${advice}`;
}

/** `14 rules: 11 kept, 1 broken, 2 to look at` */
export function summaryText(grades: readonly Grade[]): string {
  const count = (verdict: Verdict) => grades.filter((grade) => grade.verdict === verdict).length;
  const parts = [
    `${count('pass')} kept`,
    ...(count('fail') > 0 ? [`${count('fail')} broken`] : []),
    ...(count('warn') > 0 ? [`${count('warn')} to look at`] : []),
  ];
  return `${grades.length} rules: ${parts.join(', ')}`;
}

/** A warning, which a person has to judge, does not count against the receiver. */
export function isPassed(grades: readonly Grade[]): boolean {
  return grades.every(({ verdict }) => verdict !== 'fail');
}
