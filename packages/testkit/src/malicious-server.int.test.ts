import { nodePrimitives, nodeRng } from '@baton/client-node';
import { signCertificate, signWatermark } from '@baton/crypto';
import { newId } from '@baton/kernel';
import {
  deviceCertificateCodec,
  type EnvelopeHeader,
  envelopeHeaderCodec,
  sealedCodec,
  signedCodec,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeEntry, forgeMessage } from './malice/forge.ts';
import {
  alarmOf,
  catchUp,
  isQuiet,
  messagesOf,
  reads,
  type Stage,
  say,
  setStage,
  textsOf,
} from './malice/stage.ts';
import { swallowAppends } from './malice/swallow-appends.ts';
import { createLyingTransport, lieAboutItems } from './network/lying-transport.ts';
import { until } from './until.ts';

// Threats T1 to T9, T34: an operator with the database and the server's key, insiders and ex-employees who work together with it. Every check
// of the server is out of play; each act ends in a named alarm or in a refusal.

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);

afterAll(() => stage?.close());

const orgOf = () => stage.maria.session.identity.org;

describe('members that only the database has', () => {
  it('get no key, see nothing, and nobody is told that they are there (T1)', async () => {
    const { operator, maria, james, nina } = stage;
    const thread = await stage.thread('ghost', [james]);
    await operator.query('INSERT INTO members (org, conv, member) VALUES ($1, $2, $3)', [
      orgOf(),
      thread.id,
      nina.account,
    ]);
    await operator.query(
      `INSERT INTO boxes (org, conv, gen, recipient, log_n, body)
       SELECT org, conv, gen, $3, log_n, body FROM boxes WHERE org = $1 AND conv = $2 AND recipient = $4`,
      [orgOf(), thread.id, nina.account, maria.account],
    );
    await say(thread, 'for James only');
    const ghost = await stage.practice.addDevice(nina.link);
    await alarmOf(ghost.session, 'ledger.bad_proof', `${thread.id}.box`);
    expect(await ghost.session.parts.generations.find(thread.id, 1)).toBeNull();
    expect(ghost.session.conversations.list.read().map(({ id }) => id)).not.toContain(thread.id);
    expect(thread.readers.read().people.map(({ person }) => person.id)).not.toContain(nina.account);
    await thread.removeMember(james.account);
    const boxes = await operator.query<{ recipient: string }>(
      'SELECT recipient FROM boxes WHERE conv = $1 AND gen = 2',
      [thread.id],
    );
    expect(boxes.map(({ recipient }) => recipient).sort()).toEqual(['custodian', maria.account].sort());
    await ghost.session.close();
  });

  it('a device row without a certificate of the account signs nothing (T2)', async () => {
    const { operator, maria, james } = stage;
    const thread = await stage.thread('device', [james]);
    const primitives = await nodePrimitives();
    const [identityKey, deviceKey] = await Promise.all(
      [1, 2].map((fill) => primitives.signingKeyFromSeed(new Uint8Array(32).fill(fill))),
    );
    const own = deviceCertificateCodec.decode(signedBody(james.session.identity.certificate));
    if (!own.ok || !identityKey || !deviceKey) throw new Error('no certificate');
    const device = newId('device', nodeRng);
    const certificate = await signCertificate(primitives, {
      key: identityKey,
      body: { ...own.value, device, pub: deviceKey.publicKey },
    });
    await operator.query(
      'INSERT INTO certificates (org, hash, account, device, body, created_at) VALUES ($1, $2, $3, $4, $5, 0)',
      [orgOf(), certificate.hash, james.account, device, certificate.bytes],
    );
    const b = await forgeMessage(james.session, {
      conv: thread.id,
      text: 'not James',
      header: { dk: certificate.hash },
      signer: deviceKey,
    });
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.bad_signature', thread.id);
    expect(textsOf(thread)).not.toContain('not James');
  });
});

