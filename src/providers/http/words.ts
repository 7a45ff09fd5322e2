import { valueAt } from '../../domain/json-pointer';

/** JSON pointers, of which the first that finds something counts. Null and the empty text are nothing. */
export type Pointers = readonly string[];

export function firstAt(document: unknown, pointers: Pointers): unknown {
  for (const pointer of pointers) {
    const value = valueAt(document, pointer);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** Texts, and numbers and booleans as JSON writes them. What is said goes into a history, so it is bounded. */
export function wordAt(document: unknown, pointers: Pointers, maxLength = 256): string | undefined {
  const value = firstAt(document, pointers);
  if (typeof value === 'string') return bounded(value, maxLength);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A number, also one in a text: JSON of Google's APIs has 64-bit numbers in texts. */
export function numberAt(document: unknown, pointers: Pointers): number | undefined {
  const value = firstAt(document, pointers);
  const number = typeof value === 'string' && /^-?[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Cut to length, and without half characters, which nothing can store. */
export function bounded(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed();
}
