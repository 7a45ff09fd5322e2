import { readYaml } from '../../src/config/read-yaml';
import { faultsOf } from './faults-of';

describe('readYaml', () => {
  it('takes a key with nothing behind it for one that was left out', () => {
    expect(readYaml('gateway:\n  # port: 1\nworker: { port: ~, host: a }')).toEqual({ worker: { host: 'a' } });
  });

  it('knows anchors', () => {
    expect(readYaml('a: &x { b: 1 }\nc: *x')).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  it('reports a syntax error with its line, on one line', () => {
    const faults = faultsOf('gateway:\n  port: 1\n  port: 2\n');
    expect(faults).toEqual({ '/': expect.stringMatching(/^line 3, column \d+: not YAML: .*unique.*$/) });
  });

  it('never quotes the file in a syntax error', () => {
    expect(faultsOf('secrets: { orders: ["whsec_hunter2 }')['/']).not.toContain('hunter2');
  });

  it('quotes the file in no warning of Node either', async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error) => void warnings.push(message);
    process.on('warning', listen);
    readYaml('? [whsec_hunter2]\n: 1');
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('refuses aliases that unfold without end', () => {
    const bomb = Array.from({ length: 12 }, (_, n) => `a${n}: &a${n} [${Array(9).fill(n ? `*a${n - 1}` : 'x')}]`);
    expect(faultsOf(bomb.join('\n'))['/']).toContain('not YAML');
  });

  it('refuses an alias of itself, and nesting without end', () => {
    expect(faultsOf('a: &a [*a]')['/']).toContain('nested deeper than 64 levels');
    expect(faultsOf('- '.repeat(100))['/']).toContain('nested deeper than 64 levels');
    expect(faultsOf('['.repeat(3000) + ']'.repeat(3000))['/']).toBeDefined();
  });

  it.each(['- a', 'a', '5'])('refuses a file that holds no keys: %s', (yaml) => {
    expect(faultsOf(yaml)['/']).toContain('must be an object with keys');
  });
});
