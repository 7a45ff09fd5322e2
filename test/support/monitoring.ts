import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** deploy/monitoring, as its users take it. */
export const MONITORING = join(__dirname, '../../deploy/monitoring');
export const RULES_FILE = join(MONITORING, 'alerts.yaml');

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook', string>>;
}
interface RuleFile {
  readonly groups: readonly { readonly rules: Rule[] }[];
}
export const RULES = (parse(readFileSync(RULES_FILE, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const { panels } = JSON.parse(readFileSync(join(MONITORING, 'grafana-dashboard.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};

/** The dashboard's queries, as Grafana would send them. */
export const DASHBOARD_QUERIES = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ where: `panel "${title}"`, expr: expr.replaceAll('$__rate_interval', '5m') })),
);
