import { isObject, type JsonObject, textAt } from '../../../domain/json';
import { readJobName } from '../job-name';
import { parsed } from './json';
import { isLogEntry, readLogEntry } from './log-entry';
import { deadLetter, type Reading } from './reading';

/**
 * Reads the content of a message, however it travelled. Three things may be in it:
 * a Cloud Logging entry; `{"job": "projects/…"}`, as a handler of one's own sends it; or a job resource as the REST API
 * returns it, `{"name": "projects/…", "state": "JOB_STATE_…"}`. Attributes `job`, `state` and `message` say the same
 * where a message has no data, and win where it has.
 */
export function readContent(data: unknown, attributes: JsonObject = {}): Reading {
  if (textAt(attributes, 'job')) return readJob(attributes, 'job');
  const content = parsed(data);
  if (!isObject(content)) return deadLetter(notUsable(data, content));
  if (textAt(content, 'job')) return readJob(content, 'job');
  return isLogEntry(content) ? readLogEntry(content) : readJob(content, 'name');
}

function readJob(content: JsonObject, member: 'job' | 'name'): Reading {
  const text = textAt(content, member);
  if (!text) return deadLetter('the message is no log entry and has neither "job" nor "name"');
  const name = readJobName(text);
  if (!name) return deadLetter(`"${member}" is no Vertex AI job: ${JSON.stringify(text.slice(0, 200))}`);
  return { kind: 'job', name, state: textAt(content, 'state'), message: textAt(content, 'message') };
}

function notUsable(data: unknown, content: unknown): string {
  if (data === undefined || data === '') return 'the message has no data and no attribute "job"';
  return content === undefined ? 'the message is no JSON' : 'the message is no JSON object';
}
