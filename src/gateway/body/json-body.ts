import { JobHeraldError } from '../../domain/jobherald-error';
import { assertStorable } from './assert-storable';

/**
 * Parses a body as JSON. An absent or empty body is `undefined`.
 * @throws {JobHeraldError} `bad_request` for anything that is not JSON in UTF-8, or JSON that cannot be kept as it is
 */
export function parseJson(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new JobHeraldError('bad_request', `The body is not JSON in UTF-8: ${whyNotJson(body, cause)}.`, { cause });
  }
  assertStorable(value);
  return value;
}

/** Names the mistakes that are made, without echoing the body: the parser's own words quote it. */
function whyNotJson(body: Buffer, cause: unknown): string {
  if (body[0] === 0x1f && body[1] === 0x8b) return 'it is compressed, send it as it is';
  if (cause instanceof TypeError) return 'it has bytes that are no UTF-8';
  const place = /position (\d+)/.exec((cause as Error).message)?.[1];
  return place === undefined ? 'check its quotes, commas and brackets' : `unexpected character at position ${place}`;
}
