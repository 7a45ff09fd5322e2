import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { TEST_SECRET } from './test-config';

/**
 * Writes a jobherald.yaml for a process that a test starts: on a task queue of its own, signing with `orders`, and
 * free to call loopback.
 */
export function writeConfig(
  folder: string,
  sections: Readonly<Record<string, object>> & {
    readonly temporal: {
      readonly address?: string;
      readonly namespace?: string;
      readonly retention?: string;
      readonly profile?: string;
      readonly tls?: boolean;
      readonly task_queue?: string;
      readonly deployment?: object;
    };
  },
  name = 'jobherald.yaml',
): void {
  const { temporal, ...others } = sections;
  const file = {
    temporal: { task_queue: `test-${randomUUID()}`, ...temporal },
    secrets: { orders: [TEST_SECRET] },
    network: { allow: ['127.0.0.0/8'] },
    ...others,
  };
  writeFileSync(join(folder, name), stringify(file));
}

/** A batch prediction job with a name of its own. */
export function anyJob(): string {
  const id = BigInt(`0x${randomUUID().replaceAll('-', '').slice(0, 12)}`);
  return `projects/123/locations/us-central1/batchPredictionJobs/${id}`;
}
