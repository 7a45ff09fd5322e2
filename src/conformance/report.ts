import type { Grade } from './grade-receiver';
import type { Verdict } from './rule';

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

/** What only a person can judge does not count against the receiver. */
export function isPassed(grades: readonly Grade[]): boolean {
  return grades.every(({ verdict }) => verdict !== 'fail');
}
