const { globalSetup, globalTeardown, ...everything } = require('./jest.config.js');

/**
 * What `npm run test:fast` leaves out: tests that need a service or a process of their own, and those that take seconds.
 * Where a test that needs a service is missing here, it fails and says that jest runs without test/support/global-setup.ts.
 */
const LEFT_OUT = [
  // whole folders
  '(bench|cli|deploy|dev|engine|examples|faults|fuzz|processes|replay|stack|temporal|web-ui)/',
  'workflows/(?!next-step)',
  'receiver/(crash|stores)/',
  'providers/[^/]+/(consumer|pull)/',
  'channels/(kafka|rabbitmq)/',
  // with a real Temporal, Kafka or Vertex AI emulator
  'client/jobherald',
  'brokers/kafka/consume-topic',
  'providers/(tencent-batch/end-to-end|spec-001/provider|vertex-ai/(provider|clients))',
  // with a process
  'channels/webhook/webhook-channel-environment',
  'docs/tutorial',
  'receiver/create-receiver',
  'schemas/schemas',
  // long searches
  'conformance/grade-receiver',
  'gateway/body/fuzz',
  'channels/webhook/guard/guard-url',
  'providers/(http|monai)/provider',
];

/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  testPathIgnorePatterns: LEFT_OUT.map((path) => `<rootDir>/test/${path}`),
};
