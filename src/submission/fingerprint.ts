import { createHash } from 'node:crypto';
import type { Submission } from '../../schemas/types';
import { canonicalJson } from './canonical-json';

/**
 * SHA-256 of what a submission asks for, whatever the order of its members and whatever its key:
 * distinguishes "the same again" from a conflict.
 * @param job the canonical name, so that two spellings of one job are the same submission
 */
export function submissionFingerprint({ idempotency_key: _, ...body }: Submission, job: string): string {
  return createHash('sha256')
    .update(canonicalJson({ ...body, job }))
    .digest('hex');
}
