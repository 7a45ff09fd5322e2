import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNodeRecentEnough } from '../../src/cli/require-node';

describe('the Node that jobherald needs', () => {
  it.each(['22.22.0', '22.30.1', '24.6.0', '24.21.0', '25.0.0', '26.10.0'])('may be %s', (version) => {
    expect(isNodeRecentEnough(version)).toBe(true);
  });

  it.each(['18.20.0', '20.20.2', '22.21.9', '23.11.0', '24.5.0'])('may not be %s', (version) => {
    expect(isNodeRecentEnough(version)).toBe(false);
  });

  it('is the one that package.json names', () => {
    const { engines } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect(engines.node).toBe('^22.22 || >=24.6');
  });
});
