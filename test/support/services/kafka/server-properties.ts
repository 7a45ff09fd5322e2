import { KAFKA_USER, type KafkaPorts } from './runner';

export const CLUSTER_ID = 'am9iaGVyYWxkLXRlc3RzMQ';

/** For the storage tool, before the first start. */
export const SCRAM_USERS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
  (mechanism) => `${mechanism}=[name=${KAFKA_USER.username},password=${KAFKA_USER.password}]`,
);

/**
 * The configuration of a broker that is its own controller.
 * @param bind the address that it listens on
 * @param logs the directory of its data
 */
export function serverProperties(ports: KafkaPorts, bind: string, logs: string): string {
  const { username, password } = KAFKA_USER;
  const at = (name: string, host: string, port: number) => `${name}://${host}:${port}`;
  const listeners = [
    at('PLAINTEXT', bind, ports.plain),
    at('CONTROLLER', '127.0.0.1', ports.controller),
    at('SASL', bind, ports.sasl),
    at('FORWARDED', bind, ports.listener),
  ];
  const advertised = [
    at('PLAINTEXT', '127.0.0.1', ports.plain),
    at('SASL', '127.0.0.1', ports.sasl),
    at('FORWARDED', '127.0.0.1', ports.forwarded),
  ];
  const plainLogin = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: listeners.join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,FORWARDED:PLAINTEXT,SASL:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl.plain.sasl.jaas.config': `${plainLogin} required user_${username}="${password}";`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': `${scramLogin} required;`,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': `${scramLogin} required;`,
    'log.dirs': logs,
    'auto.create.topics.enable': false,
    // One node, and nobody who waits for more of them.
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'controlled.shutdown.enable': false,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
