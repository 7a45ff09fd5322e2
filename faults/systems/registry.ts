import type { SystemName } from '../plan/names';
import { openMonai } from './monai';
import { openSpec001 } from './spec-001';
import type { OpenSystem } from './system';
import { openTencentBatch } from './tencent-batch';
import { openVertexAi } from './vertex-ai';

/** One line for each system that jobs can be run at, or why they cannot yet. */
export const SYSTEMS: Readonly<Record<SystemName, OpenSystem | { readonly notRun: string }>> = {
  'vertex-ai': openVertexAi,
  'tencent-batch': openTencentBatch,
  monai: openMonai,
  'spec-001': openSpec001,
};
