import { deliveryStateAttribute, endpointAttribute, MORE } from '../../src/domain/search-attributes';
import { jsonBytes } from '../../src/domain/text-size';

const configured = (count: number, length = 63) =>
  Array.from({ length: count }, (_, i) => ({ endpoint: String(i).padStart(length, 'e') }));
const inline = Array.from({ length: 90 }, (_, i) => ({ endpoint: `inline-${i}`, inline: { url: 'https://x' } }));

describe('the search attributes of a run', () => {
  it('name each configured endpoint, and all others together', () => {
    expect(endpointAttribute([{ endpoint: 'orders' }, ...inline])).toEqual(['inline', 'orders']);
    expect(deliveryStateAttribute(['pending', 'delivered', 'pending'], [{ endpoint: 'orders' }, ...inline])).toEqual([
      'delivered',
      'pending',
      'pending:inline',
      'pending:orders',
    ]);
  });

  it('name as many as fit into 1.5 KiB, and say that there are more', () => {
    const all = endpointAttribute(configured(23));
    expect(all).toEqual(configured(23).map(({ endpoint }) => endpoint));
    for (const names of [endpointAttribute(configured(24)), endpointAttribute([...configured(100), ...inline])]) {
      expect(jsonBytes(names)).toBeLessThanOrEqual(1536);
      expect(names.length).toBeGreaterThan(20);
      expect(names).toContain(MORE);
    }
    const states = deliveryStateAttribute(['pending', 'gone'], [...configured(100), ...inline]);
    expect(jsonBytes(states)).toBeLessThanOrEqual(1536);
    expect(states.slice(0, 3)).toEqual(['gone', 'pending', 'pending:inline']);
    expect(states.at(-1)).toBe(`pending:${MORE}`);
  });
});
