import { isTerminal } from '../src/domain/job-state';
import { UNKNOWN_JOB } from '../src/domain/status-watch';
import { ProviderError } from '../src/providers/provider';
import { askProvider } from './ask-provider';
import type { Promptness } from './deliver/promptness';
import type { Dependencies } from './dependencies';
import type { LateReports } from './late-report';
import type { Activities } from './types';
import { unanswered } from './unanswered';

/** Follows a hint: asks once. Reads only, so running it twice is harmless. */
export function createGetJobStatusNow(
  dependencies: Dependencies,
  promptness: Pick<Promptness, 'areAllPrompt'>,
  reports: Pick<LateReports, 'sendNow'>,
): Activities['getJobStatusNow'] {
  return async (question) => {
    let hasEnded = false;
    try {
      const status = await askProvider(question, dependencies);
      hasEnded = isTerminal(status.state);
      if (!('endpoints' in question)) return status; // a run of before
      const { by, endpoints } = question;
      return { status, by, endpoints_are_prompt: promptness.areAllPrompt(endpoints) };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Never tried again by itself: the run then lets the patient poll ask.
      const type = error.code === 'not_found' ? UNKNOWN_JOB : undefined;
      throw unanswered(error, { type, nonRetryable: true });
    } finally {
      if (!hasEnded) await reports.sendNow();
    }
  };
}
