import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ByteSource,
  type Conversation,
  type OpenedFile,
  type OutgoingFile,
  type Transport,
  Unreachable,
} from '@baton/client';
import type { Bytes } from '@baton/kernel';
import type { Attachment } from '@baton/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

// Files from one device to another (sealing.md §10): long ones in parts that go on where they broke off, and never a byte shown that is not
// what was sent (threats T7, T30, T31).

const MIB = 1024 * 1024;

let server: TestServer;
let practice: Practice;
let maria: Device;
let james: Device;
let mariaLine: Line;

/** A line that can be cut and lied on, and what went over it. */
class Line {
  readonly puts: { readonly path: string; readonly offset: number; readonly length: number }[] = [];
  readonly ranges: string[] = [];
  /** Answers are lost once so many parts have gone up. */
  cutAfter = Number.POSITIVE_INFINITY;
  lie: ((range: string, body: Bytes) => Bytes) | null = null;

  readonly wrap = (transport: Transport): Transport => ({
    ...transport,
    connect: (token, events) => transport.connect(token, events),
    request: async (request) => {
      if (!request.path.includes('/blobs/')) return transport.request(request);
      const range = request.headers['range'] ?? '';
      if (request.method === 'GET' && range !== '') this.ranges.push(range);
      if (request.method === 'PUT') {
        const [path = '', query = ''] = request.path.split('?');
        const offset = Number(new URLSearchParams(query).get('offset'));
        this.puts.push({ path, offset, length: request.body?.length ?? 0 });
        // It arrives; that it did is never heard.
        if (this.puts.length >= this.cutAfter) {
          if (this.puts.length === this.cutAfter) await transport.request(request);
          throw new Unreachable('cut');
        }
      }
      const answer = await transport.request(request);
      const isFile = request.path.startsWith('/v1/blobs/') && answer.status < 300;
      return isFile && this.lie ? { ...answer, body: this.lie(range, answer.body) } : answer;
    },
  });
}

beforeAll(async () => {
  server = await startTestServer();
  mariaLine = new Line();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
    ],
    platformOf: ({ name }) => (name === 'Maria Lopez' ? { wrapTransport: mariaLine.wrap } : {}),
  });
  [maria, james] = practice.people as [Device, Device];
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

beforeEach(() => {
  mariaLine.puts.length = 0;
  mariaLine.cutAfter = Number.POSITIVE_INFINITY;
});

/** Bytes that follow from their place, made as they are read. */
function longSource(sizeBytes: number): ByteSource & { readonly hash: string } {
  const piece = (index: number): Buffer => {
    const bytes = Buffer.alloc(Math.min(MIB, sizeBytes - index * MIB), index);
    bytes.writeUInt32BE(index, 0);
    return bytes;
  };
  const hash = createHash('sha256');
  for (let index = 0; index * MIB < sizeBytes; index++) hash.update(piece(index));
  return {
    sizeBytes,
    hash: hash.digest('hex'),
    async *open() {
      for (let index = 0; index * MIB < sizeBytes; index++) yield new Uint8Array(piece(index));
    },
  };
}

function fileOf(bytes: OutgoingFile['bytes'], name = 'echo.mp4'): OutgoingFile {
  return { name, mime: 'video/mp4', bytes, width: null, height: null };
}

const say = (thread: Conversation, text: string, files: readonly OutgoingFile[]) =>
  thread.send({ text, files, mentions: [], replyTo: null, as: null });

function find(thread: Conversation, text: string) {
  return thread.timeline.read().items.find((item) => item.type === 'message' && item.text === text);
}

async function arrives(device: Device, thread: Conversation, text: string): Promise<Conversation> {
  await until(device.session.conversations.list, (rows) => rows.some((row) => row.id === thread.id));
  const opened = await device.session.conversations.open(thread.id);
  await until(opened.timeline, () => find(opened, text) !== undefined, { withinMs: 30_000 });
  return opened;
}

function attachmentOf(thread: Conversation, text: string): Attachment {
  const message = find(thread, text);
  const [attachment] = message?.type === 'message' ? message.attachments : [];
  if (attachment === undefined) throw new Error('no attachment');
  return attachment;
}

async function hashOf(opened: OpenedFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of opened.pieces) hash.update(piece);
  return hash.digest('hex');
}

const partsOf = (list: Line['puts']): number[] => list.map(({ offset }) => offset);

