import { type Command, Option } from 'commander';
import { SecretKeyError, verifyWebhook, WebhookVerificationError } from '../../receiver';
import { CliFailure, type CliIo, printLine, readInput } from '../cli-io';
import { duration, repeated } from '../options';

interface VerifyOptions {
  readonly secret: readonly string[];
  readonly webhookId?: string;
  readonly webhookTimestamp?: string;
  readonly webhookSignature?: string;
  readonly header?: readonly string[];
  readonly tolerance: number;
}

/** `jobherald verify --secret S < body`: whether a webhook is signed by who holds the secret. */
export function registerVerify(program: Command, io: CliIo): void {
  const command = program
    .command('verify')
    .description('check the signature of a webhook whose body comes on standard input; exit 1 if it is invalid')
    .requiredOption('--secret <key>', 'whsec_…, whpk_… or whsk_…; repeatable, one that matches is enough', repeated)
    .option('--id, --webhook-id <id>', 'the header webhook-id')
    .option('--timestamp, --webhook-timestamp <seconds>', 'the header webhook-timestamp')
    .option('--signature, --webhook-signature <signatures>', 'the header webhook-signature')
    .option('--header <name: value>', 'any header as it came; repeatable, others than the three are ignored', repeated)
    .addOption(
      new Option('--tolerance <duration>', 'how old the request may be, and how far ahead its clock')
        .argParser(duration)
        .default(300_000, '5m'),
    );

  command.action(async (options: VerifyOptions) => {
    const headers = headersOf(options);
    if (typeof headers === 'string') return command.error(`error: ${headers}`, { exitCode: 2 });
    const body = await readInput(io, '-');
    try {
      const { id, timestamp } = verifyWebhook({
        headers,
        body,
        secrets: options.secret,
        toleranceSeconds: options.tolerance / 1000,
      });
      printLine(io, `verified: ${id}, sent ${timestamp.toISOString()}`);
    } catch (error) {
      if (error instanceof WebhookVerificationError) {
        throw new CliFailure(`not verified: ${error.code}: ${error.message}`, 1, { cause: error });
      }
      if (error instanceof SecretKeyError || error instanceof TypeError) {
        throw new CliFailure(`--secret: ${error.message}`, 2, { cause: error });
      }
      throw error;
    }
  });
}

/** The headers of the flags, or why they are none. A header may be given in either way, and then counts twice. */
function headersOf({
  webhookId,
  webhookTimestamp,
  webhookSignature,
  header = [],
}: VerifyOptions): Record<string, string[]> | string {
  const headers: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    headers[name] = [...(headers[name] ?? []), value];
  };
  for (const line of header) {
    const colon = line.indexOf(':');
    if (colon < 1) return "--header takes 'name: value'";
    add(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (webhookId !== undefined) add('webhook-id', webhookId);
  if (webhookTimestamp !== undefined) add('webhook-timestamp', webhookTimestamp);
  if (webhookSignature !== undefined) add('webhook-signature', webhookSignature);
  return headers;
}
