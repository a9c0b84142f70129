import type { Conversation, LiveSession, TimelineMessage } from '@baton/client';
import { nodePrimitives } from '@baton/client-node';
import { makeGeneration, randomGroupKeys, signEntry } from '@baton/crypto';
import { decodeBase64Url, encodeBase64Url } from '@baton/kernel';
import { findAccount, findCustodian, keyLogRoot } from '@baton/ledger';
import { CUSTODIAN, type Item, sealedCodec, signedCodec } from '@baton/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLyingTransport, type LyingTransport, lieAboutItems } from './network/lying-transport.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

// Threats T1 to T9: what a server could do to a client, with the server's own checks out of play. Each act ends in a named alarm, never in
// silent acceptance.

let server: TestServer;
let practice: Practice;
let maria: Device;
let james: Device;
let nina: Device;
let lying: LyingTransport;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Nina Patel', jobs: ['medical-assistant'] },
    ],
  });
  [maria, james, nina] = practice.people as [Device, Device, Device];
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

beforeEach(() => {
  lying = createLyingTransport();
});

const say = (thread: Conversation, text: string) =>
  thread.send({ text, files: [], mentions: [], replyTo: null, as: null });

const textsOf = (thread: Conversation): string[] =>
  thread.timeline
    .read()
    .items.filter((item): item is TimelineMessage => item.type === 'message')
    .map(({ text }) => text);

/** James on a device to which the server can lie. */
async function deceived(): Promise<LiveSession> {
  const device = await practice.addDevice(james.link, server.url, { wrapTransport: lying.wrap });
  await until(device.session.conversations.ready, (ready) => ready);
  return device.session;
}

async function alarmOf(session: LiveSession, code: string): Promise<string> {
  const alarms = await until(session.alarms, (shown) => shown.some((alarm) => alarm.code === code), {
    withinMs: 15_000,
  });
  expect(alarms.find((alarm) => alarm.code === code)?.severity).toBe('danger');
  return alarms.find((alarm) => alarm.code === code)?.about ?? '';
}

async function committed(thread: Conversation): Promise<void> {
  await until(thread.timeline, ({ items }) =>
    items.every((item) => item.type !== 'message' || (item.seq !== null && item.state !== 'waiting')),
  );
}

async function newThread(words: string): Promise<Conversation> {
  const thread = await maria.session.conversations.startGroup({ title: words, members: [james.account] });
  await say(thread, words);
  await committed(thread);
  return thread;
}

/** A membership entry that adds Nina, as Maria could have made it: valid in all but what the test takes away. */
async function forgeAddition(thread: Conversation) {
  const primitives = await nodePrimitives();
  const { parts } = maria.session;
  const log = await parts.logs.require(thread.id);
  const keys = await parts.generations.find(thread.id, log.state.gen);
  const state = parts.keyLog.state;
  const recipients = [maria.account, james.account, nina.account].map((account) => {
    const { boxKey } = findAccount(state, account) ?? {};
    return { m: account, g: boxKey?.gen ?? 0, h: true, publicKey: boxKey?.pub ?? new Uint8Array(1216) };
  });
  const custodian = findCustodian(state)?.statement;
  const generation = await makeGeneration(
    { primitives, rng: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) } },
    {
      provider: randomGroupKeys({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }),
      draft: {
        v: 1,
        t: 'entry',
        org: maria.session.me.read().org,
        conv: thread.id,
        n: log.state.n + 1,
        prev: log.state.head,
        author: maria.account,
        as: null,
        dk: parts.vault.secrets.dk,
        ts: Date.now(),
        op: { op: 'add', members: [{ m: nina.account, hist: true }], because: null },
        gen: log.state.gen + 1,
        keylog: { size: parts.keyLog.size, root: keyLogRoot(state) ?? new Uint8Array(32) },
      },
      previous: keys,
      recipients: [
        ...recipients,
        { m: CUSTODIAN, g: custodian?.gen ?? 0, h: true, publicKey: custodian?.pub ?? new Uint8Array(1216) },
      ],
    },
  );
  return { entry: generation.entry, primitives };
}

