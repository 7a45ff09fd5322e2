/** The systems that jobs may run at, by the name of their provider. */
export const SYSTEM_NAMES = ['vertex-ai', 'tencent-batch', 'monai', 'spec-001'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

/** What can be killed. */
export const VICTIMS = [
  'worker-1',
  'worker-2',
  'gateway-1',
  'gateway-2',
  'temporal',
  'postgresql',
  'kafka',
  'rabbitmq',
] as const;
export type Victim = (typeof VICTIMS)[number];
