import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config/config';
import { DurationError, MAX_TIMER_MS, parseDuration } from '../domain/duration';
import { parseRfc3339 } from '../domain/parse-time';
import type { CliIo } from './cli-io';

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

/** A duration that is waited for, in milliseconds. */
export function waiting(text: string): number {
  const ms = duration(text);
  if (ms > MAX_TIMER_MS) throw new InvalidArgumentError('Give at most 24d.');
  return ms;
}

/** A duration as it is written, for the API. */
export function durationText(text: string): string {
  duration(text);
  return text;
}

/** A time as RFC 3339 has it, or so long ago. */
export function moment(text: string): Date {
  const time = parseRfc3339(text);
  if (time) return time;
  try {
    return new Date(Date.now() - parseDuration(text));
  } catch (error) {
    if (error instanceof DurationError)
      throw new InvalidArgumentError('Give a number and a unit (24h, 7d), or a time: 2026-11-22T14:30:00Z.');
    throw error;
  }
}

/** The same for the API, which takes times: one that was given goes there as it is. */
export function momentText(text: string): string {
  const time = moment(text);
  return parseRfc3339(text) ? text : time.toISOString();
}

/** The same as how long ago that was, in milliseconds. */
export function momentAgo(text: string): number {
  const ago = Date.now() - moment(text).getTime();
  if (ago < 0) throw new InvalidArgumentError('Give a time that is past.');
  return ago;
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

export interface ConfigOption {
  readonly config?: string | undefined;
}

/** `--config FILE`, as every command has it that reads the configuration. */
export function withConfigOption(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file (default: $JOBHERALD_CONFIG, else jobherald.yaml)');
}

/** @throws {ConfigError} */
export function readConfig(io: CliIo, { config }: ConfigOption): Config {
  const { loadConfig } = require('../config/load-config') as typeof import('../config/load-config');
  return loadConfig({ file: config, env: io.env, cwd: io.cwd });
}

/** Which configuration that is, for people. */
export function configName(io: CliIo, { config }: ConfigOption): string {
  const named = config || io.env['JOBHERALD_CONFIG'];
  if (named) return named;
  return existsSync(resolve(io.cwd, 'jobherald.yaml')) ? 'jobherald.yaml' : 'the defaults (no jobherald.yaml found)';
}
