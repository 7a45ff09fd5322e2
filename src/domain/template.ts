/** A place in a template that a value is put into: `{name}`, or `{+name}`. */
export interface Placeholder {
  readonly name: string;
  /** `{+name}`: slashes of the value stay slashes. */
  readonly keepsSlashes: boolean;
}

const PLACEHOLDER = /\{(\+?)([A-Za-z_][A-Za-z0-9_.-]*)\}/g;

export function placeholdersOf(template: string): readonly Placeholder[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, plus, name = '']) => ({ name, keepsSlashes: plus === '+' }));
}

/** Whether a brace is left that belongs to no placeholder: `{job`, `{}`, `{a b}`. */
export function hasStrayBrace(template: string): boolean {
  return /[{}]/.test(template.replaceAll(PLACEHOLDER, ''));
}

/** Puts the values in as they are. A placeholder without a value stays. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return fill(template, values, (value) => value);
}

/**
 * Puts the values into a URL: everything but unreserved characters is percent-encoded, so that no value can change the
 * URL around it. A value whose segments are `.` or `..` still can (URL parsers follow them): refuse those before.
 * Source: RFC 6570, simple expansion; `{+name}` keeps only the slash of what RFC 6570 lets through there.
 * @throws {URIError} for half a surrogate pair
 */
export function fillUrlTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return fill(template, values, (value, { keepsSlashes }) =>
    keepsSlashes ? value.split('/').map(percentEncode).join('/') : percentEncode(value),
  );
}

function fill(
  template: string,
  values: Readonly<Record<string, string>>,
  spell: (value: string, placeholder: Placeholder) => string,
): string {
  return template.replaceAll(PLACEHOLDER, (whole, plus: string, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : spell(value, { name, keepsSlashes: plus === '+' });
  });
}

/** The five that encodeURIComponent lets through are reserved since RFC 3986. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
