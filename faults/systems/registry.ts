import type { SystemName } from '../plan/names';
import type { OpenSystem } from './system';
import { openVertexAi } from './vertex-ai';

/** One line for each system that jobs can be run at, or why they cannot yet. */
export const SYSTEMS: Readonly<Record<SystemName, OpenSystem | { readonly notRun: string }>> = {
  'vertex-ai': openVertexAi,
  'tencent-batch': { notRun: 'this build has no such provider' },
  monai: { notRun: 'this build has no such provider' },
  'spec-001': { notRun: 'this build has no such provider' },
};
