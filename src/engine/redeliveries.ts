import type { BulkRedelivery, BulkRedeliveryRequest } from '../../schemas/types';

/** Redelivering many jobs at once, straight to Temporal or over HTTP. Methods throw {@link JobHeraldError}. */
export interface Redeliveries {
  /**
   * Begins to make the settled deliveries of many jobs again. Resolves once it is safe in Temporal; it then goes on by
   * itself, over any restart. The same `idempotency_key` again finds the same one.
   */
  start(request: BulkRedeliveryRequest): Promise<BulkRedelivery>;
  /** How far it has come. */
  get(id: string): Promise<BulkRedelivery>;
}
