import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CompressionAlgorithmValue } from '@platformatic/kafka';
import { kafkaJars } from './jars';

export interface JavaMessage {
  readonly topic: string;
  readonly partition?: number;
  readonly compression: CompressionAlgorithmValue;
  readonly value: string;
}

const JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];

/**
 * Produces by Kafka's own client, in their order; what has one compression and follows each other is one batch for each
 * partition. Needs a JDK, which compiles the program.
 */
export async function produceWithJava(broker: string, messages: readonly JavaMessage[]): Promise<void> {
  const program = join(__dirname, 'JavaProducer.java');
  const child = spawn('java', [...JAVA, '-cp', join(await kafkaJars(), '*'), program, broker]);
  child.stdin.end(
    messages
      .map(({ topic, partition = 0, compression, value }) => `${topic}\t${partition}\t${compression}\t${value}\n`)
      .join(''),
  );
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  if (code !== 0) throw new Error(`Kafka's client failed: ${said.slice(-2_000)}`);
}
