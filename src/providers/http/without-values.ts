/** Shorter values would black out ordinary words; no usable key is as short. */
const MIN_LENGTH = 8;

/** A text with the given values blacked out. */
export function withoutValues(text: string, values: readonly string[]): string {
  return values
    .filter(({ length }) => length >= MIN_LENGTH)
    .reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
}
