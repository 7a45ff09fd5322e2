import { type Fault, pointerTo } from './fault';

/** Words of the configuration that are not wrong, only not there yet; a "did you mean …?" would lead astray. */
const PROVIDERS: readonly string[] = ['tencent-batch', 'monai', 'spec-001'];
const CHANNELS: readonly unknown[] = ['kafka', 'rabbitmq'];
const FORMATS: readonly unknown[] = ['tencent-batch', 'monai', 'spec-001'];

/** A fault that makes every further one within `around` pointless. */
export interface Unsupported extends Fault {
  readonly around: string;
}

export function unsupportedParts(value: unknown): readonly Unsupported[] {
  const providers = Object.keys(record(record(value)['providers']))
    .filter((name) => PROVIDERS.includes(name))
    .map((name) => unsupported(pointerTo('providers', name), `the provider ${name}`));

  const endpoints = record(value)['endpoints'];
  const others = (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint: unknown, index) => {
    const { type, format } = record(endpoint);
    const at = pointerTo('endpoints', index);
    if (CHANNELS.includes(type)) return [unsupported(`${at}/type`, `the channel ${type}`, at)];
    if (FORMATS.includes(format)) return [unsupported(`${at}/format`, `the format ${format}`)];
    return [];
  });
  return [...providers, ...others];
}

function unsupported(pointer: string, what: string, around = pointer): Unsupported {
  return { pointer, text: `${what} is not supported by this version; leave it out`, around };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
