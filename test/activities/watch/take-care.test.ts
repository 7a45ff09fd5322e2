import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Dependencies } from '../../../activities/dependencies';
import { createTakeCare } from '../../../activities/watch/take-care';
import { testConfig } from '../../support/test-config';

/** Each of its calls takes for ever, as a count seems to do where Temporal limits visibility. */
function clientThatNeverAnswers(): { readonly client: Client; readonly asked: Promise<void> } {
  const asked = Promise.withResolvers<void>();
  const never = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const service = new Proxy({}, { get: () => never });
  const client = {
    options: { namespace: 'default' },
    workflowService: service,
    workflow: service,
    connection: service,
  };
  return { client: client as unknown as Client, asked: asked.promise };
}

test('the caretaker ends at once when its worker stops, whatever it waits for', async () => {
  const { client, asked } = clientThatNeverAnswers();
  const observe = { counts: () => {}, countsEnded: () => {} };
  const config = testConfig({ endpoints: [] });
  const dependencies = { client, config, providers: new Map(), observe } as unknown as Dependencies;
  const environment = new MockActivityEnvironment();
  const running = environment.run(createTakeCare(dependencies)).catch((error: Error) => error.message);
  await asked;

  environment.cancel('WORKER_SHUTDOWN');

  expect(await running).toContain('WORKER_SHUTDOWN');
});
