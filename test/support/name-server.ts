import { createSocket } from 'node:dgram';

export interface NameServer {
  /** As the resolver takes it. */
  readonly address: string;
  /** The names asked for, once for each family of addresses. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** The addresses of a name, 'none' where it has none, or 'silence'. */
export type Zone = (name: string, type: 'A' | 'AAAA') => readonly string[] | 'none' | 'silence';

/** A real nameserver on loopback, as far as the questions of these tests go (RFC 1035). */
export async function startNameServer(zone: Zone, ttlSeconds = 60): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
      labels.push(query.toString('ascii', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join('.');
    const type = query.readUInt16BE(at + 1) === 1 ? 'A' : 'AAAA';
    asked.push(name);
    const answer = zone(name, type);
    if (answer === 'silence') return;
    const records = answer === 'none' ? [] : answer.map((each) => record(each, ttlSeconds));
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(answer === 'none' ? 0x8183 : 0x8180, 2); // NXDOMAIN, or no error
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...records]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** An A record of the name in the question. */
function record(address: string, ttlSeconds: number): Buffer {
  const data = Buffer.from(address.split('.').map(Number));
  const fields = Buffer.alloc(12);
  fields.writeUInt16BE(0xc00c, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt16BE(1, 4);
  fields.writeUInt32BE(ttlSeconds, 6);
  fields.writeUInt16BE(data.length, 10);
  return Buffer.concat([fields, data]);
}
