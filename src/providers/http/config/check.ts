import type { HttpSection, HttpServiceSection } from '../../../../schemas/types';
import { checkHeaders } from '../../../config/checks/check-headers';
import { checkOverdueAfter } from '../../../config/checks/check-overdue-after';
import { checkPoll } from '../../../config/checks/check-poll';
import { checkReference } from '../../../config/checks/check-reference';
import { checkSweep } from '../../../config/checks/check-sweep';
import { checkScopedTrack } from '../../../config/checks/check-track';
import { checkHttpUrl } from '../../../config/checks/check-url';
import { when } from '../../../config/checks/when';
import type { Config } from '../../../config/config';
import { type Fault, pointerTo } from '../../../config/fault';
import { isTerminal } from '../../../domain/job-state';
import { nearest } from '../../../domain/nearest';
import { fillTemplate, fillUrlTemplate, hasStrayBrace, placeholdersOf } from '../../../domain/template';
import type { HttpConfig, HttpList, HttpServiceConfig } from './http-config';

/** The beginnings of workflow IDs that are no job's. */
const RESERVED: readonly string[] = [
  'bulk-redelivery',
  'caretaker',
  'endpoint',
  'endpoint-retry',
  'job-retry',
  'notice',
  'redelivery',
  'watch',
];

/** @param section as written, for what is filled in afterwards */
export function checkHttp(
  services: HttpConfig,
  { providers, credentials, secrets, endpoints, temporal }: Config,
  section: HttpSection = {},
): readonly Fault[] {
  const taken = [...Object.keys(providers), ...RESERVED];
  return services.flatMap((service) => {
    const at = pointerTo('providers', 'http', service.name);
    const written = section[service.name];
    return [
      ...checkName(at, service.name, taken),
      ...checkJobUrl(`${at}/url`, service.url),
      ...checkHeaderTemplates(`${at}/headers`, written?.headers ?? {}, credentials),
      ...checkPattern(`${at}/job_pattern`, service.jobPattern),
      ...checkState(`${at}/state`, service.state),
      ...service.outputs.flatMap(({ uri }, index) => checkOutputUri(`${at}/outputs/${index}/uri`, uri)),
      ...(service.cancel ? checkJobUrl(`${at}/cancel/url`, service.cancel.url) : []),
      ...checkWebhook(`${at}/webhook`, written?.webhook, Object.keys(secrets)),
      ...checkHttpUrl(`${at}/check`, service.check),
      ...checkPoll(`${at}/poll`, service.poll),
      ...(service.list ? checkList(`${at}/list`, service.list, service.track.scopes) : []),
      ...checkSweep(at, service),
      ...checkOverdueAfter(at, service),
      ...checkScopedTrack(`${at}/track`, service.track, { endpoints, temporal }, (scope) =>
        faultOfScope(scope, service),
      ),
    ];
  });
}

function checkName(pointer: string, name: string, taken: readonly string[]): readonly Fault[] {
  if (taken.includes(name)) return [{ pointer, text: 'is the name of something else; choose another' }];
  if (/^[a-z][a-z0-9-]{0,62}$/.test(name)) return [];
  return [{ pointer, text: 'must be named by up to 63 small letters, digits and dashes, beginning with a letter' }];
}

/** Whatever the job is called, the request goes to the same server. */
function checkJobUrl(pointer: string, template: string): readonly Fault[] {
  if (template === '') return [];
  const names = placeholdersOf(template).map(({ name }) => name);
  const unknown = names.find((name) => name !== 'job');
  if (unknown !== undefined) {
    return [{ pointer, text: `knows {job} and {+job} only, not {${unknown}}; a key belongs into headers` }];
  }
  if (hasStrayBrace(template)) return [{ pointer, text: 'has a brace that belongs to no {job}' }];
  if (names.length === 0) return [{ pointer, text: 'needs {job} where the name of the job goes' }];
  const [one, another] = ['a', 'b'].map((job) => fillUrlTemplate(template, { job }));
  const faults = checkHttpUrl(pointer, one ?? '');
  if (faults.length > 0) return faults;
  if (new URL(one ?? '').origin === new URL(another ?? '').origin) return [];
  return [{ pointer, text: 'must have {job} in the path or the query, never in the host' }];
}

