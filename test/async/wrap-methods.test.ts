import { wrapMethods } from '../../src/async/wrap-methods';

interface Greetings {
  hello(name: string): Promise<string>;
  fail(): Promise<void>;
}

const greetings = (): Greetings => ({
  hello: async (name) => `hello ${name}`,
  fail: async () => {
    throw new Error('no');
  },
});

describe('wrapMethods', () => {
  it('calls each method through what is around it, with its name, arguments and result', async () => {
    const seen: string[] = [];
    const wrapped = wrapMethods(greetings(), async (call, method) => {
      seen.push(method);
      return call();
    });
    expect(await wrapped.hello('you')).toBe('hello you');
    await expect(wrapped.fail()).rejects.toThrow('no');
    expect(seen).toEqual(['hello', 'fail']);
  });

  it('looks for a target that comes later at each call, and rejects with what that throws', async () => {
    let target: Greetings | undefined;
    const current = () => {
      if (target === undefined) throw new Error('not yet');
      return target;
    };
    const wrapped = wrapMethods(current, (call) => call());
    await expect(wrapped.hello('you')).rejects.toThrow('not yet');
    target = greetings();
    expect(await wrapped.hello('you')).toBe('hello you');
  });

  it('can be spread, to replace one of its methods', async () => {
    const wrapped = wrapMethods(greetings(), (call) => call());
    const other = { ...wrapped, fail: async () => undefined };
    expect(await other.hello('you')).toBe('hello you');
    await other.fail();
  });

  it('can be awaited itself: it is no promise', async () => {
    const wrapped = wrapMethods(greetings, (call) => call());
    expect(await (await wrapped).hello('you')).toBe('hello you');
  });
});
