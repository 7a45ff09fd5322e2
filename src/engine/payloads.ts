import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';

/**
 * The first of the payloads, by the client's own data converter; undefined where there is none.
 * @throws {ValueError} where it cannot be read
 */
export async function decodeFirst(client: Client, payloads: Payload[] | null | undefined): Promise<unknown> {
  return (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads?.slice(0, 1)))[0];
}

/** Some members of a memo. One that cannot be read is left out: in a list of many runs it must not hide the others. */
export async function decodeMemo(
  client: Client,
  memo: temporal.api.common.v1.IMemo | null | undefined,
  names: readonly string[],
): Promise<Record<string, unknown>> {
  const read: [string, unknown][] = [];
  for (const name of names) {
    const payload = memo?.fields?.[name];
    if (!payload) continue;
    await decodeFirst(client, [payload]).then(
      (value) => read.push([name, value]),
      () => undefined,
    );
  }
  return Object.fromEntries(read);
}
