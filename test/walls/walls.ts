/** What the files of one room may import, besides each other. */
export interface Wall {
  /** A folder (ends in `/`) or a file; `*` stands for one name. The first wall that fits a file is its wall. */
  readonly room: string;
  /** Folders and files that it may import. */
  readonly mayImport?: readonly string[];
  /** Folders and files of which it may import types, and nothing that is loaded. */
  readonly mayImportTypesOf?: readonly string[];
  /** npm packages, by the beginning of their name; `node:` is all of Node's own. */
  readonly packages?: readonly string[];
}

/**
 * The import walls, those with the fewest doors first. ARCHITECTURE.md says what lives in each room and states the same
 * table; walls.test.ts compares both with every import there is. A door that nothing goes through is a fault as well.
 */
export const WALLS: readonly Wall[] = [
  { room: 'schemas/' },
  { room: 'src/domain/' },
  { room: 'src/formats/', mayImport: ['src/domain/', 'src/providers/*/format.ts'] },
  // Runs in the workflow, so nothing of its provider may come along.
  { room: 'src/providers/*/format.ts', mayImport: ['src/domain/'] },
  {
    room: 'src/providers/*/',
    mayImport: ['src/domain/', 'src/providers/provider.ts', 'src/brokers/', 'src/validation/'],
    mayImportTypesOf: ['schemas/', 'src/config/config.ts', 'src/providers/hint.ts', 'src/domain/jobherald-error.ts'],
    packages: ['node:', '@google-cloud/aiplatform', '@grpc/', 'google-gax', 'undici'],
  },
  {
    room: 'src/providers/registry.ts',
    mayImport: ['src/providers/*/provider.ts'],
    mayImportTypesOf: ['src/config/config.ts', 'src/providers/provider.ts'],
  },
  { room: 'src/providers/', mayImportTypesOf: ['src/domain/'] },
  {
    room: 'src/brokers/',
    mayImportTypesOf: ['src/config/config.ts'],
    packages: ['node:', '@platformatic/kafka', 'rabbitmq-client'],
  },
  {
    room: 'src/channels/',
    mayImport: ['src/domain/', 'src/brokers/'],
    mayImportTypesOf: ['src/config/config.ts'],
    packages: ['node:', 'undici'],
  },
  { room: 'src/receiver/', mayImport: ['src/domain/'], packages: ['node:crypto'] },
  {
    room: 'src/config/',
    mayImport: ['src/domain/', 'schemas/', 'src/formats/vocabulary.ts'],
    packages: ['node:', 'ajv', 'yaml'],
  },
  {
    room: 'src/submission/',
    mayImport: [
      'src/domain/',
      'src/formats/vocabulary.ts',
      'src/providers/provider.ts',
      'src/channels/webhook/guard/',
      'src/domain/jobherald-error.ts',
    ],
    mayImportTypesOf: ['schemas/', 'src/config/config.ts'],
    packages: ['node:crypto'],
  },
  {
    room: 'src/validation/',
    mayImport: ['src/domain/', 'schemas/', 'src/domain/jobherald-error.ts'],
    packages: ['ajv'],
  },
  {
    room: 'src/client/',
    mayImport: [
      'src/domain/',
      'src/formats/',
      'src/config/',
      'src/submission/',
      'src/providers/registry.ts',
      'src/temporal/connect-failure.ts',
      'src/temporal/connection-options.ts',
      'src/temporal/dial-client.ts',
      'src/validation/',
    ],
    mayImportTypesOf: ['schemas/', 'src/providers/provider.ts'],
    packages: ['node:crypto', '@grpc/grpc-js', '@temporalio/client', '@temporalio/common', '@temporalio/proto'],
  },
  {
    room: 'src/gateway/',
    mayImport: [
      'src/domain/',
      'schemas/',
      'src/validation/',
      'src/domain/jobherald-error.ts',
      'src/brokers/',
      'src/providers/*/hints.ts',
      'src/providers/*/pull/',
      'src/providers/*/read-message.ts',
      'src/providers/*/topics.ts',
      'src/receiver/verify-webhook.ts',
      'src/receiver/webhook-verification-error.ts',
    ],
    mayImportTypesOf: [
      'src/engine/jobs.ts',
      'src/engine/endpoints.ts',
      'src/engine/provider-inbox.ts',
      'src/engine/redeliveries.ts',
      'src/config/config.ts',
      'src/providers/hint.ts',
    ],
    packages: ['node:', 'fastify', 'jose', 'pino', 'prom-client'],
  },
  {
    room: 'src/logging/',
    mayImportTypesOf: ['src/config/config.ts'],
    packages: ['node:', 'pino', 'pino-pretty', '@temporalio/worker'],
  },
  {
    room: 'src/temporal/',
    mayImport: ['src/domain/', 'activities/'],
    mayImportTypesOf: ['src/config/config.ts'],
    packages: ['node:', '@temporalio/', 'prom-client'],
  },
  {
    room: 'src/conformance/',
    mayImport: ['src/domain/', 'src/formats/', 'src/channels/webhook/'],
    packages: ['node:', 'undici'],
  },
  {
    room: 'src/emulators/',
    mayImport: ['src/providers/'],
    packages: ['node:', '@grpc/grpc-js', '@grpc/proto-loader'],
  },
  {
    room: 'src/processes/',
    mayImport: ['src/'],
    mayImportTypesOf: ['activities/'],
    packages: ['node:', '@temporalio/client', '@temporalio/worker', 'fastify', 'pino', 'prom-client'],
  },
  {
    room: 'src/demo/',
    mayImport: ['src/'],
    mayImportTypesOf: ['schemas/'],
    packages: ['node:', '@google-cloud/aiplatform', '@grpc/grpc-js', 'yaml'],
  },
  {
    room: 'src/cli/',
    mayImport: ['src/'],
    mayImportTypesOf: ['schemas/'],
    packages: ['node:', 'commander', 'pino'],
  },
  {
    room: 'src/index.ts',
    mayImport: ['src/client/', 'src/config/config-error.ts', 'src/domain/'],
    mayImportTypesOf: ['schemas/'],
  },
  {
    room: 'activities/',
    mayImport: [
      'src/domain/',
      'src/providers/provider.ts',
      'src/config/endpoint-for.ts',
      'src/engine/pending-activities.ts',
      'src/engine/pending-deliveries.ts',
      'src/engine/endpoint-pauses.ts',
      'src/engine/notices.ts',
      'src/engine/temporal-errors.ts',
      'src/domain/jobherald-error.ts',
      'src/engine/redeliver-job.ts',
      'src/engine/run-deliveries.ts',
      'src/engine/start-redelivery.ts',
    ],
    mayImportTypesOf: ['src/channels/channel.ts', 'src/config/config.ts'],
    packages: [
      '@temporalio/activity',
      '@temporalio/client',
      '@temporalio/common',
      'node:async_hooks',
      'node:timers/promises',
    ],
  },
  {
    room: 'workflows/',
    mayImport: ['src/domain/', 'src/formats/'],
    mayImportTypesOf: ['activities/'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  { room: 'faults/plan/' },
  // Judges the program, so it shares nothing with it.
  { room: 'faults/checker/', packages: ['node:'] },
  {
    room: 'faults/',
    mayImport: [
      'faults/plan/',
      'faults/checker/',
      'src/emulators/',
      'src/receiver/',
      'src/temporal/dev-server/',
      'test/support/free-port.ts',
      'test/support/services/',
    ],
    mayImportTypesOf: ['src/temporal/log.ts'],
    packages: ['node:', '@grpc/grpc-js', '@platformatic/kafka', 'rabbitmq-client', 'yaml'],
  },
  // What a user can import, and nothing from behind it.
  {
    room: 'examples/*/',
    packages: ['node:', 'jobherald', '@google-cloud/', '@grpc/grpc-js', 'rabbitmq-client'],
  },
];
