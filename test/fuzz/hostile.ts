import fc from 'fast-check';

/** Texts that have broken programs: of any alphabet, half characters, other languages' syntax, too long, too short. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      ...[
        '',
        ' ',
        '\0',
        '\t',
        '\r\n',
        '\u2028',
        '\ufeff',
        '\ud800',
        'a\udc00',
        '\u202e',
        'é',
        '😀',
        '%',
        '%2F',
        '%00',
        '%zz',
      ],
      ...[
        '..',
        '../../etc/passwd',
        '/',
        '//',
        '\\',
        '*',
        "'",
        '"',
        '`',
        '{',
        '}',
        '[',
        '#',
        ':',
        '- ',
        '&a',
        '*a',
        '!!x',
      ],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the text
      ...['${', '${HOME}', '${X:-', '{job}', '{+job}', '{0}', '%s', '$1', '\\u0000', '</script>', "' OR 1=1 --"],
      ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON'],
      ...['null', 'true', 'NaN', 'Infinity', '-0', '1e309', '0x10', '9007199254740993', '00', '1_000', '١٢'],
      ...[
        '2026-01-01T00:00:00Z',
        '2026-13-45',
        '10m',
        '-5s',
        '1e9d',
        'whsec_',
        'http://',
        'http://[::1',
        'file:///etc',
      ],
    ),
    weight: 6,
  },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 20 }), weight: 3 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }), weight: 3 },
  { arbitrary: fc.constantFrom('a', '/', '😀', '\\', '%2F', '{').map((text) => text.repeat(5000)), weight: 1 },
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.1, 1e-9, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e308, -1e308, Number.MIN_VALUE),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON value, with the worst that may stand in one. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { arbitrary: hostileText, weight: 4 },
    { arbitrary: hostileNumber, weight: 2 },
    { arbitrary: fc.constantFrom(null, true, false), weight: 2 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }), weight: 1 },
    { arbitrary: members(tie('value')), weight: 2 },
    { arbitrary: fc.integer({ min: 10, max: 300 }).map(nested), weight: 1 },
  ),
})).value;

/** An object; `fromEntries` makes of `__proto__` a member like any other, as JSON.parse does. */
function members(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.array(fc.tuple(hostileText, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}
