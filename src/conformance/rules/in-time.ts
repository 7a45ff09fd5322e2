import { formatDuration } from '../../domain/duration';
import type { Rule } from '../rule';

const ADVICE = 'put the webhook into a table or queue of your own, answer, and do the work after that';

/** The last rule: it sends nothing. */
export const IN_TIME: Rule = {
  name: 'in-time',
  title: 'answers in time',
  async check({ replies, slowMs }) {
    const sent = `the ${replies.length} requests above`;
    const unanswered = replies.filter(({ kind }) => kind === 'fault').length;
    if (unanswered > 0) return { verdict: 'fail', sent, received: `${unanswered} without an answer`, advice: ADVICE };
    const slowest = Math.max(...replies.map(({ ms }) => ms));
    const received = `the slowest answer in ${Math.round(slowest)} ms`;
    if (slowest <= slowMs) return { verdict: 'pass', sent, received };
    return { verdict: 'warn', sent, received, advice: `stay below ${formatDuration(Math.round(slowMs))}: ${ADVICE}` };
  },
};
