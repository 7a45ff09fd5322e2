import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { withoutMachine } from './without-machine';

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

export const HISTORIES = join(__dirname, '../histories');

export interface RecordedHistory {
  /** The file's name without `.json`. */
  readonly name: string;
  readonly workflowId: string;
  readonly workflowType: string;
  readonly isOpen: boolean;
  /** As it lies in the file. */
  readonly text: string;
  readonly history: History;
}

/**
 * A history as the text of a file, an event a line. (The SDK's own historyToJSON fails where npm has installed
 * protobufjs twice.)
 */
export function historyText(history: History): string {
  const { events } = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  const lines = (withoutMachine(events) as unknown[]).map((event) => JSON.stringify(event));
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

/** The histories that were recorded by scripts/record-histories.ts, by name. */
export function recordedHistories(): RecordedHistory[] {
  return readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => read(file.slice(0, -'.json'.length), readFileSync(join(HISTORIES, file), 'utf8')));
}

function read(name: string, text: string): RecordedHistory {
  const history = History.fromObject(JSON.parse(text));
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  const last = history.events?.at(-1);
  const isClosed =
    last?.workflowExecutionCompletedEventAttributes ??
    last?.workflowExecutionFailedEventAttributes ??
    last?.workflowExecutionContinuedAsNewEventAttributes;
  return {
    name,
    workflowId: started?.workflowId ?? '',
    workflowType: started?.workflowType?.name ?? '',
    isOpen: !isClosed,
    text,
    history,
  };
}