describe('a server that lies about members', () => {
  it('cannot add one: the entry is refused and nothing is sent any more', async () => {
    const [thread, elsewhere] = [await newThread('ghost'), await newThread('elsewhere')];
    const { entry, primitives } = await forgeAddition(thread);
    const foreign = await primitives.signingKeyFromSeed(new Uint8Array(32).fill(7));
    const forged = await signEntry(primitives, { key: foreign, body: entry });
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('ghost'));
    const { hi } = session.parts.book.get(thread.id)!;
    lying.lies.frame = lieAboutItems((conv, items) => {
      if (conv !== thread.id) return items;
      return [{ seq: hi + 1, k: 'entry', b: forged.bytes, batch: 1_000_000, ts: Date.now() } satisfies Item];
    });
    await say(thread, 'bait');
    await alarmOf(session, 'ledger.bad_signature');
    expect(shown.summary.read().blocked).toMatchObject({ code: 'ledger.bad_signature' });
    expect(session.parts.logs.peek(thread.id)?.state.members.has(nina.account)).toBe(false);
    await say(shown, 'must not go');
    // What is written after it, where nothing is wrong, goes.
    await say(await session.conversations.open(elsewhere.id), 'goes');
    await until(elsewhere.timeline, () => textsOf(elsewhere).includes('goes'));
    expect(textsOf(thread)).not.toContain('must not go');
    expect(shown.timeline.read().items.at(-1)).toMatchObject({ text: 'must not go', state: 'waiting' });
    await session.close();
  });

  it('cannot hide an entry: the next message names it', async () => {
    const thread = await newThread('hidden');
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('hidden'));
    const { hi } = session.parts.book.get(thread.id)!;
    // The entry at hi + 1 is left out and everything after it moves up by one.
    lying.lies.frame = lieAboutItems((_conv, items) =>
      items
        .filter(({ seq }) => seq !== hi + 1)
        .map((item) => (item.seq > hi + 1 ? { ...item, seq: item.seq - 1 } : item)),
    );
    lying.lies.body = (path, body) => {
      if (!path.endsWith(`${thread.id}/entries`)) return body;
      const { entries } = body as { entries: { seq: number }[] };
      return { entries: entries.filter(({ seq }) => seq <= hi) };
    };
    await thread.addMembers([nina.account], { history: true });
    await say(thread, 'after');
    await alarmOf(session, 'ledger.rollback');
    expect(textsOf(shown)).not.toContain('after');
    await session.close();
  });

  it('cannot show two histories', async () => {
    const thread = await newThread('fork');
    const { entry, primitives } = await forgeAddition(thread);
    const other = await signEntry(primitives, { key: maria.session.identity.deviceKey, body: entry });
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('fork'));
    const { hi } = session.parts.book.get(thread.id)!;
    lying.lies.frame = lieAboutItems((_conv, items) =>
      items.map((item) => (item.seq === hi + 1 && item.k === 'entry' ? { ...item, b: other.bytes } : item)),
    );
    await thread.addMembers([nina.account], { history: true });
    await say(thread, 'on the other side');
    await alarmOf(session, 'ledger.fork');
    expect(textsOf(shown)).not.toContain('on the other side');
    await session.close();
  });
});

describe('a server that lies about the stream', () => {
  it('cannot withhold an item', async () => {
    const thread = await newThread('withheld');
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('withheld'));
    const { hi } = session.parts.book.get(thread.id)!;
    lying.lies.frame = lieAboutItems((_conv, items) => items.filter(({ seq }) => seq !== hi + 1));
    await say(thread, 'the missing one');
    await say(thread, 'the next one');
    expect(await alarmOf(session, 'ledger.rollback')).toBe(`${thread.id}.${hi + 1}`);
    expect(textsOf(shown)).not.toContain('the next one');
    lying.lies.frame = (frame) => frame;
    await say(thread, 'and on');
    await until(shown.timeline, () => textsOf(shown).includes('and on'));
    expect(textsOf(shown)).toEqual(['withheld', 'the missing one', 'the next one', 'and on']);
    await session.close();
  });

  it('cannot play an item again', async () => {
    const thread = await newThread('replay');
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('replay'));
    let first: Item | null = null;
    const { hi } = session.parts.book.get(thread.id)!;
    lying.lies.frame = lieAboutItems((_conv, items) =>
      items.map((item) => {
        if (item.seq === hi + 1) first = item;
        return item.seq === hi + 2 && first ? { ...item, b: first.b } : item;
      }),
    );
    await say(thread, 'once');
    await say(thread, 'twice');
    await alarmOf(session, 'ledger.bad_chain');
    expect(textsOf(shown).filter((text) => text === 'once')).toHaveLength(1);
    expect(shown.timeline.read().items.some((item) => item.type === 'problem')).toBe(true);
    await session.close();
  });

  it('cannot alter a header or a ciphertext', async () => {
    const thread = await newThread('altered');
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    await until(shown.timeline, () => textsOf(shown).includes('altered'));
    lying.lies.frame = lieAboutItems((_conv, items) =>
      items.map((item) => {
        const sealed = item.k === 'envelope' ? sealedCodec.decode(item.b) : null;
        if (!sealed?.ok) return item;
        const x = sealed.value.x.slice();
        x[0] = (x[0] ?? 0) ^ 1;
        return { ...item, b: sealedCodec.encode({ ...sealed.value, x }) };
      }),
    );
    await say(thread, 'changed on the way');
    await alarmOf(session, 'ledger.bad_signature');
    expect(textsOf(shown)).not.toContain('changed on the way');
    lying.lies.frame = (frame) => frame;
    await say(thread, 'sync goes on');
    await until(shown.timeline, () => textsOf(shown).includes('sync goes on'));
    await session.close();
  });

  it('cannot pass off one conversation as another', async () => {
    const [one, two] = [await newThread('one'), await newThread('two')];
    const session = await deceived();
    const shown = await session.conversations.open(two.id);
    await until(shown.timeline, () => textsOf(shown).includes('two'));
    let foreign: Item | null = null;
    lying.lies.frame = lieAboutItems((conv, items) => {
      if (conv === one.id) foreign = items[0] ?? null;
      return conv === two.id && foreign ? items.map((item) => ({ ...item, b: foreign!.b })) : items;
    });
    await say(one, 'meant for one');
    await until(session.conversations.list, (rows) =>
      rows.some(({ preview }) => preview?.text === 'meant for one'),
    );
    await say(two, 'meant for two');
    await alarmOf(session, 'ledger.wrong_purpose');
    expect(textsOf(shown)).not.toContain('meant for one');
    await session.close();
  });

  it('cannot promise what it does not keep: receipts are checked', async () => {
    const thread = await newThread('receipts');
    const session = await deceived();
    const shown = await session.conversations.open(thread.id);
    lying.lies.frame = (frame) => {
      if (frame.t !== 'ok' || !('receipt' in frame.a)) return frame;
      return { ...frame, a: { ...frame.a, seq: (frame.a as { seq: number }).seq + 1 } as typeof frame.a };
    };
    await say(shown, 'where did it go');
    expect(await alarmOf(session, 'ledger.bad_proof')).toContain('receipt');
    await session.close();
  });
});

