import { InvalidArgumentError } from 'commander';
import { DurationError, parseDuration } from '../domain/duration';

/** For an option that may be given more than once, or with a list: `--endpoint a --endpoint b`, `--endpoint a,b`. */
export function listed(text: string, before: readonly string[] = []): readonly string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes('')) throw new InvalidArgumentError('Give names, separated by commas.');
  return [...before, ...values];
}

/** For an option that may be given more than once and whose value is taken as it is. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `name=value`, more than once. The value may hold `=`, and may be empty. */
export function paired(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Give name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** A duration in milliseconds. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof DurationError)
      throw new InvalidArgumentError('Give a number and a unit: 200ms, 5s, 10m, 6h or 7d.');
    throw error;
  }
}

/** A duration in seconds, as the API takes deadlines. */
export function seconds(text: string): number {
  return duration(text) / 1000;
}

export function positiveNumber(text: string): number {
  const number = /^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(text) ? Number(text) : 0;
  if (number <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}

export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
