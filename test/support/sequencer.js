const { statSync } = require('node:fs');
const { sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Test files that start several processes of their own, with about how many seconds each takes (it need not be exact). Two of
 * them at a time leave a small machine so little for each that a process takes a minute to start; Jest would begin with them
 * all, since they are among the largest files.
 */
const MANY_PROCESSES = new Map([
  ['faults/run', 200],
  ['docs/runbooks-run', 120],
  ['faults/soak', 110],
  ['dev/start-dev', 90],
  ['processes/stop', 80],
  ['web-ui/web-ui', 80],
  ['processes/worker', 70],
  ['upgrade/rehearsal', 55],
  ['processes/spec-001', 50],
  ['providers/monai/consumer/broker-killed', 50],
  ['dev/demo/demo', 45],
  ['deploy/image', 45],
  ['channels/kafka/kafka-channel-faults', 40],
  ['cli/setup-and-check', 40],
  ['receiver/crash/crash', 35],
  ['processes/profile', 30],
  ['processes/codec', 30],
  ['dev/temporal-server/start-dev-server', 30],
  ['deploy/monitoring', 25],
  ['deploy/prometheus', 25],
  ['stack/stack', 25],
  ['processes/gateway', 25],
  ['packages/packages', 25],
  ['docs/tutorial', 25],
  ['processes/tracing', 20],
]);

/** Spreads them over the run: after each come as many others as take about as long, in Jest's order, by their size. */
module.exports = class SpreadHeavyTests extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const heavy = sorted.filter((test) => secondsOf(test) > 0).sort((a, b) => secondsOf(b) - secondsOf(a));
    const others = sorted.filter((test) => secondsOf(test) === 0);
    const bytesPerSecond = sum(others, sizeOf) / sum(heavy, secondsOf);
    const spread = [];
    let bytesDue = 0;
    for (const test of heavy) {
      spread.push(test);
      bytesDue += secondsOf(test) * bytesPerSecond;
      while (bytesDue > 0 && others.length > 0) {
        const other = others.shift();
        spread.push(other);
        bytesDue -= sizeOf(other);
      }
    }
    return [...spread, ...others];
  }
};

function secondsOf({ path, context }) {
  const file = path.slice(`${context.config.rootDir}/test/`.length).replaceAll(sep, '/');
  return MANY_PROCESSES.get(file.replace(/\.test\.ts$/, '')) ?? 0;
}

function sizeOf({ path }) {
  return statSync(path).size;
}

function sum(tests, of) {
  return tests.reduce((total, test) => total + of(test), 0);
}