describe('a server that lies about keys', () => {
  it('cannot swap or change a statement', async () => {
    const session = await deceived();
    lying.lies.body = (path, body) => {
      if (!path.startsWith('/v1/keylog?')) return body;
      const page = body as { statements: string[] };
      return {
        ...page,
        statements: page.statements.map((text) => {
          const signed = signedCodec.decode(decodeBase64Url(text)!);
          if (!signed.ok) return text;
          const s = signed.value.s.slice();
          s[5] = (s[5] ?? 0) ^ 4;
          return encodeBase64Url(signedCodec.encode({ ...signed.value, s }));
        }),
      };
    };
    const before = session.parts.keyLog.size;
    await practice.admin.session.people.invite({ name: 'Somebody', jobs: ['nurse'] });
    await alarmOf(session, 'ledger.bad_signature');
    expect(session.parts.keyLog.size).toBe(before);
    await session.close();
  });

  it('cannot go back to an older key log', async () => {
    const session = await deceived();
    await practice.admin.session.people.invite({ name: 'Somebody else', jobs: ['nurse'] });
    await until(session.people.invitations, (list) => list.some(({ name }) => name === 'Somebody else'));
    lying.lies.body = (path, body) =>
      path.startsWith('/v1/keylog?') ? { ...(body as object), statements: [], size: 3 } : body;
    await session.parts.keyLog.catchUp();
    expect(await alarmOf(session, 'ledger.rollback')).toBe('keylog.size');
    await session.close();
  });

  it('cannot show an older head than before', async () => {
    let old: string | null = null;
    lying.lies.body = (path, body) => {
      if (path.startsWith('/v1/keylog?')) old ??= (body as { head: string }).head;
      return body;
    };
    const session = await deceived();
    await practice.admin.session.people.invite({ name: 'Third', jobs: ['nurse'] });
    await until(session.people.invitations, (list) => list.some(({ name }) => name === 'Third'));
    lying.lies.body = (path, body) =>
      path.startsWith('/v1/keylog?') ? { ...(body as object), head: old } : body;
    await session.parts.keyLog.catchUp();
    expect(await alarmOf(session, 'ledger.rollback')).toBe('keylog.head');
    await session.close();
  });

  it("cannot hand out another member's box", async () => {
    const thread = await newThread('boxes');
    let own: { boxes: { to: string; gen: number; box: string }[] } | null = null;
    const helper = await practice.addDevice(maria.link, server.url, {
      wrapTransport: (() => {
        const catcher = createLyingTransport();
        catcher.lies.body = (path, body) => {
          if (path.includes(`${thread.id}/boxes`)) own = body as typeof own;
          return body;
        };
        return catcher.wrap;
      })(),
    });
    await until(helper.session.conversations.ready, (ready) => ready);
    await helper.session.close();
    lying.lies.body = (path, body) => {
      if (!path.includes(`${thread.id}/boxes`) || !own) return body;
      return { boxes: own.boxes.map((box) => ({ ...box, to: james.account })) };
    };
    const session = await deceived();
    await alarmOf(session, 'ledger.bad_proof');
    expect(await session.parts.generations.find(thread.id, 1)).toBeNull();
    await session.close();
  });

  it('cannot restore last week: a smaller world is noticed at the greeting', async () => {
    const device = await practice.addDevice(james.link);
    await until(device.session.conversations.ready, (ready) => ready);
    await device.session.close();
    lying.lies.frame = (frame) => (frame.t === 'welcome' ? { ...frame, batch: 1 } : frame);
    const again = await practice.reopen(device, server.url, { wrapTransport: lying.wrap });
    expect(await alarmOf(again.session, 'ledger.rollback')).toBe('welcome');
    await again.session.close();
  });
});
