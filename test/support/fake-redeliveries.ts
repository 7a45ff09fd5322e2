import type { BulkRedelivery, BulkRedeliveryRequest } from '../../schemas/types';
import { JobHeraldError } from '../../src/domain/jobherald-error';
import type { Redeliveries } from '../../src/engine';

const ID = '5f0c8a52-94c4-5d7f-9b2e-3a2f3c1d0e11';

export interface FakeRedeliveries extends Redeliveries {
  readonly requests: readonly BulkRedeliveryRequest[];
  /** What the next answers say of it. */
  progress(more: Partial<BulkRedelivery>): void;
}

/** {@link Redeliveries} in memory, for tests of what stands in front of them: one, as soon as it is started. */
export function createFakeRedeliveries(): FakeRedeliveries {
  const requests: BulkRedeliveryRequest[] = [];
  let more: Partial<BulkRedelivery> = {};

  const view = (id: string): BulkRedelivery => {
    const request = requests.at(-1);
    if (!request || id !== ID) throw new JobHeraldError('not_found', `no bulk redelivery ${id}`);
    return {
      id,
      state: 'running',
      dry_run: request.dry_run ?? false,
      endpoint: request.endpoint ?? null,
      since: request.since,
      until: request.until,
      status: request.status ?? null,
      max_rate: request.max_rate ?? 50,
      matched: 0,
      redelivered: 0,
      skipped: 0,
      failed: 0,
      last_error: null,
      started_at: '2026-01-01T00:00:00.000Z',
      ended_at: null,
      links: { web_ui: 'http://127.0.0.1:8233' },
      ...more,
    };
  };
  return {
    requests,
    progress: (next) => {
      more = next;
    },
    start: async (request) => {
      requests.push(request);
      return view(ID);
    },
    get: async (id) => view(id),
  };
}
