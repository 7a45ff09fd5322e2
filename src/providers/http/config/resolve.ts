import type {
  HttpListSection,
  HttpOutputSection,
  HttpRuleSection,
  HttpServiceSection,
} from '../../../../schemas/types';
import type { Config } from '../../../config/config';
import { resolvePoll } from '../../../config/resolve-poll';
import { resolveOverdueAfter, resolveSafety, resolveSweep } from '../../../config/resolve-sweep';
import { resolveScopedTrack } from '../../../config/resolve-track';
import { fillTemplate, placeholdersOf } from '../../../domain/template';
import type { ResolvedParts } from '../../system';
import type { HttpList, HttpOutput, HttpPointers, HttpServiceConfig, HttpStateRule } from './http-config';

const DEFAULT = { cancelMethod: 'POST', order: 'none' } as const;

/** The services in the order of their names, with the credentials that their headers name. */
export function resolveHttp(
  sections: Readonly<Record<string, HttpServiceSection | undefined>> = {},
  { credentials, secrets }: Pick<ResolvedParts, 'credentials' | 'secrets'>,
): readonly HttpServiceConfig[] {
  return Object.entries(sections).map(([name, section]) => resolveService(name, section ?? {}, credentials, secrets));
}

function resolveService(
  name: string,
  section: Partial<HttpServiceSection>,
  credentials: Config['credentials'],
  secrets: Config['secrets'],
): HttpServiceConfig {
  const { state, error, cancel, webhook, list } = section;
  const headers = Object.entries(section.headers ?? {});
  return {
    name,
    url: section.url ?? '',
    headers: Object.fromEntries(
      headers.map(([header, value = '']) => [header.toLowerCase(), fillTemplate(value, credentials)]),
    ),
    credentialValues: headers
      .flatMap(([, value = '']) => placeholdersOf(value))
      .flatMap((placeholder) => credentials[placeholder.name] ?? []),
    jobPattern: section.job_pattern ?? '',
    state: {
      at: pointers(state?.pointer),
      map: { ...state?.map },
      rules: (state?.rules ?? []).map((rule) => resolveRule(rule ?? {})),
    },
    reason: pointers(section.reason),
    message: pointers(section.message),
    error: { code: pointers(error?.code), message: pointers(error?.message) },
    outputs: (section.outputs ?? []).map((output) => resolveOutput(output ?? {})),
    progress: Object.fromEntries(Object.entries(section.progress ?? {}).map(([number, at]) => [number, pointers(at)])),
    startedAt: pointers(section.started_at),
    endedAt: pointers(section.ended_at),
    cancel: cancel ? { method: cancel.method ?? DEFAULT.cancelMethod, url: cancel.url ?? '' } : null,
    webhook: webhook
      ? {
          keys: [...(secrets[webhook.secret ?? ''] ?? []), ...(webhook.public_keys ?? []).map((key) => key ?? '')],
          job: pointers(webhook.job),
          state: pointers(webhook.state),
        }
      : null,
    check: section.check ?? '',
    list: list ? resolveList(list, pointers(state?.pointer)) : null,
    poll: resolvePoll(section.poll),
    sweep: resolveSweep(section.sweep),
    safetyMs: resolveSafety(section.safety),
    overdueAfterMs: resolveOverdueAfter(section.overdue_after),
    track: resolveScopedTrack(section.track),
  };
}

function resolveRule(rule: Partial<HttpRuleSection>): HttpStateRule {
  return {
    when: rule.when ?? null,
    at: pointers(rule.pointer),
    above: rule.above ?? null,
    equals: rule.equals ?? null,
    present: rule.present ?? null,
    state: rule.state ?? 'RUNNING',
    reason: rule.reason ?? '',
  };
}

/** @param state where the service's own document has the state */
function resolveList(list: Partial<HttpListSection>, state: HttpPointers): HttpList {
  const { next } = list;
  return {
    url: list.url ?? '',
    items: pointers(list.items),
    id: pointers(list.id),
    state: list.state === undefined ? state : pointers(list.state),
    createdAt: pointers(list.created_at),
    next: next ? { at: pointers(next.pointer), parameter: next.parameter ?? '', more: pointers(next.more) } : null,
    order: list.order ?? DEFAULT.order,
  };
}

function resolveOutput(output: Partial<HttpOutputSection>): HttpOutput {
  return { at: pointers(output.pointer), type: output.type ?? '', uri: output.uri ?? '' };
}

function pointers(written: string | readonly (string | undefined)[] | undefined): HttpPointers {
  return [written ?? []].flat().filter((pointer) => pointer !== undefined);
}
