import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readLedger } from '../../../faults/checker/ledger';
import { openReceivedLedger } from '../../../faults/receivers/taker';
import { temporaryDirectory } from '../../support/temporary-directory';

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  folder = await temporaryDirectory();
  const endpoint = { name: 'books', channel: 'webhook', format: 'standard', secret: null, effects: 'books.sqlite' };
  writeFileSync(join(folder.path, 'endpoints.json'), JSON.stringify([endpoint]));
  const database = new DatabaseSync(join(folder.path, 'books.sqlite'));
  database.exec("CREATE TABLE effects (webhook_id TEXT); INSERT INTO effects VALUES ('id-1')");
  database.close();
});
afterEach(() => folder.remove());

const file = () => join(folder.path, 'received-books.jsonl');
const arrived = { id: 'id-1', headers: { 'webhook-id': 'id-1' }, body: Buffer.from('ÿ bytes'), behaviour: 'ok' };

test('a ledger is read as it was written: the bytes, and whether they were accepted', () => {
  const written = openReceivedLedger(file(), 'books', () => 12);
  written.answered(written.arrived(arrived), 500);
  written.answered(written.arrived(arrived), 204);
  written.arrived(arrived);
  written.close();

  const { arrivals, effects } = readLedger(folder.path);

  expect(arrivals.map(({ no, wasTaken }) => [no, wasTaken])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  expect(arrivals[0]).toMatchObject({ endpoint: 'books', at: 12, id: 'id-1', body: Buffer.from('ÿ bytes') });
  expect(effects).toEqual([{ endpoint: 'books', id: 'id-1' }]);
});

test('a last line that was cut off is not an attempt; a broken one in the middle is a fault', () => {
  openReceivedLedger(file(), 'books').arrived(arrived);
  appendFileSync(file(), '{"what":"arri');
  expect(readLedger(folder.path).arrivals).toHaveLength(1);

  appendFileSync(file(), '\n');
  expect(() => readLedger(folder.path)).toThrow(SyntaxError);
});
