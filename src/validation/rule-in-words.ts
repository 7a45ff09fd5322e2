/**
 * A rule about a value, in words for its sender; those of ajv are for programmers (`must NOT have fewer than 1
 * items`).
 * @returns undefined for a rule whose own words will do
 */
export function ruleInWords(keyword: string, { limit }: Readonly<Record<string, unknown>>): string | undefined {
  switch (keyword) {
    case 'minItems':
      return limit === 1 ? 'must list at least one' : `must list at least ${limit}`;
    case 'maxItems':
      return `must list at most ${limit}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minimum':
      return `must be ${limit} or more`;
    case 'maximum':
      return `must be ${limit} or less`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    default:
      return undefined;
  }
}
