import type { Payload } from '@temporalio/common';
import { isObject } from '../domain/json';

/** Payloads as proto3 JSON has them: every byte string as base64. */
export interface JsonPayloads {
  readonly payloads: readonly JsonPayload[];
}

interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly data?: string | null;
}

export function isPayloads(value: unknown): value is JsonPayloads {
  if (!isObject(value)) return false;
  const { payloads } = value;
  return Array.isArray(payloads) && payloads.every(isPayload);
}

function isPayload(value: unknown): value is JsonPayload {
  if (!isObject(value)) return false;
  const { metadata = {}, data = '' } = value;
  if (!isTextOrNull(data)) return false;
  return metadata === null || (isObject(metadata) && Object.values(metadata).every((each) => typeof each === 'string'));
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

export function readPayloads({ payloads }: JsonPayloads): Payload[] {
  return payloads.map(({ metadata, data }) => ({
    metadata: mapValues(metadata ?? {}, (text) => Buffer.from(text, 'base64')),
    data: Buffer.from(data ?? '', 'base64'),
  }));
}

export function writePayloads(payloads: readonly Payload[]): JsonPayloads {
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: mapValues(metadata ?? {}, base64),
      data: base64(data),
    })),
  };
}

function mapValues<A, B>(members: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, map(value)]));
}
