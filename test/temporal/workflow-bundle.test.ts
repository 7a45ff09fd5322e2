import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm';
import { eventually } from '../support/eventually';
import { startRealRun } from '../support/real-run';
import { connectRealTemporal, type RealTemporal } from '../support/real-temporal';
import { startReceiver } from '../support/receiver';
import { SUCCEEDED, scriptedProvider } from '../support/scripted-provider';
import { workflows } from '../support/workflows';
import { changes, type LoadedModule, type ModuleState, moduleStateReader } from './module-state';

async function codeOf(bundle: WorkflowBundleOption): Promise<string> {
  return 'codePath' in bundle ? readFileSync(bundle.codePath, 'utf8') : bundle.code;
}

test('the workflows are loaded once per worker, before any run', async () => {
  const code = await codeOf(await workflows());
  const preloaded = /exports\.preloadModules = function preloadModules\(\) \{([^}]*)\}/.exec(code)?.[1];
  expect(preloaded).toMatch(/workflows\/index\.ts/);
  expect(preloaded).toMatch(/workflows\/interceptors\.ts/);
});

test('the workflows of a source tree need no helper of an older language, as the built ones', async () => {
  expect(await codeOf(await workflows())).not.toContain('function _object_spread(');
});

/**
 * All runs of a worker share the modules, so none may keep anything of a run. A debugger looks at all that they hold,
 * before, between and after two runs that are interleaved in one worker. In debug mode the workflows run in this thread.
 */
describe('what the modules of the workflows hold', () => {
  const reader = moduleStateReader();
  const created: ReusableVMWorkflowCreator[] = [];
  const create = ReusableVMWorkflowCreator.create;
  const ends: (() => Promise<void>)[] = [];
  let temporal: RealTemporal;

  beforeAll(async () => {
    process.env['TEMPORAL_DEBUG'] = '1';
    ReusableVMWorkflowCreator.create = async function (...options) {
      const creator = await create.apply(this, options);
      created.push(creator);
      return creator;
    } as typeof create;
    temporal = await connectRealTemporal();
  });

  afterAll(async () => {
    delete process.env['TEMPORAL_DEBUG'];
    ReusableVMWorkflowCreator.create = create;
    for (const end of ends) await end();
    reader[Symbol.dispose]();
    await temporal.close();
  });

  /** Looks into the worker that was created last. */
  const stateOf = async (bundle: WorkflowBundleOption, isOurs: (id: string) => boolean): Promise<() => ModuleState> => {
    const ids = [...(await codeOf(bundle)).matchAll(/^\/\*\*\*\/ "([^"]+)"/gm)].map(([, id]) => id as string);
    const { context } = created.at(-1) as unknown as {
      context: { __webpack_module_cache__: Record<string, LoadedModule> };
    };
    const loaded = ids.flatMap((id) => {
      const module = context.__webpack_module_cache__[id];
      return module === undefined ? [] : [{ id, exports: module.exports }];
    });
    return () => reader.read(loaded, isOurs);
  };

  it('is the same before, between and after two runs that are interleaved', async () => {
    const receiver = await startReceiver();
    const provider = scriptedProvider();
    const run = await startRealRun({ endpoints: [{ name: 'orders', url: receiver.url }], provider, temporal });
    ends.push(run.stop, receiver.close);
    const look = await stateOf(await workflows(), (id) => /^\.\/(?:workflows|src)\//.test(id));
    const before = look();
    const modules = [...before.keys()].filter((place) => place.endsWith('.ts'));
    expect(modules.length).toBeGreaterThan(40);
    expect(before.size).toBeGreaterThan(1000);

    const states: ModuleState[] = [];
    const first = await run.submit('orders');
    states.push(look());
    const second = await run.submit('orders');
    await run.jobs.heartbeat('scripted', first.job, { heartbeat_deadline_seconds: 60 });
    states.push(look());
    provider.says(SUCCEEDED);
    await run.jobs.complete('scripted', second.job);
    await second.handle.result();
    states.push(look());
    await run.jobs.complete('scripted', first.job);
    await first.handle.result();
    states.push(look());

    expect(states.map((state) => changes(before, state))).toEqual([[], [], [], []]);
  });

  it('is seen to change where a module keeps what a run has written', async () => {
    const workflowsPath = require.resolve('./keeps-state');
    const bundle = await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath] });
    const taskQueue = `test-${randomUUID()}`;
    const worker = await Worker.create({ connection: temporal.nativeConnection, taskQueue, workflowBundle: bundle });
    const running = worker.run();
    ends.push(async () => {
      worker.shutdown();
      await running;
    });
    const client = new Client({ connection: temporal.connection });
    const look = await stateOf(bundle, (id) => id.includes('keeps-state'));
    const before = look();

    await client.workflow.execute('keepsNothing', { taskQueue, workflowId: randomUUID(), args: ['a'] });
    expect(changes(before, look())).toEqual([]);

    const first = await client.workflow.start('keepsState', { taskQueue, workflowId: randomUUID(), args: ['first'] });
    await eventually('the first run has written', () => changes(before, look()).length > 0);
    const between = look();
    const named = (found: readonly string[]) => new Set(found.map((line) => /^\S+ (\w+)/.exec(line)?.[1]));
    const kinds = new Set(['count', 'names', 'list', 'next', 'numbers', '_held', 'weak', 'replaced']);
    expect(named(changes(before, between))).toEqual(kinds);

    const second = await client.workflow.start('keepsState', { taskQueue, workflowId: randomUUID(), args: ['second'] });
    await eventually('the second run has written', () => changes(between, look()).length > 0);
    expect(named(changes(between, look()))).toEqual(kinds);
    await Promise.all([first, second].map((handle) => handle.signal('go')));
    await Promise.all([first, second].map((handle) => handle.result()));
  });
});