function storedFiles(): string[] {
  const folder = join(server.dataDir, 'blobs');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

describe('a long file', () => {
  it('goes up in parts with its progress shown, and comes down piece by piece', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    const source = longSource(9 * MIB + 77);
    const seen: number[] = [];
    thread.uploads.subscribe(() => {
      for (const { sentBytes, totalBytes } of thread.uploads.read().values())
        seen.push(Math.round((100 * sentBytes) / totalBytes));
    });
    await say(thread, 'Echo', [fileOf(source)]);
    const forJames = await arrives(james, thread, 'Echo');
    expect(mariaLine.puts.length).toBeGreaterThanOrEqual(4);
    expect(seen.length).toBeGreaterThan(2);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    await until(thread.uploads, (uploads) => uploads.size === 0);
    const attachment = attachmentOf(forJames, 'Echo');
    expect(attachment.sizeBytes).toBe(source.sizeBytes);
    const opened = forJames.openAttachment(attachment);
    const heard: number[] = [];
    opened.openedBytes.subscribe(() => heard.push(opened.openedBytes.read()));
    expect(await hashOf(opened)).toBe(source.hash);
    expect(opened.openedBytes.read()).toBe(source.sizeBytes);
    expect(heard.length).toBeGreaterThan(2);
  });

  it('goes on where it was when the line breaks and the device is started anew', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    const source = longSource(12 * MIB + 5);
    mariaLine.cutAfter = 3;
    await say(thread, 'Broken off', [fileOf(source)]);
    await until(thread.uploads, () => mariaLine.puts.length >= 3);
    const before = partsOf(mariaLine.puts.slice(0, 3));
    await maria.session.close();
    mariaLine.cutAfter = Number.POSITIVE_INFINITY;
    mariaLine.puts.length = 0;
    maria = await practice.reopen(maria, server.url, { wrapTransport: mariaLine.wrap });
    const forJames = await arrives(james, thread, 'Broken off');
    // Three parts had arrived, the third unheard: it goes on after it.
    expect(before).toEqual([0, 2 * MIB, 4 * MIB]);
    expect(partsOf(mariaLine.puts)).toEqual([6 * MIB, 8 * MIB, 10 * MIB, 12 * MIB]);
    const attachment = attachmentOf(forJames, 'Broken off');
    expect(await hashOf(forJames.openAttachment(attachment))).toBe(source.hash);
  });

  it('goes on when the server was away in the middle, and words do not wait for it', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    const source = longSource(14 * MIB);
    mariaLine.cutAfter = 4;
    await say(thread, 'Film', [fileOf(source)]);
    await say(thread, 'Words', []);
    await until(thread.uploads, () => mariaLine.puts.length >= 4);
    await arrives(james, thread, 'Words');
    await server.restart();
    mariaLine.cutAfter = Number.POSITIVE_INFINITY;
    const forJames = await arrives(james, thread, 'Film');
    expect(partsOf(mariaLine.puts).filter((offset) => offset === 0)).toHaveLength(1);
    expect(await hashOf(forJames.openAttachment(attachmentOf(forJames, 'Film')))).toBe(source.hash);
  });

  it('is taken back while it goes up, and leaves nothing anywhere', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    mariaLine.cutAfter = 2;
    const id = await say(thread, 'Wrong patient', [fileOf(longSource(20 * MIB))]);
    await until(thread.uploads, () => mariaLine.puts.length >= 2);
    const { blob } = attachmentOf(thread, 'Wrong patient');
    expect(storedFiles().some((name) => name.includes(blob))).toBe(true);
    expect(await thread.unsend(id)).toBe(true);
    expect(find(thread, 'Wrong patient')).toBeUndefined();
    mariaLine.cutAfter = Number.POSITIVE_INFINITY;
    const isGone = (): boolean => storedFiles().every((name) => !name.includes(blob));
    await until(thread.uploads, (uploads) => uploads.size === 0 && isGone());
    await say(thread, 'Right patient', []);
    await arrives(james, thread, 'Right patient');
  });

  it('is shown from this device while it waits, and refused when it is too long', async () => {
    const thread = await maria.session.conversations.startDirect(james.account);
    mariaLine.cutAfter = 1;
    const bytes = new Uint8Array(3 * MIB).fill(7);
    const id = await say(thread, 'Waits', [fileOf(bytes, 'x.jpg')]);
    const ranges = mariaLine.ranges.length;
    const own = await thread.readAttachment(attachmentOf(thread, 'Waits'));
    expect(Buffer.from(own).equals(bytes)).toBe(true);
    expect(mariaLine.ranges).toHaveLength(ranges);
    await thread.unsend(id);
    await expect(say(thread, 'Too long', [fileOf(longSourceOf(100 * MIB + 1))])).rejects.toMatchObject({
      code: 'wire.too_large',
    });
    await expect(
      say(thread, 'Shrunk', [fileOf({ ...longSource(MIB), sizeBytes: 2 * MIB })]),
    ).rejects.toMatchObject({ code: 'request.invalid', at: 'file.changed' });
  });
});

