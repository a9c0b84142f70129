import { createHash, hash, randomFillSync, webcrypto } from 'node:crypto';
import { createPrimitives } from '@baton/crypto';
import { type Bytes, concatBytes, type MessageId } from '@baton/kernel';
import type { Attachment } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource, OutgoingFile } from '../api/files.ts';
import { idOf } from '../fixtures/ids.ts';
import { createManualTime } from '../fixtures/manual-time.ts';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import { type HttpAnswer, type HttpRequest, Unreachable } from '../ports/transport.ts';
import { Rest } from '../rest/rest.ts';
import { Lanes } from '../sync/lanes.ts';
import type { OutboxRow, PendingFile } from '../tables/records.ts';
import { FileReader } from './file-reader.ts';
import { ALL_INTAKES, PIECE_BYTES, pieceKey } from './file-rows.ts';
import { FileSealer } from './file-sealer.ts';
import { FileUploads } from './file-uploads.ts';

const MIB = 1024 * 1024;
const rng = { bytes: (length: number) => randomFillSync(new Uint8Array(length)) };
const primitives = await createPrimitives({
  subtle: webcrypto.subtle,
  rng,
  sha256: (data) => new Uint8Array(hash('sha256', data, 'buffer')),
  argon2id: () => Promise.reject(new Error('not here')),
});
const ID: MessageId = idOf('message', 1);

function filled(length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 509) bytes[at] = at & 255;
  return bytes;
}

function cutBy(content: Bytes, cuts: readonly number[]): ByteSource {
  return {
    sizeBytes: content.length,
    async *open() {
      for (let at = 0, turn = 0; at < content.length; turn++) {
        const size = cuts[turn % cuts.length] ?? content.length;
        yield content.subarray(at, at + size);
        at += size;
      }
    },
  };
}

function fileOf(bytes: OutgoingFile['bytes']): OutgoingFile {
  return { name: 'a.bin', mime: 'application/octet-stream', bytes, width: null, height: null };
}

/** A server of one file that keeps the rules of uploads (docs/protocol/server.md §11), on a line that breaks as it is told. */
class OneFileServer {
  stored = new Uint8Array(0);
  complete = false;
  begun = 0;
  readonly #breaks: () => 'no' | 'before' | 'after';

  constructor(breaks: () => 'no' | 'before' | 'after') {
    this.#breaks = breaks;
  }

  request = async (request: HttpRequest): Promise<HttpAnswer> => {
    const breaks = this.#breaks();
    if (breaks === 'before') throw new Unreachable('before');
    const answer = this.#answer(request);
    if (breaks === 'after') throw new Unreachable('after');
    return answer;
  };

  #answer({ method, path, body, headers }: HttpRequest): HttpAnswer {
    if (path.startsWith('/v1/blobs/')) return this.#range(headers['range'] ?? '');
    if (method === 'GET') return this.#state();
    const query = new Map(
      (path.split('?')[1] ?? '').split('&').map((pair) => pair.split('=') as [string, string]),
    );
    const offset = Number(query.get('offset'));
    const part = body ?? new Uint8Array(0);
    if (offset === 0 && part.length > 0) this.begun += 1;
    const end = offset + part.length;
    if (offset === this.stored.length) this.stored = new Uint8Array(concatBytes(this.stored, part));
    else if (end !== this.stored.length) return no(409, 'conflict.version');
    if (end === Number(query.get('size'))) {
      const given = query.get('hash');
      if (given !== createHash('sha256').update(this.stored).digest('base64url'))
        return no(400, 'request.invalid');
      this.complete = true;
    }
    return this.#state();
  }

  #range(range: string): HttpAnswer {
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    return { status: 206, body: this.stored.slice(Number(from), Number(to) + 1) };
  }

  #state(): HttpAnswer {
    return json(200, { offset: this.stored.length, complete: this.complete });
  }
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, body: new Uint8Array(Buffer.from(JSON.stringify(value))) };
}
function no(status: number, code: string): HttpAnswer {
  return json(status, { code, message: 'x', at: '' });
}

async function collect(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const piece of pieces) parts.push(piece);
  return concatBytes(...parts);
}

function createDevice() {
  const store = createMemoryStore();
  const time = createManualTime();
  const sealer = new FileSealer({ primitives, rng, clock: time, store });
  return { store, time, sealer };
}

