/**
 * The benchmarks: `npm run bench`, or `npm run bench -- delivery` for one of them.
 * What is reported is a ratio of two ways of one run, in interleaved rounds wherever time matters; the last line is JSON.
 */
import { benchDelivery } from './delivery';
import { benchHistory } from './history';
import { benchIngress } from './ingress';
import { benchIsolation } from './isolation';
import { benchMemory } from './memory';
import { benchRedelivery } from './redelivery';
import { benchSpec001 } from './spec-001';
import { benchSweeping } from './sweeping';
import { benchThroughput } from './throughput';
import { benchVerification } from './verification';
import { benchWatching } from './watching';

const BENCHES = {
  throughput: benchThroughput,
  history: benchHistory,
  ingress: benchIngress,
  redelivery: benchRedelivery,
  delivery: benchDelivery,
  verification: benchVerification,
  isolation: benchIsolation,
  memory: benchMemory,
  watching: benchWatching,
  sweeping: benchSweeping,
  'spec-001': benchSpec001,
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const results: Record<string, unknown> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    results[name] = await bench();
  }
  process.stdout.write(`${JSON.stringify(results)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