describe('authors who may not write', () => {
  it('a member cannot write for a role that it does not hold', async () => {
    const { operator, admin, maria, james } = stage;
    const role = await admin.session.people.defineRole({
      name: 'Cardiology on call',
      unit: null,
      use: 'duty',
      holders: [],
    });
    await until(maria.session.directory.roles, (roles) => roles.some(({ id }) => id === role));
    const thread = await stage.thread('roles', [james]);
    for (const members of [[], [role]]) {
      if (members.length > 0) await thread.addMembers(members, { history: true });
      const text = `as cardiology ${members.length}`;
      const b = await forgeMessage(james.session, { conv: thread.id, text, header: { as: role } });
      await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
      await catchUp(maria.session);
      await alarmOf(maria.session, 'policy.forbidden', `${thread.id}.header.as`);
      expect(textsOf(thread)).not.toContain(text);
      await until(
        james.session.conversations.list,
        () => james.session.parts.logs.peek(thread.id)?.state.n === members.length,
      );
    }
  });

  it('one who was removed cannot, by an old generation or a new one', async () => {
    const { operator, maria, james, nina } = stage;
    const thread = await stage.thread('removed', [james, nina]);
    const old = await forgeMessage(nina.session, { conv: thread.id, text: 'from before' });
    await thread.removeMember(nina.account);
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b: old });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'policy.generation', thread.id);
    const { state } = maria.session.parts.logs.peek(thread.id)!;
    const b = await forgeMessage(nina.session, {
      conv: thread.id,
      text: 'still here',
      gen: 2,
      madeUpKeys: true,
      header: { logN: state.n, logHead: state.head },
    });
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'policy.not_a_member', thread.id);
    expect(textsOf(thread)).toEqual(['removed']);
  });

  it('a revoked device cannot, whatever time it claims (T34)', async () => {
    const { operator, maria, james, practice } = stage;
    const lost = await practice.addDevice(james.link);
    const thread = await stage.thread('lost phone', [james]);
    await reads(lost.session, thread.id, 'lost phone');
    const b = await forgeMessage(lost.session, {
      conv: thread.id,
      text: 'finder',
      header: { ts: Date.now() - 60_000 },
    });
    await james.session.security.revokeDevice(lost.session.identity.device);
    await until(
      maria.session.directory.people,
      () => maria.session.parts.keyLog.size === james.session.parts.keyLog.size,
    );
    await catchUp(maria.session);
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.revoked', thread.id);
    expect(textsOf(thread)).toEqual(['lost phone']);
    await lost.session.close();
  });

  it('a certificate that has run out signs nothing more', async () => {
    const { operator, maria, james } = stage;
    const thread = await stage.thread('expired', [james]);
    const b = await forgeMessage(james.session, { conv: thread.id, text: 'long after' });
    await operator.insert({
      org: orgOf(),
      conv: thread.id,
      k: 'envelope',
      b,
      ts: Date.now() + 91 * 86_400_000,
    });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.expired', thread.id);
    expect(textsOf(thread)).toEqual(['expired']);
  });

  it('a watermark of somebody else opens nothing by name', async () => {
    const { operator, maria, james, nina } = stage;
    const thread = await stage.thread('receipts by name', [james, nina]);
    await say(thread, 'did James see this?');
    const seq = messagesOf(thread).at(-1)?.seq ?? 0;
    const { identity } = nina.session;
    const forged = await signWatermark(await nodePrimitives(), {
      key: identity.deviceKey,
      body: {
        v: 1,
        t: 'watermark',
        org: orgOf(),
        conv: thread.id,
        account: james.account,
        dk: identity.dk,
        seq,
        ts: Date.now(),
      },
    });
    await operator.query(
      `INSERT INTO watermarks (org, conv, account, seq, body) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (org, conv, account) DO UPDATE SET seq = $4, body = $5`,
      [orgOf(), thread.id, james.account, seq, forged.bytes],
    );
    await maria.session.parts.marks.refresh(thread.id);
    const receipts = messagesOf(thread).at(-1)?.receipts ?? [];
    expect(receipts.find(({ person }) => person.id === james.account)?.state).not.toBe('opened');
  });
});