describe('files of a device', () => {
  it('lie sealed in the store, whole, and go up and come down as they were, however often the line breaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5 * MIB }),
        fc.array(fc.integer({ min: 1, max: 2 * MIB }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom('no', 'before', 'after'), { minLength: 1, maxLength: 12 }),
        async (length, cuts, breaks) => {
          const { store, time, sealer } = createDevice();
          const content = filled(length);
          const sealed = await sealer.seal(ID, [fileOf(cutBy(content, cuts))]);
          await store.write(sealed.writes);
          const [attachment] = sealed.attachments as [Attachment];
          let row = rowOf(sealed.attachments, sealed.files);
          let turn = 0;
          const server = new OneFileServer(() => breaks[turn++] ?? 'no');
          const transport = {
            request: server.request,
            connect: () => Promise.reject(new Error('not here')) as never,
          };
          const rest = new Rest(transport);
          const lanes = new Lanes();
          // Each attempt by a device that was started anew: nothing but the store goes from one to the next.
          for (let attempt = 0; !row.files.every(({ uploaded }) => uploaded); attempt++) {
            if (attempt > 20) throw new Error('never ends');
            const uploads = new FileUploads({
              rest,
              store,
              soon: (task) => void setImmediate(task),
              locks: { run: (name, task) => lanes.run(name, task) },
              outbox: {
                find: () => row,
                update: async (_id, change) => {
                  row = change(row);
                  return row;
                },
              },
            });
            await uploads.upload(ID, () => true).catch(() => {});
          }
          expect(server.complete).toBe(true);
          const reader = new FileReader({
            primitives,
            timers: time,
            soon: (task) => void setImmediate(task),
            rest,
            store,
            findLocal: () => null,
          });
          turn = breaks.length;
          const opened = await collect(reader.open(attachment).pieces);
          expect(Buffer.compare(opened, content)).toBe(0);
          // No piece shows a run of the content.
          if (length > 2000)
            expect(Buffer.from(server.stored).includes(Buffer.from(content.subarray(0, 1000)))).toBe(false);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are read from the store while they wait', async () => {
    const { store, time, sealer } = createDevice();
    const content = filled(2 * MIB + 3);
    const { attachments, files } = await sealer.seal(ID, [fileOf(content)]);
    const reader = new FileReader({
      primitives,
      timers: time,
      soon: (task) => void setImmediate(task),
      rest: new Rest({
        request: () => Promise.reject(new Unreachable('x')),
        connect: () => Promise.reject(new Unreachable('x')) as never,
      }),
      store,
      findLocal: () => ({ id: ID, file: 0 }),
    });
    expect(Buffer.compare(await reader.read(attachments[0] as Attachment), content)).toBe(0);
    expect(
      await store.get('files', pieceKey(ID, 0, Math.floor((files[0]?.sealedBytes ?? 0) / PIECE_BYTES))),
    ).not.toBeNull();
    // A row that was swapped on the disk does not open either.
    const first = await store.get('files', pieceKey(ID, 0, 1));
    await store.write([{ table: 'files', key: pieceKey(ID, 0, 0), value: first }]);
    await expect(collect(reader.open(attachments[0] as Attachment).pieces)).rejects.toMatchObject({
      at: 'file.altered',
    });
  });

  it('leave nothing behind when their message never came into the outbox', async () => {
    const { store, time, sealer } = createDevice();
    // A crash: sealed, and never added.
    await sealer.seal(ID, [fileOf(filled(MIB)), fileOf(filled(10))]);
    const waiting = idOf('message', 2);
    const kept = await sealer.seal(waiting, [fileOf(filled(10))]);
    await store.write(kept.writes);
    const other = idOf('message', 3);
    await sealer.seal(other, [fileOf(filled(10))]);
    const isInOutbox = (id: MessageId): boolean => id === waiting;
    await sealer.sweep(isInOutbox);
    expect(await store.list('files', ALL_INTAKES)).toHaveLength(2);
    await time.advance(2 * 60 * 60_000);
    await sealer.sweep(isInOutbox);
    expect(await store.list('files', ALL_INTAKES)).toEqual([]);
    expect(await store.get('files', pieceKey(ID, 0, 0))).toBeNull();
    expect(store.rows()).toBe(1);
  });

  it('that fail to be read are refused and leave nothing behind', async () => {
    const { store, sealer } = createDevice();
    const shrunk = { ...cutBy(filled(100), [50]), sizeBytes: 200 };
    await expect(sealer.seal(ID, [fileOf(filled(MIB)), fileOf(shrunk)])).rejects.toMatchObject({
      at: 'file.changed',
    });
    const failing: ByteSource = {
      sizeBytes: 3 * MIB,
      async *open() {
        yield filled(2 * MIB);
        throw new Error('the card was taken out');
      },
    };
    await expect(sealer.seal(ID, [fileOf(failing)])).rejects.toThrow('taken out');
    expect(store.rows()).toBe(0);
  });
});

function rowOf(attachments: readonly Attachment[], files: readonly PendingFile[]): OutboxRow {
  return {
    v: 1,
    order: 1,
    id: ID,
    conv: idOf('conversation', 1),
    createdAt: 1,
    notBefore: 1,
    class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
    asked: null,
    answers: [],
    as: null,
    content: {
      t: 'message',
      text: '',
      attachments: [...attachments],
      mentions: [],
      quote: null,
      template: null,
      request: null,
    },
    files: [...files],
    attempted: false,
    failure: null,
    committed: null,
  };
}
