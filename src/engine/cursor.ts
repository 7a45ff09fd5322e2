import { createHash } from 'node:crypto';
import { JobHeraldError } from '../domain/jobherald-error';

/** Enough to notice a slip; a cursor is no secret, and nobody gains anything by making one up. */
const CHECK_BYTES = 6;

/**
 * Temporal's page token as a text for URLs, with a check that ties it to its query. Temporal itself answers a token
 * that it cannot read as if it were ill, so that its client tries again for many seconds.
 */
export function writeCursor(token: Uint8Array, query: string | undefined): string {
  return Buffer.concat([check(token, query), token]).toString('base64url');
}

/** @throws {JobHeraldError} `bad_request` for a cursor that no page of this query has given */
export function readCursor(cursor: string, query: string | undefined): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(CHECK_BYTES);
  if (token.length === 0 || !bytes.subarray(0, CHECK_BYTES).equals(check(token, query))) {
    throw new JobHeraldError('bad_request', 'this cursor is of no page of this query; give next_cursor as it came');
  }
  return token;
}

function check(token: Uint8Array, query: string | undefined): Buffer {
  const text = query?.trim() ?? '';
  return createHash('sha256').update(`${text.length} ${text}`).update(token).digest().subarray(0, CHECK_BYTES);
}
