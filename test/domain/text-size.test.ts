import fc from 'fast-check';
import { beginning, byteLength, cutText, jsonBytes } from '../../src/domain/text-size';

describe('a text that is cut', () => {
  it('stays as it is at the bound', () => {
    expect(cutText('€'.repeat(4), 12)).toBe('€€€€');
    expect(cutText('x'.repeat(8192), 8192)).toHaveLength(8192);
  });

  it('ends with a whole character, and with how many bytes are missing', () => {
    expect(cutText('€'.repeat(5), 13)).toBe('€€€€ … (3 bytes more)');
    expect(cutText('😀😀', 7)).toBe('😀 … (4 bytes more)');
  });

  it('stays as it is when it is cut again, and counts what was missing before when it is cut further', () => {
    const once = cutText('x'.repeat(20_000), 8192);
    expect(once).toBe(`${'x'.repeat(8192)} … (11808 bytes more)`);
    expect(cutText(once, 8192)).toBe(once);
    expect(cutText(once, 1024)).toBe(`${'x'.repeat(1024)} … (18976 bytes more)`);
  });

  it('never has a broken character, and never more bytes than it may, whatever it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 400 }), (whole, max) => {
        const kept = beginning(whole, max);
        expect(whole.startsWith(kept)).toBe(true);
        expect(byteLength(kept)).toBeLessThanOrEqual(max);
        const cut = cutText(whole, max);
        expect(cut === whole || cut.startsWith(`${kept} … (`)).toBe(true);
      }),
    );
  });
});

it('A value is measured as it stands in a payload, escapes included', () => {
  expect(jsonBytes('"'.repeat(10))).toBe(22);
  expect(jsonBytes({ a: '€' })).toBe(11);
});
