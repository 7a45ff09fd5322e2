import { type Command, InvalidArgumentError, Option } from 'commander';
import { SecretKeyError } from '../../domain/secret-key';
import { FORMATS, type Format } from '../../formats/vocabulary';
import { version } from '../../processes/version';
import { CliFailure, type CliIo, printJson, printLine } from '../cli-io';
import { waiting } from '../options';

interface TestReceiverOptions {
  readonly secret: string;
  readonly format: Format;
  readonly effectsUrl?: URL;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `jobherald test-receiver URL`: whether a receiver does what receivers must, rule by rule. */
export function registerTestReceiver(program: Command, io: CliIo): void {
  program
    .command('test-receiver')
    .argument('<url>', 'where the receiver takes webhooks', httpUrl)
    .description('send valid and invalid webhooks to a receiver and report what to change; exit 1 if a rule is broken')
    .requiredOption('--secret <key>', 'the key it verifies with: whsec_…, or the private whsk_… for ed25519')
    .addOption(new Option('--format <format>', 'the shape of the bodies').choices(FORMATS).default('standard'))
    .addOption(
      new Option(
        '--effects-url <url>',
        'where GET answers how much the receiver has done: 7, or {"count": 7}',
      ).argParser(httpUrl),
    )
    .addOption(
      new Option('--timeout <duration>', "how long one request may take, as an endpoint's timeout")
        .argParser(waiting)
        .default(15_000, '15s'),
    )
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
It sends real, signed webhooks: a good receiver takes six events and handles them, so point it at one for tests. They
are about jobs that do not exist, labelled "jobherald-test". Any URL that you give is called, on loopback and by plain
http too: the rule that webhooks go only to public addresses is about URLs of others.`,
    )
    .action(async (url: URL, options: TestReceiverOptions) => {
      const { gradeReceiver } =
        require('../../conformance/grade-receiver') as typeof import('../../conformance/grade-receiver');
      const { openEffects } = require('../../conformance/effects') as typeof import('../../conformance/effects');
      const { gradeText, isPassed, summaryText } =
        require('../../conformance/grade-receiver') as typeof import('../../conformance/grade-receiver');

      const { format, json, timeout: timeoutMs, effectsUrl } = options;
      const grades = [];
      for await (const grade of gradeReceiver({
        url,
        key: keyOf(options.secret),
        format,
        userAgent: `jobherald/${version()}`,
        timeoutMs,
        ...(effectsUrl && { effects: openEffects(effectsUrl) }),
      })) {
        grades.push(grade);
        if (!json) printLine(io, gradeText(grade));
      }
      const passed = isPassed(grades);
      if (json) printJson(io, { url: url.origin + url.pathname, format, passed, rules: grades });
      else printLine(io, `\n${summaryText(grades)}`);
      if (!passed) throw new CliFailure();
    });
}

function keyOf(text: string) {
  const { signingKey } = require('../../channels/webhook/sign') as typeof import('../../channels/webhook/sign');
  try {
    return signingKey(text);
  } catch (error) {
    if (error instanceof SecretKeyError) throw new CliFailure(`--secret: ${error.message}`, 2, { cause: error });
    throw error;
  }
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Give http://… or https://…, without user name and password.');
  }
  return url;
}
