import type { HttpOutput } from '../../config/config';
import type { Artifact } from '../../domain/job-status';
import { fillUrlTemplate } from '../../domain/template';
import { firstAt } from './words';

/** Artifacts travel in histories and webhooks, which have limits of their own. */
const MAX_ARTIFACTS = 100;
const MAX_URI = 2048;

export interface ReadArtifacts {
  readonly artifacts: readonly Artifact[];
  /** How many outputs are told to nobody: no URI, too long, or beyond the hundredth. */
  readonly left: number;
}

/** What a job left behind, by the service's `outputs`: a text is one artifact, a list of texts one for each. */
export function readArtifacts(document: unknown, outputs: readonly HttpOutput[]): ReadArtifacts {
  const found = outputs.flatMap((output) =>
    textsIn(firstAt(document, output.at)).map((value) => toArtifact(value, output)),
  );
  const artifacts = found.filter((artifact) => artifact !== undefined).slice(0, MAX_ARTIFACTS);
  return { artifacts, left: found.length - artifacts.length };
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string' && item !== '');
}

function toArtifact(value: string, { type, uri: template }: HttpOutput): Artifact | undefined {
  if (value.length > MAX_URI || !value.isWellFormed()) return undefined;
  const uri = template === '' ? value : fillUrlTemplate(template, { value });
  // A data URI is the output itself, which belongs into neither.
  const isPlace = uri.length <= MAX_URI && URL.canParse(uri) && !/^data:/i.test(uri);
  return isPlace ? { uri, type } : undefined;
}
