/**
 * Draws ratios with their spread: `node --require ./scripts/typescript-hook.js bench/chart.ts < results.json`, where
 * `results.json` is the last line of `npm run bench`, writes docs/images/benchmarks.svg. What is not in it is not drawn.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spread } from './statistics';

const OUT = join(__dirname, '../docs/images/benchmarks.svg');

interface Bar {
  readonly label: string;
  readonly ratio: number;
  /** Where half of the rounds, or nine of ten such runs, lie. */
  readonly from: number;
  readonly to: number;
  /** Absent where nothing is asked for. */
  readonly goal?: { readonly is: 'at least' | 'at most'; readonly ratio: number } | undefined;
}

type Pooled = { readonly ratio: number; readonly ninety_percent: readonly [number, number] };
// biome-ignore lint/suspicious/noExplicitAny: the results of whichever benchmarks were run
type Results = any;

function barsOf({ throughput, ingress }: Results): Bar[] {
  const ofSpread = (label: string, { median, half }: Spread, goal?: Bar['goal']): Bar => ({
    label,
    ratio: median,
    from: half[0],
    to: half[1],
    goal,
  });
  const ofPooled = (label: string, { ratio, ninety_percent: [from, to] }: Pooled, goal: Bar['goal']): Bar => ({
    label,
    ratio,
    from,
    to,
    goal,
  });
  const atMost = { is: 'at most', ratio: 1.5 } as const;
  return [
    ...(throughput
      ? [
          ofSpread('whole runs per second, to bare', throughput.one_to_bare.runs_per_second, {
            is: 'at least',
            ratio: 0.8,
          }),
          ofPooled('hint to webhook, p50, to bare', throughput.latency_ours_to_bare.p50, atMost),
          ofPooled('hint to webhook, p99, to bare', throughput.latency_ours_to_bare.p99, atMost),
          ofSpread('server CPU, ten endpoints to one', throughput.ten_to_one.server_cpu, atMost),
        ]
      : []),
    ...(ingress ? [ofSpread('hints per second, to bare signals', ingress.ours_to_bare.hints_per_second)] : []),
  ];
}

const LEFT = 260;
const SCALE = 200; // px for a ratio of 1
const ROW = 34;

function draw(bars: readonly Bar[]): string {
  const height = bars.length * ROW + 50;
  const x = (ratio: number) => (LEFT + ratio * SCALE).toFixed(1);
  const rows = bars.map(({ label, ratio, from, to, goal }, i) => {
    const y = 30 + i * ROW;
    return [
      `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${label}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${(ratio * SCALE).toFixed(1)}" height="18" fill="#4a7ebb"/>`,
      `<line x1="${x(from)}" x2="${x(to)}" y1="${y + 9}" y2="${y + 9}" stroke="#1b2a41" stroke-width="2"/>`,
      ...(goal
        ? [
            `<line x1="${x(goal.ratio)}" x2="${x(goal.ratio)}" y1="${y - 4}" y2="${y + 22}" stroke="#c0392b" stroke-dasharray="3 2"/>`,
          ]
        : []),
      `<text x="${x(Math.max(ratio, to, goal?.ratio ?? 0) + 0.04)}" y="${y + 13}">${ratio}${goal ? ` (${goal.is} ${goal.ratio})` : ''}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="${height}" font-family="sans-serif" font-size="13">`,
    '<title>Ratios of the benchmarks, with their spread</title>',
    `<rect width="800" height="${height}" fill="#ffffff"/>`,
    `<line x1="${x(1)}" x2="${x(1)}" y1="18" y2="${height - 20}" stroke="#999999"/>`,
    `<text x="${x(1)}" y="14" text-anchor="middle">1</text>`,
    ...rows,
    `<text x="${LEFT}" y="${height - 4}" fill="#555555">bar: median · line: spread · dashed: what is needed</text>`,
    '</svg>\n',
  ].join('\n');
}

writeFileSync(OUT, draw(barsOf(JSON.parse(readFileSync(0, 'utf8')))));