describe('a stream that the operator edits', () => {
  it('shows no message with a changed header', async () => {
    const { operator, maria, james } = stage;
    const thread = await stage.thread('header', [james]);
    const sealed = sealedCodec.decode(
      await forgeMessage(james.session, { conv: thread.id, text: 'changed header' }),
    );
    if (!sealed.ok) throw new Error('no envelope');
    const header = envelopeHeaderCodec.decode(sealed.value.h);
    if (!header.ok) throw new Error('no header');
    const { class: kind } = header.value;
    const changes: Partial<EnvelopeHeader>[] = [
      { class: { ...kind, contract: 'stat', withinMs: 60_000 } },
      { class: { ...kind, replyTo: newId('message', nodeRng) } },
      { class: { ...kind, to: [maria.account] } },
      { ts: header.value.ts + 1 },
      { blobs: [newId('blob', nodeRng)] },
      { last: new Uint8Array(32).fill(9) },
    ];
    for (const change of changes) {
      const h = envelopeHeaderCodec.encode({ ...header.value, id: newId('message', nodeRng), ...change });
      const b = sealedCodec.encode({ ...sealed.value, h });
      const seq = await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
      await catchUp(maria.session);
      const item = thread.timeline.read().items.find((shown) => shown.seq === seq);
      expect(item, JSON.stringify(change)).toMatchObject({ type: 'problem', code: 'ledger.bad_signature' });
    }
    await alarmOf(maria.session, 'ledger.bad_signature', thread.id);
  });

  it('plays no item of another conversation', async () => {
    const { operator, maria, james } = stage;
    const [one, two] = [await stage.thread('one', [james]), await stage.thread('two', [james])];
    await operator.query(
      `WITH copy AS (SELECT i.body, i.batch, i.ts FROM items i WHERE i.org = $1 AND i.conv = $2 ORDER BY seq DESC LIMIT 1),
         moved AS (UPDATE conversations SET seq = seq + 1, batch = (SELECT batch + 1 FROM orgs WHERE org = $1)
           WHERE org = $1 AND conv = $3 RETURNING seq),
         counted AS (UPDATE orgs SET batch = batch + 1 WHERE org = $1 RETURNING batch)
       INSERT INTO items SELECT $1, $3, moved.seq, 1, 'copy', copy.body, counted.batch, copy.ts FROM copy, moved, counted`,
      [orgOf(), one.id, two.id],
    );
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.wrong_purpose', two.id);
    expect(textsOf(two)).toEqual(['two']);
  });

  it('leaves no item out unnoticed, though it closes the gap', async () => {
    const { james, maria, practice } = stage;
    const thread = await stage.thread('gapless', [james]);
    const lying = createLyingTransport();
    const victim = await practice.addDevice(james.link, stage.server.url, { wrapTransport: lying.wrap });
    const shown = await reads(victim.session, thread.id, 'gapless');
    const { hi } = victim.session.parts.book.get(thread.id)!;
    lying.lies.frame = lieAboutItems((_conv, items) =>
      items
        .filter(({ seq }) => seq !== hi + 1)
        .map((item) => (item.seq > hi + 1 ? { ...item, seq: item.seq - 1 } : item)),
    );
    await say(thread, 'Stop the heparin');
    await say(thread, 'Done?');
    await alarmOf(victim.session, 'ledger.fork', `${thread.id}.${hi + 1}.last`);
    expect(textsOf(shown)).not.toContain('Stop the heparin');
    expect(isQuiet(maria.session, thread.id)).toBe(true);
    await victim.session.close();
  });

  it('turns no order round unnoticed', async () => {
    const { james, practice } = stage;
    const thread = await stage.thread('order', [james]);
    await say(thread, 'Give it');
    await say(thread, 'No, wait');
    const lying = createLyingTransport();
    lying.lies.frame = lieAboutItems((_conv, items) => {
      const [a, b] = [items.findIndex(({ seq }) => seq === 3), items.findIndex(({ seq }) => seq === 4)];
      if (a < 0 || b < 0) return items;
      const swapped = [...items];
      [swapped[a], swapped[b]] = [
        { ...items[a]!, b: items[b]!.b },
        { ...items[b]!, b: items[a]!.b },
      ];
      return swapped;
    });
    const victim = await practice.addDevice(james.link, stage.server.url, { wrapTransport: lying.wrap });
    expect((await alarmOf(victim.session, 'ledger.fork', `${thread.id}.3.last`)).severity).toBe('danger');
    await victim.session.close();
  });

  it('cannot say "committed before" of what it swallows', async () => {
    const { james, practice } = stage;
    const thread = await stage.thread('swallowed', [james]);
    let isOn = false;
    const device = await practice.addDevice(james.link, stage.server.url, {
      wrapTransport: swallowAppends(() => isOn),
    });
    const shown = await reads(device.session, thread.id, 'swallowed');
    isOn = true;
    await shown.send({ text: 'gone', files: [], mentions: [], replyTo: null, as: null });
    await alarmOf(device.session, 'ledger.rollback', `${thread.id}.receipt`);
    await until(shown.timeline, () => messagesOf(shown).at(-1)?.state === 'failed');
    await expect(shown.rename('also gone')).resolves.toBeUndefined();
    await expect(shown.leave()).rejects.toMatchObject({ code: 'ledger.rollback' });
    await device.session.close();
  });
});

describe('one who was deactivated', () => {
  it('writes nothing and lets nobody in, with the server on its side', async () => {
    const { operator, admin, maria, james, nina } = stage;
    const thread = await stage.thread('ex-employee', [nina]);
    const size = nina.session.parts.keyLog.size;
    const [message, entry] = [
      await forgeMessage(nina.session, { conv: thread.id, text: 'revenge' }),
      await forgeEntry(nina.session, {
        conv: thread.id,
        op: { op: 'add', members: [{ m: james.account, hist: true }], because: null },
        members: [maria.account, nina.account, james.account],
        size,
      }),
    ];
    await admin.session.people.deactivate(nina.account);
    await until(
      maria.session.directory.people,
      (people) => people.find(({ id }) => id === nina.account)?.active === false,
    );
    await catchUp(maria.session);
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b: message });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.revoked', thread.id);
    expect(textsOf(thread)).toEqual(['ex-employee']);
    await operator.insert({ org: orgOf(), conv: thread.id, k: 'entry', b: entry });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.revoked', `${thread.id}.entry.dk`);
    expect(maria.session.parts.logs.peek(thread.id)?.state.members.has(james.account)).toBe(false);
    expect(thread.summary.read().blocked).toMatchObject({ code: 'ledger.revoked' });
  });
});

function signedBody(signed: Uint8Array): Uint8Array {
  const decoded = signedCodec.decode(signed);
  if (!decoded.ok) throw new Error('not signed');
  return decoded.value.b;
}
