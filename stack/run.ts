/**
 * `npm run stack`: what docker-compose.yml runs, on a machine without a container engine. `-- --help` has its options.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { builtBin } from '../test/support/jobherald';
import { openStack, type Stack } from './open-stack';
import { withVariables } from './variables';

const USAGE = `npm run stack -- [options]
  --directory DIR  where data, configuration and logs are kept, and go on from; default: a new one, removed at the end
  --free-ports     any free ports, in place of 8080, 8233 and 7233
  --only A,B       services of docker-compose.yml, in place of all
  --build          only makes the programs that are needed: Temporal's server and Web UI, built with Go, and this one
Variables are those of docker-compose.yml; what it demands and nobody gives is made and kept in DIR/.env.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string' },
      'free-ports': { type: 'boolean', default: false },
      only: { type: 'string' },
      build: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const began = Date.now();
  const directory = resolve(values.directory ?? mkdtempSync(join(tmpdir(), 'jobherald-stack-')));
  const remove = () => {
    if (values.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  let stack: Stack | undefined;
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve());
  const env = withVariables(process.env, directory);
  try {
    builtBin();
    stack = await openStack({
      directory,
      env,
      freePorts: values['free-ports'],
      ...(values.only !== undefined && { only: values.only.split(',') }),
      say,
    });
    if (values.build) return say('everything that is needed is there');
    await Promise.race([stack.up(), stopped.promise]);
    const at = (name: string, what: string) => (stack?.services.some((each) => each.name === name) ? [what] : []);
    const lines = [
      `ready after ${((Date.now() - began) / 1_000).toFixed(1)} s`,
      ...at(
        'gateway',
        `  gateway   http://127.0.0.1:${stack.port(8080)}, its token is JOBHERALD_TOKEN of ${directory}/.env`,
      ),
      ...at('temporal-ui', `  Web UI    http://127.0.0.1:${stack.port(8233)}`),
      ...at('temporal', `  Temporal  127.0.0.1:${stack.port(7233)}`),
      `  logs      ${directory}/*.log`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    await stopped.promise;
  } finally {
    for (const { name, peakBytes } of stack?.services ?? []) {
      const peak = peakBytes();
      if (peak !== undefined) say(`${name} had at most ${Math.round(peak / 2 ** 20)} MiB`);
    }
    await stack?.stop();
    remove();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
