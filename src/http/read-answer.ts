import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import type { Connections } from './connections';
import { type HttpRequest, SwitchedProtocolsError, sendRequest } from './send-request';

/** An answer with its whole body. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; the first value of a repeated header. */
  readonly headers: Readonly<Record<string, string>>;
  /** As UTF-8, decoded. */
  readonly body: string;
}

/** What an answer's body may have, as sent and as decoded. A status document may hold its output as data URIs. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** The server has answered, and nobody can read it: it is too long, cut wrong, or in an unknown encoding. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

/**
 * Sends one request and reads the answer. One that is compressed, though nobody asked for that, is decoded all the same.
 * @throws {UnreadableAnswerError}; the network's errors; the signal's reason
 */
export async function fetchAnswer(
  connections: Connections,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const abort = sendRequest(connections, request, {
    onAnswer(answer) {
      const { statusCode: status = 0, headers: received } = answer;
      readBytes(answer).then((bytes) => resolve({ status, headers: firstOfEach(received), bytes }), reject);
    },
    onFault: ({ error }) => reject(asUnreadable(error)),
  });
  const cancel = () => abort(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { bytes, ...answer } = await promise;
    const decoded = await decode(bytes, answer.headers['content-encoding'] ?? '');
    return { ...answer, body: decoded.toString('utf8') };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

async function readBytes(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(): UnreadableAnswerError {
  return new UnreadableAnswerError(`the answer is longer than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`);
}

/** What Node's parser refuses: the server speaks no HTTP, or its headers are too long. */
function asUnreadable(error: Error & { readonly code?: unknown }): Error {
  if (error instanceof SwitchedProtocolsError) return new UnreadableAnswerError(error.message, { cause: error });
  if (error.name === 'UnreadableAnswerError' || typeof error.code !== 'string' || !error.code.startsWith('HPE_')) {
    return error;
  }
  const message =
    error.code === 'HPE_HEADER_OVERFLOW' ? 'the headers of the answer are too long' : `no HTTP: ${error.message}`;
  return new UnreadableAnswerError(message, { cause: error });
}

type Decoder = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const inflateZlib: Decoder = promisify(inflate);
const inflateBare: Decoder = promisify(inflateRaw);
const ungzip: Decoder = promisify(gunzip);

/** RFC 9110 section 8.4.1 means zlib's format by `deflate`; some servers send the bare one. */
const inflateEither: Decoder = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateZlib(bytes, options) : inflateBare(bytes, options);

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: ungzip,
  'x-gzip': ungzip,
  deflate: inflateEither,
  br: promisify(brotliDecompress),
};

/** Undoes the codings of a body, the last applied first. @throws {UnreadableAnswerError} */
async function decode(bytes: Buffer, contentEncoding: string): Promise<Buffer> {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let decoded = bytes;
  for (const coding of codings.reverse()) {
    // A 204, or the answer to a refused request, may name a coding and have no body.
    if (decoded.length === 0) break;
    const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
    if (!decoder) throw new UnreadableAnswerError(`the answer has an unknown content-encoding, ${coding.slice(0, 40)}`);
    decoded = await decoder(decoded, { maxOutputLength: MAX_ANSWER_BYTES }).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLong();
      throw new UnreadableAnswerError(`the answer says that it is ${coding} and is not: ${cause.message}`, { cause });
    });
  }
  return decoded;
}

function firstOfEach(headers: Readonly<Record<string, string | readonly string[] | undefined>>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0] ?? '']));
}
