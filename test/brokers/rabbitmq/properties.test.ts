import fc from 'fast-check';
import { carriable, type Properties, shortString } from '../../../src/brokers/rabbitmq/properties';

/** The client's own encoder, which its package does not export by name. */
const { encodeFrame } = require(`${process.cwd()}/node_modules/rabbitmq-client/lib/codec.js`) as {
  encodeFrame(frame: object, maxSize: number): Buffer;
};
const FRAME_MAX = 8192;

/** Any number, also those that no type of AMQP holds. */
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(2 ** 64, -(2 ** 64), 2 ** 53, -1, Number.NaN));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 200, maxLength: 300 }),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const properties = fc.record({
  exchange: fc.constant('e'),
  routingKey: fc.constant('k'),
  messageId: text,
  correlationId: optional(text),
  type: optional(text),
  replyTo: optional(text),
  timestamp: optional(number),
  priority: optional(number),
  expiration: optional(fc.oneof(text, number.map(String))),
  headers: optional(fc.dictionary(text, value, { maxKeys: 3 })),
});

test('whatever a message has for properties, what is left of them can be encoded', () => {
  fc.assert(
    fc.property(properties, (given) => {
      let fields: Properties;
      try {
        fields = carriable(given as Properties);
      } catch (error) {
        expect(String(error)).toContain('the headers have');
        return;
      }
      const frame = encodeFrame({ type: 2, channelId: 1, bodySize: 0, fields }, FRAME_MAX);
      expect(frame.at(-1)).toBe(0xce); // so every byte before it was written
    }),
  );
});

test('a short string is never cut: it is whole up to 255 bytes, and its hash beyond', () => {
  expect(shortString('x'.repeat(255))).toBe('x'.repeat(255));
  expect(shortString('ü'.repeat(128))).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(shortString(`${'ü'.repeat(127)}x`)).toBe(`${'ü'.repeat(127)}x`);
});

test('a time, a priority or an expiration that does not fit is left out, any other is kept', () => {
  const place = { exchange: 'e', routingKey: 'k', messageId: 'm' };
  for (const given of [
    { timestamp: 1, priority: 255, expiration: '60000' },
    { timestamp: 0, priority: 0, expiration: '0' },
  ]) {
    expect(carriable({ ...place, ...given })).toMatchObject(given);
  }
  for (const given of [
    { timestamp: -62_135_596_800 },
    { timestamp: Number.NaN },
    { priority: 256 },
    { expiration: 'soon' },
  ]) {
    const [name] = Object.keys(given) as [keyof Properties];
    expect(carriable({ ...place, ...given })[name]).toBeUndefined();
  }
});
