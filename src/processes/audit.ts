import type { Config } from '../config/config';
import { AUDIT_RESULTS, type AuditedJob, auditJobs, mapTemporalErrors, mapTemporalRefusals } from '../engine';
import { createProviders } from '../providers/registry';
import type { Watching } from '../providers/watching';
import { watchingOf } from '../providers/watching-of';
import { createClient } from '../temporal/create-client';
import { connectWithin } from './reach-temporal';

export interface AuditRequest {
  readonly provider: string;
  /** [] for those of `track.scopes`. */
  readonly scopes: readonly string[];
  readonly sinceMs: number;
  /** Whether the endpoints of jobs that are notified are read, too. */
  readonly details: boolean;
  readonly repair: boolean;
}

export interface AuditReport {
  readonly provider: string;
  readonly scopes: readonly string[];
  /** RFC 3339. */
  readonly since: string;
  readonly counts: Readonly<Record<AuditedJob['result'], number>>;
  readonly jobs: readonly AuditedJob[];
}

/** What is asked for cannot be audited; nothing was begun. */
export class AuditRequestError extends Error {
  override readonly name = 'AuditRequestError';
}

const TEMPORAL_WITHIN_MS = 10_000;

/**
 * `jobherald audit`: each job of a provider that ended since then, held against Temporal.
 * @throws {AuditRequestError}
 * @throws {ProviderError} where the jobs cannot be listed
 */
export async function audit(config: Config, request: AuditRequest): Promise<AuditReport> {
  const providers = createProviders(config, { warn: () => undefined });
  try {
    const provider = providers.get(request.provider);
    if (!provider)
      throw new AuditRequestError(
        `provider ${request.provider} is not known; there is ${[...providers.keys()].join(', ')}`,
      );
    const watching = watchingOf(provider);
    if (!watching || !canList(watching))
      throw new AuditRequestError(`the jobs of ${provider.name} cannot be listed, so there is nothing to audit`);
    const scopes = scopesOf(watching, request);
    const since = Date.now() - request.sinceMs;
    const connection = await connectWithin(config.temporal, TEMPORAL_WITHIN_MS);
    try {
      const client = createClient(connection, config.temporal);
      const { details, repair } = request;
      const signal = new AbortController().signal;
      const options = { client, config, providers, provider, watching, scopes, since, details, repair, signal };
      const jobs = await mapTemporalRefusals(() => mapTemporalErrors(() => auditJobs(options)));
      return { provider: provider.name, scopes, since: new Date(since).toISOString(), counts: countsOf(jobs), jobs };
    } finally {
      await connection.close();
    }
  } finally {
    await Promise.allSettled([...providers.values()].map((provider) => provider.close()));
  }
}

function canList(watching: Watching): watching is Watching & Required<Pick<Watching, 'list'>> {
  return watching.list !== undefined;
}

function scopesOf(watching: Watching, { provider, scopes }: AuditRequest): readonly string[] {
  if (scopes.length === 0) {
    if (watching.tracked.scopes.length > 0) return watching.tracked.scopes;
    throw new AuditRequestError(`name a scope, or set track.scopes of ${provider} in the configuration`);
  }
  const read = scopes.map((text) => {
    const result = watching.readScope?.(text) ?? { scope: text };
    if ('fault' in result) throw new AuditRequestError(`scope ${text}: ${result.fault}`);
    return result.scope;
  });
  return [...new Set(read)];
}

function countsOf(jobs: readonly AuditedJob[]): AuditReport['counts'] {
  const count = (result: AuditedJob['result']) => jobs.filter((job) => job.result === result).length;
  return Object.fromEntries(AUDIT_RESULTS.map((result) => [result, count(result)])) as AuditReport['counts'];
}
