import { ApplicationFailure } from '@temporalio/workflow';
import { defaultIdempotencyKey } from '../../src/domain/identity';
import type { JobInput } from '../../src/domain/job-run';

/**
 * Fills in what may be absent in an argument written by hand (the client fills in everything).
 * @throws {ApplicationFailure} `InvalidJobInput`: a run that cannot know its job or its endpoints fails at once
 */
export function checkInput(input: unknown): JobInput {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Partial<JobInput>;
  const { provider, job, subscriptions } = given;
  if (!provider || !job || typeof provider !== 'string' || typeof job !== 'string') {
    throw invalid('it needs {provider, job, subscriptions}, all as in JobInput; better use the jobherald client');
  }
  if (!Array.isArray(subscriptions)) {
    throw invalid('subscriptions is missing: a list of {endpoint, events, format}');
  }
  return {
    ...given,
    provider,
    job,
    subscriptions,
    idempotency_key: given.idempotency_key ?? defaultIdempotencyKey({ provider, job }),
    correlation_id: given.correlation_id ?? null,
    metadata: given.metadata ?? {},
    labels: given.labels ?? {},
  };
}

function invalid(what: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'InvalidJobInput',
    message: `this argument starts no job: ${what}`,
    nonRetryable: true,
  });
}