function checkHeaderTemplates(
  at: string,
  headers: NonNullable<HttpServiceSection['headers']>,
  credentials: Config['credentials'],
): readonly Fault[] {
  const faults = Object.entries(headers).flatMap(([name, template = '']) => {
    const pointer = at + pointerTo(name);
    const missing = placeholdersOf(template).find((placeholder) => !Object.hasOwn(credentials, placeholder.name));
    if (missing) return [{ pointer, text: noCredential(missing.name, Object.keys(credentials)) }];
    if (!hasStrayBrace(template)) return [];
    return [
      { pointer, text: 'has a brace that names no credential; a value with braces has to be a credential whole' },
    ];
  });
  const filled = Object.entries(headers).map(([name, value = '']) => [name, fillTemplate(value, credentials)] as const);
  return [...faults, ...checkHeaders(at, Object.fromEntries(filled))];
}

function noCredential(name: string, configured: readonly string[]): string {
  const meant = nearest(name, configured);
  return `no credential is named "${name}"; ${meant === undefined ? 'configure it under credentials' : `did you mean "${meant}"?`}`;
}

function checkPattern(pointer: string, pattern: string): readonly Fault[] {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return [];
  } catch (error) {
    return [{ pointer, text: `is no regular expression: ${(error as Error).message}` }];
  }
}

function checkState(at: string, { map, rules }: HttpServiceConfig['state']): readonly Fault[] {
  const states = [...Object.values(map), ...rules.map(({ state }) => state)];
  const faults = rules.flatMap((rule, index) => checkRule(`${at}/rules/${index}`, rule));
  if (states.some(isTerminal)) return faults;
  return [
    { pointer: at, text: 'names no state that ends a job: COMPLETED, FAILED, CANCELED or PARTIALLY_FAILED' },
    ...faults,
  ];
}

function checkRule(pointer: string, { when, at, above, equals, present }: HttpServiceConfig['state']['rules'][number]) {
  const asks = [above, equals, present].some((condition) => condition !== null);
  if (asks && at.length === 0) return [{ pointer: `${pointer}/pointer`, text: 'is required: what the rule looks at' }];
  if (!asks && at.length > 0) return [{ pointer, text: 'needs above, equals or present beside its pointer' }];
  return asks || when !== null ? [] : [{ pointer, text: 'always holds; give it when, or a pointer and a condition' }];
}

function checkOutputUri(pointer: string, template: string): readonly Fault[] {
  if (template === '') return [];
  const names = placeholdersOf(template).map(({ name }) => name);
  if (hasStrayBrace(template) || names.length === 0 || names.some((name) => name !== 'value')) {
    return [{ pointer, text: 'needs {value} or {+value} where what the pointer finds goes, and no other placeholder' }];
  }
  const filled = fillUrlTemplate(template, { value: 'x' });
  return URL.canParse(filled)
    ? []
    : [{ pointer, text: 'is no URI; give one such as https://example.com/files/{value}' }];
}

function checkList(
  at: string,
  { url, createdAt, next, order }: HttpList,
  tracked: readonly string[],
): readonly Fault[] {
  const needsAge =
    order === 'newest_first'
      ? 'order is newest_first, which is read back to an age'
      : tracked.length > 0
        ? 'track.scopes names the service, and only jobs from some time on are tracked'
        : undefined;
  return [
    ...checkHttpUrl(`${at}/url`, url),
    ...when(createdAt.length === 0 && needsAge !== undefined, {
      pointer: `${at}/created_at`,
      text: `is required, because ${needsAge}`,
    }),
    ...when(next !== null && next.at.length === 0 && next.parameter === '', {
      pointer: `${at}/next`,
      text: 'needs pointer, which finds the URL of the next page; or parameter, which takes the cursor',
    }),
  ];
}

function faultOfScope(scope: string, { name, list }: HttpServiceConfig): string | undefined {
  if (scope !== name) return `must be ${name}, the service itself`;
  return list === null
    ? 'needs list, because a service that lists nothing shows no job that nobody submitted'
    : undefined;
}

function checkWebhook(
  at: string,
  webhook: HttpServiceSection['webhook'],
  secrets: readonly string[],
): readonly Fault[] {
  if (webhook === undefined) return [];
  if (!webhook.secret && !webhook.public_keys) {
    return [{ pointer: at, text: 'needs secret or public_keys: without one anybody could send it' }];
  }
  return checkReference(`${at}/secret`, webhook.secret ?? '', secrets, 'secret');
}
