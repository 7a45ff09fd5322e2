import type { BulkRedeliveryRequest } from '../../schemas/types';
import type { Config } from '../config/config';
import type { BulkOrder } from '../domain/bulk-redelivery';
import { type Fault, JobHeraldError } from '../domain/jobherald-error';
import { parseRfc3339 } from '../domain/rfc3339';
import { INLINE_ENDPOINT } from '../domain/subscription';

/** Careful with a receiver that has just come back, and still 10,000 in under four minutes. */
const DEFAULT_MAX_RATE = 50;

/**
 * What a request asks for, with every default filled in and its times in UTC.
 * @throws {JobHeraldError} `unprocessable` with every fault
 */
export function bulkOrder(request: BulkRedeliveryRequest, config: Config): BulkOrder {
  const { endpoint = null, status = null, dry_run = false, max_rate = DEFAULT_MAX_RATE } = request;
  const since = parseRfc3339(request.since);
  const until = parseRfc3339(request.until);
  const faults: Fault[] = [];

  if (!since) faults.push({ pointer: '/since', detail: NO_TIME });
  if (!until) faults.push({ pointer: '/until', detail: NO_TIME });
  if (since && until && since >= until) faults.push({ pointer: '/since', detail: 'must be before until' });
  if (endpoint !== null && !INLINE_ENDPOINT.test(endpoint) && !config.endpoints.some(({ name }) => name === endpoint)) {
    const known = config.endpoints.map(({ name }) => name).join(', ') || 'none';
    const detail = `endpoint ${endpoint} is not configured; configured endpoints: ${known}`;
    faults.push({ pointer: '/endpoint', detail });
  }
  if (!since || !until || faults.length > 0) {
    const message = faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
    throw new JobHeraldError('unprocessable', message, { faults });
  }
  return { endpoint, since: since.toISOString(), until: until.toISOString(), status, dry_run, max_rate };
}

const NO_TIME = 'must be an RFC 3339 time, like 2026-11-22T14:30:00Z';
