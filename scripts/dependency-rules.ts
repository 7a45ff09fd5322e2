/** What the files of one folder may import, besides each other, schemas/ and what they only need the types of. */
export interface DependencyRule {
  /** A folder, or the entry file of a package; `*` stands for one name. The first rule that fits a file is its rule. */
  readonly folder: string;
  /** Folders of other rules; one that ends in `**` stands for all that begin so. */
  readonly imports?: readonly string[];
  /** Folders of which it may import types, and nothing that is loaded. */
  readonly types?: readonly string[];
  /** npm packages, by the beginning of their name; `node:` is all of Node's own. */
  readonly packages?: readonly string[];
}

const TEMPORAL_CLIENT = ['@temporalio/client', '@temporalio/common', '@temporalio/proto'];

/** The dependency rules, from the folders that know least to those that know all. ARCHITECTURE.md says what each is for. */
export const RULES: readonly DependencyRule[] = [
  { folder: 'schemas/' },
  { folder: 'src/domain/' },
  { folder: 'src/async/', packages: ['node:'] },
  { folder: 'src/http/', packages: ['node:'] },
  { folder: 'src/tracing/', imports: ['src/domain/', 'src/async/'], packages: ['@opentelemetry/', 'pino'] },
  { folder: 'src/formats/', imports: ['src/domain/', 'src/providers/'] },
  { folder: 'src/validation/', imports: ['src/domain/'], packages: ['ajv'] },
  // What users of the receiver load: no package at all.
  { folder: 'src/receiver/', imports: ['src/domain/'], packages: ['node:'] },
  {
    folder: 'src/brokers/',
    imports: ['src/async/'],
    types: ['src/config/'],
    packages: ['node:', '@platformatic/kafka', 'rabbitmq-client'],
  },
  {
    folder: 'src/channels/',
    imports: ['src/domain/', 'src/async/', 'src/brokers/', 'src/http/'],
    types: ['src/config/'],
    packages: ['node:', 'ipaddr.js'],
  },
  {
    folder: 'src/providers/*/',
    imports: [
      'src/domain/',
      'src/async/',
      'src/brokers/',
      'src/config/',
      'src/formats/',
      'src/http/',
      'src/providers/',
      'src/receiver/',
      'src/submission/',
      'src/validation/',
    ],
    types: ['src/engine/'],
    packages: ['node:', '@google-cloud/aiplatform', '@grpc/', 'ajv', 'google-gax', 'jose', 'pino', 'undici'],
  },
  {
    folder: 'src/providers/',
    imports: ['src/domain/', 'src/providers/*/'],
    types: ['src/config/', 'src/engine/', 'src/formats/'],
    packages: ['node:', 'pino', 'prom-client'],
  },
  {
    folder: 'src/config/',
    imports: ['src/domain/', 'src/channels/', 'src/formats/', 'src/providers/', 'src/validation/'],
    packages: ['node:', '@temporalio/envconfig', 'ajv', 'yaml'],
  },
  {
    folder: 'src/submission/',
    imports: ['src/domain/', 'src/formats/', 'src/channels/', 'src/providers/'],
    types: ['src/config/'],
    packages: ['node:'],
  },
  {
    folder: 'src/engine/',
    imports: ['src/domain/', 'src/async/', 'src/config/', 'src/formats/', 'src/providers/', 'src/submission/'],
    packages: ['node:', '@grpc/grpc-js', ...TEMPORAL_CLIENT],
  },
  {
    folder: 'src/client/',
    imports: [
      'src/domain/',
      'src/async/',
      'src/config/',
      'src/engine/',
      'src/http/',
      'src/providers/',
      'src/temporal/',
      'src/validation/',
    ],
    packages: TEMPORAL_CLIENT,
  },
  {
    folder: 'src/index.ts',
    imports: ['src/client/', 'src/config/', 'src/domain/'],
    types: ['src/engine/', 'src/providers/'],
  },
  {
    folder: 'src/gateway/',
    imports: ['src/domain/', 'src/async/', 'src/providers/', 'src/validation/'],
    types: ['src/config/', 'src/engine/', 'src/tracing/'],
    packages: ['node:', 'fastify', 'pino', 'prom-client'],
  },
  {
    folder: 'src/logging/',
    imports: ['src/config/', 'src/providers/'],
    packages: ['node:', '@temporalio/worker', 'pino', 'pino-pretty'],
  },
  {
    folder: 'src/temporal/',
    imports: ['src/domain/', 'src/async/', 'activities/'],
    types: ['src/config/'],
    packages: ['node:', '@grpc/grpc-js', '@temporalio/', 'prom-client'],
  },
  {
    folder: 'src/conformance/',
    imports: ['src/domain/', 'src/async/', 'src/formats/', 'src/channels/', 'src/http/', 'src/providers/'],
    packages: ['node:'],
  },
  {
    folder: 'src/processes/',
    imports: ['src/**'],
    types: ['activities/'],
    packages: ['node:', '@temporalio/', 'fastify', 'pino', 'prom-client'],
  },
  {
    folder: 'src/dev/',
    imports: ['src/**'],
    packages: ['node:', '@google-cloud/aiplatform', '@grpc/', '@temporalio/testing', 'yaml'],
  },
  { folder: 'src/cli/', imports: ['src/**'], packages: ['node:', 'commander', 'pino'] },
  {
    folder: 'activities/',
    imports: ['src/domain/', 'src/async/', 'src/config/', 'src/engine/', 'src/providers/'],
    types: ['src/channels/', 'src/tracing/'],
    packages: ['node:', '@temporalio/activity', '@temporalio/client', '@temporalio/common'],
  },
  {
    folder: 'workflows/',
    imports: ['src/domain/', 'src/formats/', 'src/providers/'],
    types: ['activities/'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  { folder: 'faults/plan/' },
  // Judges the program, so it shares nothing with it.
  { folder: 'faults/checker/', packages: ['node:'] },
  { folder: 'stack/', imports: ['src/dev/', 'src/receiver/', 'test/support/'], packages: ['node:', 'yaml'] },
  {
    folder: 'faults/',
    imports: ['faults/plan/', 'faults/checker/', 'src/dev/', 'src/receiver/', 'stack/', 'test/support/'],
    types: ['src/temporal/'],
    packages: ['node:', '@grpc/grpc-js', '@platformatic/kafka', 'rabbitmq-client', 'yaml'],
  },
  { folder: 'test/support/', imports: ['src/**', 'activities/', 'workflows/'], packages: [''] },
  // What a user can import.
  { folder: 'examples/*/', packages: ['node:', 'jobherald', '@google-cloud/', '@grpc/grpc-js', 'rabbitmq-client'] },
];

/** What a workflow loads, however far away, must be deterministic: no other packages, nothing of Node's, no configuration. */
export const IN_WORKFLOWS = {
  from: 'workflows/',
  packages: ['@temporalio/workflow', '@temporalio/common'],
  not: ['src/config/', 'src/engine/', 'activities/'],
} as const;
