import type { Spec001Status } from '../../../schemas/types';
import { JobHeraldError } from '../../domain/jobherald-error';
import { spec001Faults } from './faults';

/** The body of `POST …/status`: the data of a STATUS without its message. */
export const statusReport = {
  /** The name of its schema. */
  schema: 'Spec001Status',
  description: '`data` of a SPEC-001 STATUS',
  read: readStatusReport,
} as const;

/** Completes a message whose data alone is validated. */
const META = {
  idempotency_key: '00000000-0000-0000-0000-000000000000',
  correlation_id: '00000000-0000-0000-0000-000000000000',
  source: { application: '', version: '', environment_type: '' },
  version: '1.1.0',
};

/** `data` of a SPEC-001 STATUS, with the sender's idempotency key. */
export type StatusReport = Spec001Status & { readonly idempotency_key?: string };

/**
 * Validates `data` of a STATUS that was sent without its message.
 * @throws {JobHeraldError} `unprocessable` with the faults and their pointers
 */
function readStatusReport(body: unknown): StatusReport {
  const found = spec001Faults({ meta: META, data: body });
  const faults = found.map(({ pointer, detail }) => ({ pointer: pointer.slice('/data'.length), detail }));
  const data = body as StatusReport;
  if (faults.length === 0 && data.notification_type !== 'STATUS') {
    faults.push({ pointer: '/notification_type', detail: 'must be STATUS; a heartbeat goes to …/heartbeat' });
  }
  const [first] = faults;
  if (first === undefined) return data;
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more, see errors)` : '';
  throw new JobHeraldError('unprocessable', `${first.pointer || 'The body'} ${first.detail}${rest}.`, { faults });
}
