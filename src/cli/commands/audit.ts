import type { Command } from 'commander';
import type { AuditReport } from '../../processes/audit';
import { CliFailure, type CliIo, columns, plain, printJson, printLine } from '../cli-io';
import { type ConfigOption, momentAgo, readConfig, withConfigOption } from '../options';

interface AuditOptions extends ConfigOption {
  readonly since: number;
  readonly json?: boolean;
  readonly repair?: boolean;
}

/** `jobherald audit PROVIDER [SCOPE…] --since 30d`: the jobs that ended, and whether everyone was notified. */
export function registerAudit(program: Command, io: CliIo): void {
  withConfigOption(
    program
      .command('audit <provider> [scope...]')
      .description("hold a provider's own list of ended jobs against Temporal: was everyone notified?")
      .requiredOption('--since <time>', 'jobs that ended since: 30d, or 2026-11-22T14:30:00Z', momentAgo)
      .option('--json', 'print JSON, with the endpoints of every job')
      .option('--repair', 'start broken runs again, and submit untracked jobs to track.endpoints')
      .addHelpText(
        'after',
        '\nExit code 0: every job is notified, or ended before the retention. Exit code 1: any other result.',
      ),
  ).action(
    async (
      provider: string,
      scopes: readonly string[],
      { since, json = false, repair = false, ...options }: AuditOptions,
    ) => {
      const config = readConfig(io, options);
      const { audit, AuditRequestError } = require('../../processes/audit') as typeof import('../../processes/audit');
      const { ProviderError } = require('../../providers/provider') as typeof import('../../providers/provider');
      const report = await audit(config, { provider, scopes, sinceMs: since, details: json, repair }).catch((error) => {
        if (error instanceof AuditRequestError)
          throw new CliFailure(`jobherald: ${error.message}`, 2, { cause: error });
        if (error instanceof ProviderError) throw new CliFailure(`${provider}: ${error.message}`, 1, { cause: error });
        throw error;
      });
      if (json) printJson(io, report);
      else printLine(io, auditReport(report));
      if (repair && report.jobs.some((job) => job.result === 'untracked' && !job.repair)) {
        io.stderr.write(`untracked jobs were not submitted: track.endpoints of ${provider} is empty\n`);
      }
      const { notified, unknown } = report.counts;
      if (notified + unknown < report.jobs.length) throw new CliFailure();
    },
  );
}

/** The counts, and every job that needs somebody to look. */
function auditReport({ provider, scopes, since, counts, jobs }: AuditReport): string {
  const rows = jobs
    .filter(({ result }) => result !== 'notified' && result !== 'unknown')
    .map(({ result, state, ended_at, job, endpoints, repair }) => [
      repair ? `${result} (${repair})` : result,
      state,
      ended_at ?? '-',
      endpoints
        .filter((each) => each.state !== 'delivered')
        .map((each) => each.endpoint)
        .join(',') || '-',
      plain(job),
    ]);
  const summary = columns([
    ['jobs ended', String(jobs.length)],
    ...Object.entries(counts).map(([result, count]) => [result, String(count)]),
  ]);
  const head = `${provider} ${scopes.map(plain).join(' ')}, since ${since}\n\n${summary}`;
  if (rows.length === 0) return head;
  return `${head}\n\n${columns([['result', 'state', 'ended', 'not delivered to', 'job'], ...rows])}`;
}
