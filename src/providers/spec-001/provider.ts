import { isUuid } from '../../domain/uuid';
import { type Provider, ProviderError } from '../provider';
import { checkSpec001 } from './check';
import type { Spec001Config } from './config';

export const SPEC_001 = 'spec-001';

/** Nobody is asked, so the pace is nobody's. */
const NO_POLL = { firstMs: 600_000, factor: 1, maxMs: 600_000, lostAfterMs: 600_000 };

/** Jobs that report their state by SPEC-001 messages, from whichever program. There is no API to ask. */
export function createSpec001Provider(config: Spec001Config): Provider {
  const { stalled, track } = config;
  return {
    name: SPEC_001,
    poll: NO_POLL,
    unspecifiedState: 'PENDING',
    track,
    rules: {
      truth: 'messages',
      stalled: { grace_seconds: stalled.graceMs / 1000, fail_after: stalled.failAfter },
    },

    canonicalJobName(job) {
      if (isUuid(job)) return job.toLowerCase();
      throw new ProviderError(
        'invalid_job_name',
        `a job of ${SPEC_001} is named by its correlation id, a UUID such as f0f1a8b2-72d5-4b4e-a7c3-1c8a5b6a4d3e`,
      );
    },

    async getJobStatus() {
      throw new ProviderError('unsupported', `${SPEC_001} has no API to ask: its messages are the truth`);
    },

    check: () => checkSpec001(config),
    async close() {},
  };
}
