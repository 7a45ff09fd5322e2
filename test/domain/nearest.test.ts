import { nearest } from '../../src/domain/nearest';

describe('nearest', () => {
  it.each([
    ['job.succeded', 'job.succeeded', 'a letter left out'],
    ['job.faileed', 'job.failed', 'a letter too many'],
    ['job.fayled', 'job.failed', 'a wrong letter'],
    ['job.faiedl', 'job.failed', 'several slips'],
    ['JobFailed', 'JOB_FAILED', 'another way to write words together'],
    ['prot', 'port', 'two letters that changed places'],
    ['ulr', 'url', 'two letters that changed places in a short word'],
  ])('takes %s for %s: %s', (word, meant) => {
    expect(nearest(word, ['host', meant, 'something.else'])).toBe(meant);
  });

  it('takes the nearest of several that are near', () => {
    expect(nearest('orders-2x', ['orders-10', 'orders-2', 'orders'])).toBe('orders-2');
  });

  it('finds none when every candidate is far', () => {
    expect(nearest('nope', ['orders', 'billing'])).toBeUndefined();
    expect(nearest('nope', [])).toBeUndefined();
  });

  it('does not compare words that nobody types', () => {
    expect(nearest('a'.repeat(65), ['a'.repeat(64)])).toBeUndefined();
    expect(nearest('a'.repeat(64), ['a'.repeat(65), 'a'.repeat(63)])).toBe('a'.repeat(63));
  });
});
