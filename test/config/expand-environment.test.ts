import { expandEnvironment } from '../../src/config/expand-environment';
import { configOf, faultsOf } from './faults-of';

const expand = (text: string, env: Record<string, string> = {}) => expandEnvironment(text, env).value;

describe('expandEnvironment', () => {
  it('puts variables into any string, several into one', () => {
    expect(expandEnvironment({ a: [`x-\${A}-\${B}`], b: 5 }, { A: '1', B: '2' }).value).toEqual({ a: ['x-1-2'], b: 5 });
  });

  it('uses the default where a variable is not set or empty', () => {
    expect(expand(`\${A:-x y}`)).toBe('x y');
    expect(expand(`\${A:-x}`, { A: '' })).toBe('x');
    expect(expand(`\${A:-x}`, { A: 'a' })).toBe('a');
    expect(expand(`\${A:-}`)).toBe('');
  });

  it('keeps a variable that is set but empty', () => {
    expect(expand(`\${A}`, { A: '' })).toBe('');
  });

  it('does not expand what a variable holds', () => {
    expect(expand(`\${A}`, { A: `\${B}`, B: 'b' })).toBe(`\${B}`);
  });

  it('leaves $${ as a plain ${, and other dollars alone', () => {
    expect(expand(`$\${A} $A $$ 5$`)).toBe(`\${A} $A $$ 5$`);
  });

  it('refuses a variable that is not set, at its place', () => {
    expect(faultsOf(`temporal: { namespace: "\${NS}" }`)).toEqual({
      '/temporal/namespace': `the environment variable NS is not set; set it, or give a default: \${NS:-…}`,
    });
  });

  it('reports a fault in a file that is one string at the file', () => {
    expect(expandEnvironment(`\${NS}`, {}).faults).toMatchObject([{ pointer: '/' }]);
  });

  it('finds no variable in what every object inherits', () => {
    expect(faultsOf(`temporal: { namespace: "\${constructor}" }`)['/temporal/namespace']).toContain('is not set');
  });

  it.each([`\${A`, `\${}`, `\${A-B}`, `\${1A}`, `\${A:+x}`, `\${B:-\${A}}`])(
    'refuses %s and says how to write it',
    (text) => {
      expect(expandEnvironment([text], { A: 'a' }).faults).toEqual([
        { pointer: '/0', text: expect.stringContaining(`write \${NAME}`) },
      ]);
    },
  );

  it('makes numbers and booleans of variables where the schema asks for them', () => {
    const yaml = `
gateway: { port: "\${PORT}", tokens: [{ name: a, token: "\${TOKEN}" }] }
providers: { vertex-ai: { api_endpoint: "e:1", insecure: "\${PLAIN}", poll: { factor: "\${FACTOR}" } } }`;
    const config = configOf(yaml, { PORT: '9', TOKEN: '123', PLAIN: 'true', FACTOR: '1.5' });
    expect(config.gateway).toMatchObject({ port: 9, tokens: [{ name: 'a', token: '123' }] });
    expect(config.providers['vertex-ai']).toMatchObject({ insecure: true, poll: { factor: 1.5 } });
  });

  it('makes no number of a text that did not come from a variable', () => {
    expect(faultsOf('gateway: { port: "9" }')).toEqual({ '/gateway/port': 'must be a whole number, not a text' });
    expect(faultsOf(`gateway: { port: "\${PORT}" }`, { PORT: '9x' })).toHaveProperty(['/gateway/port']);
  });
});
