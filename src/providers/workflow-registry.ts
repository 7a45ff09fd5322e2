/**
 * What workflows run of the systems: one line for each that has a format of its own, named as the system is.
 * Nothing here, nor what it imports, may load `node:`, a configuration or a client.
 */
import type { EventFormat } from '../formats/format';
import { monaiFormat } from './monai/format';
import { spec001Format } from './spec-001/format';
import { tencentBatchFormat } from './tencent-batch/format';
import { vertexAiFormat } from './vertex-ai/format';

export const SYSTEM_FORMATS = {
  'vertex-ai': vertexAiFormat,
  'tencent-batch': tencentBatchFormat,
  monai: monaiFormat,
  'spec-001': spec001Format,
} satisfies Readonly<Record<string, EventFormat>>;

/** The shape in which the state of a job is reported whose provider has no status API. */
export { statusOfReport } from './spec-001/status-report';