/** A length alone; nothing of it is read. */
function longSourceOf(sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    open() {
      throw new Error('read');
    },
  };
}

describe('a server that lies about a file is found out (T7)', () => {
  let forJames: Conversation;
  let attachment: Attachment;
  let other: Attachment;
  let line: Line;

  beforeAll(async () => {
    mariaLine.cutAfter = Number.POSITIVE_INFINITY;
    const thread = await maria.session.conversations.startDirect(james.account);
    await say(thread, 'Scan', [fileOf(longSource(5 * MIB), 'scan.pdf')]);
    await say(thread, 'Other', [fileOf(longSource(5 * MIB), 'other.pdf')]);
    await arrives(james, thread, 'Other');
    line = new Line();
    const device = await practice.addDevice(james.link, server.url, { wrapTransport: line.wrap });
    await until(device.session.conversations.ready, (ready) => ready);
    forJames = await arrives(device, thread, 'Other');
    attachment = attachmentOf(forJames, 'Scan');
    other = attachmentOf(forJames, 'Other');
  });

  const lies: [string, string, (range: string, body: Bytes) => Bytes][] = [
    [
      'cuts the end off',
      'file.cut_short',
      (range, body) => (range.startsWith('bytes=4') ? body.slice(0, 1000) : body),
    ],
    [
      'cuts a piece off in the middle',
      'file.cut_short',
      (range, body) => (range.startsWith('bytes=2') ? body.slice(0, -1) : body),
    ],
    ['answers nothing', 'file.cut_short', () => new Uint8Array()],
    ['adds a byte', 'file.altered', (_range, body) => Buffer.concat([body, Buffer.of(0)])],
    [
      'turns a bit',
      'file.altered',
      (range, body) => {
        const turned = body.slice();
        if (range.startsWith('bytes=2')) turned[500] = (turned[500] ?? 0) ^ 1;
        return turned;
      },
    ],
    [
      'swaps two chunks',
      'file.altered',
      (range, body) => {
        if (!range.startsWith('bytes=0-')) return body;
        const chunk = MIB + 16;
        const first = body.slice(32, 32 + 500_000);
        const swapped = body.slice();
        swapped.set(body.subarray(32 + chunk, 32 + chunk + 500_000), 32);
        swapped.set(first, 32 + chunk);
        return swapped;
      },
    ],
  ];

  it.each(lies)('that %s: %s', async (_what, at, lie) => {
    line.lie = lie;
    const failure = await hashOf(forJames.openAttachment(attachment)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ledger.bad_proof', at });
    expect((failure as { sentence: string }).sentence).toContain('scan.pdf');
    await expect(forJames.readAttachment(attachment)).rejects.toMatchObject({ at });
    line.lie = null;
    await expect(hashOf(forJames.openAttachment(attachment))).resolves.toBe(longSource(5 * MIB).hash);
  });

  it('that hands over another file of the same sender and length', async () => {
    const swapped = { ...attachment, blob: other.blob };
    await expect(hashOf(forJames.openAttachment(swapped))).rejects.toMatchObject({ at: 'file.altered' });
  });

  it('but a line that breaks is only waited for', async () => {
    let breaks = 2;
    line.lie = (_range, body) => {
      breaks -= 1;
      if (breaks >= 0) throw new Unreachable('broken');
      return body;
    };
    line.ranges.length = 0;
    expect(await hashOf(forJames.openAttachment(attachment))).toBe(longSource(5 * MIB).hash);
    expect(line.ranges.filter((range) => range.startsWith('bytes=0-'))).toHaveLength(3);
    line.lie = null;
  });
});
