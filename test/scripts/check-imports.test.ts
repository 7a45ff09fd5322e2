import { allImports, importsIn, isAllowed, notForWorkflows, ruleOf } from '../../scripts/check-imports';
import { RULES } from '../../scripts/dependency-rules';

const imports = allImports();
const say = ({ from, to }: { readonly from: string; readonly to: string }) => `${from} imports ${to}`;

test('every source file has a rule', () => {
  const files = [...new Set(imports.map(({ from }) => from))];
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !ruleOf(file))).toEqual([]);
});

test('every import is allowed', () => {
  expect(imports.filter((each) => !isAllowed(each)).map(say)).toEqual([]);
});

test('workflows load nothing, directly or not, that is not deterministic', () => {
  expect(notForWorkflows(imports).map(say)).toEqual([]);
});

test.each([
  ['src/formats/standard.ts', "import { hostname } from 'node:os'"],
  ['src/domain/event.ts', "import { loadConfig } from '../config/load-config'"],
])('workflows may not load what %s would: %s', (from, text) => {
  const more = [...importsIn('workflows/index.ts', `import '../${from.slice(0, -3)}'`), ...importsIn(from, text)];
  expect(notForWorkflows([...imports, ...more])).toHaveLength(1);
});

test('no rule allows a folder that nothing imports', () => {
  const unused = RULES.filter(({ folder }) => folder !== 'test/support/').flatMap((rule) =>
    [...(rule.imports ?? []), ...(rule.types ?? [])]
      .filter((target) => !target.endsWith('**'))
      .filter((target) => !imports.some(({ from, to }) => ruleOf(from) === rule && ruleOf(to)?.folder === target))
      .map((target) => `${rule.folder} → ${target}`),
  );
  expect(unused).toEqual([]);
});

test.each([
  ['schemas/types.ts', "import '../src/domain/event'"],
  ['src/domain/event.ts', "import { createHash } from 'node:crypto'"],
  ['src/domain/event.ts', "import type { Config } from '../config/config'"],
  ['src/domain/event.ts', "export * from 'ajv'"],
  ['src/formats/standard.ts', "import { hostname } from 'node:os'"],
  ['src/providers/vertex-ai/provider.ts', "import { createTencent } from '../tencent-batch/provider'"],
  ['src/providers/provider.ts', "import { JobHerald } from '../client/jobherald'"],
  ['src/brokers/kafka/cluster.ts', "import { loadConfig } from '../../config/load-config'"],
  ['src/channels/webhook/sign.ts', "import { loadConfig } from '../../config/load-config'"],
  ['src/channels/webhook/sign.ts', "import axios from 'axios'"],
  ['src/receiver/verify-webhook.ts', "import { request } from 'undici'"],
  ['src/config/load-config.ts', "import { createEngine } from '../engine/engine'"],
  ['src/submission/fingerprint.ts', "import { createEngine } from '../engine/engine'"],
  ['src/engine/engine.ts', "import { JobHerald } from '../client/jobherald'"],
  [
    'src/client/jobherald.ts',
    "const { Worker } = require('@temporalio/worker') as typeof import('@temporalio/worker')",
  ],
  ['src/client/jobherald.ts', "import { createServer } from '../gateway/server'"],
  ['src/gateway/server.ts', "import { Client } from '@temporalio/client'"],
  ['src/gateway/server.ts', "import { createEngine } from '../engine/engine'"],
  ['src/gateway/server.ts', "import { createVertexAiProvider } from '../providers/vertex-ai/provider'"],
  ['src/temporal/setup.ts', "import { createGateway } from '../gateway/server'"],
  ['src/processes/worker.ts', "import { createActivities } from '../../activities'"],
  ['src/cli/main.ts', "import { job } from '../../workflows'"],
  ['activities/deliver/deliver.ts', "import { send } from '../../src/channels/webhook/webhook-channel'"],
  ['activities/deliver/deliver.ts', "import { job } from '../../workflows'"],
  ['workflows/index.ts', "import { createActivities } from '../activities'"],
  ['workflows/index.ts', "const late = await import('../src/config/load-config')"],
  ['workflows/index.ts', "import { randomUUID } from 'node:crypto'"],
  ['faults/plan/plan.ts', "import { NAMESPACE } from '../../src/domain/identity'"],
  ['faults/checker/check.ts', "import { NAMESPACE } from '../../src/domain/identity'"],
  ['faults/run.ts', "import { createEngine } from '../src/engine/engine'"],
  ['examples/receiver/receiver.js', "const { verifyWebhook } = require('../../src/receiver')"],
])('%s may not have: %s', (from, text) => {
  expect(importsIn(from, text).some((each) => !isAllowed(each))).toBe(true);
});

test.each([
  ['src/domain/event.ts', "import type { JobState } from './job-state'"],
  ['src/providers/vertex-ai/hints/message.ts', "import { canonicalJobName } from '../job-name'"],
  ['workflows/index.ts', "import type { Activities } from '../activities'"],
  ['workflows/index.ts', "import { type Activities } from '../activities'"],
  ['examples/receiver/receiver.js', "const { verifyWebhook } = require('jobherald/receiver')"],
])('%s may have: %s', (from, text) => {
  const found = importsIn(from, text);
  expect(found).toHaveLength(1);
  expect(found.filter((each) => !isAllowed(each))).toEqual([]);
});
