import type { CallbackAnswer } from '../../src/domain/job-messages';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import type { ProviderInbox } from '../../src/engine';

/** What came in, in order: the method and its arguments. */
export type InboxCall = {
  [M in keyof ProviderInbox]: { readonly method: M; readonly args: Parameters<ProviderInbox[M]> };
}[keyof ProviderInbox];

export interface FakeInbox extends ProviderInbox {
  readonly calls: readonly InboxCall[];
  /** Makes every method fail with this until it is undefined again. */
  failWith(error: unknown): void;
  /** What the next callbacks are answered. Default: recorded. */
  answerCallbacks(answer: CallbackAnswer): void;
  /** Jobs of which there is no run: whatever is about them is refused as `job_not_found`. */
  readonly unknown: Set<string>;
}

/** {@link ProviderInbox} in memory, for tests of what stands in front of it. */
export function createFakeInbox(): FakeInbox {
  const calls: InboxCall[] = [];
  const tracked = new Set<string>();
  const unknown = new Set<string>();
  let failure: unknown;
  let answer: CallbackAnswer = { effect: 'recorded' };

  const take = (call: InboxCall, job?: string): void => {
    if (failure !== undefined) throw failure;
    if (job !== undefined && unknown.has(job)) throw new JobHeraldError('job_not_found', `There is no run of ${job}.`);
    calls.push(call);
  };
  return {
    calls,
    unknown,
    failWith: (error) => {
      failure = error;
    },
    answerCallbacks: (next) => {
      answer = next;
    },
    async track(...args) {
      take({ method: 'track', args });
      const id = `${args[0].provider}/${args[0].job}`;
      const created = !tracked.has(id);
      tracked.add(id);
      return { created };
    },
    async report(...args) {
      take({ method: 'report', args }, args[1]);
    },
    async heartbeat(...args) {
      take({ method: 'heartbeat', args }, args[1]);
    },
    async passOn(...args) {
      take({ method: 'passOn', args }, args[1]);
    },
    async passOnWithoutJob(...args) {
      take({ method: 'passOnWithoutJob', args });
    },
    async callback(...args) {
      take({ method: 'callback', args }, args[1]);
      return answer;
    },
  };
}
