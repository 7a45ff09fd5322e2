import { JobHeraldError } from '../../../domain/jobherald-error';
import { readJson } from '../../../domain/json';
import { assertStorable } from '../../../validation/json-body';

/** A callback's metadata is kept several times over by its run; no executor's message is nearly as long. */
const MAX_BYTES = 256 * 1024;

/** Why a message cannot be stored, whatever it says; undefined if it can. Whether it is JSON is for its reader to say. */
export function bodyFault(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_BYTES) return `the body has ${bytes.length} bytes; at most 256 KiB are taken`;
  try {
    assertStorable(readJson(bytes));
    return undefined;
  } catch (error) {
    return error instanceof JobHeraldError ? error.message : undefined;
  }
}
