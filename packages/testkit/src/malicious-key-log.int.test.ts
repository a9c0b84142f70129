import type { LiveSession } from '@baton/client';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import { makeBoxKey, type SigningKey, signAccountStatement, signStatement } from '@baton/crypto';
import { type Bytes, encodeBase64Url, newId, Secret } from '@baton/kernel';
import { applyStatement, findAccount, keyLogMapRoot, keyLogRoot, LABELS } from '@baton/ledger';
import { type Statement, signedCodec, treeHeadCodec } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alarmOf, isQuiet, reads, type Stage, setStage } from './malice/stage.ts';
import { createLyingTransport } from './network/lying-transport.ts';
import { until } from './until.ts';

// Threats T1, T3, T9: keys, key log, heads and receipts that the operator exchanges, with the server's own key. Every check of the server is
// out of play; each act ends in a named alarm or in a refusal.

interface KeyLogBody {
  readonly statements: readonly string[];
  readonly size: number;
  readonly head: string;
}

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);

afterAll(() => stage?.close());

const orgOf = () => stage.maria.session.identity.org;

/** James on a device whose key log goes on as the operator likes, from now on. */
async function deceivedAbout(change: (body: KeyLogBody) => KeyLogBody) {
  const lying = createLyingTransport();
  const device = await stage.practice.addDevice(stage.james.link, stage.server.url, {
    wrapTransport: lying.wrap,
  });
  await until(device.session.conversations.ready, (ready) => ready);
  lying.lies.body = (path, body) => (path.startsWith('/v1/keylog?') ? change(body as KeyLogBody) : body);
  return { session: device.session, lying };
}

async function seeded(fill: number): Promise<SigningKey> {
  return (await nodePrimitives()).signingKeyFromSeed(new Uint8Array(32).fill(fill));
}

/** The page with these statements after what is true. */
const withMore = (body: KeyLogBody, ...more: readonly Bytes[]): KeyLogBody => ({
  ...body,
  statements: [...body.statements, ...more.map(encodeBase64Url)],
  size: body.size + more.length,
});

describe('keys of others', () => {
  it('are not taken from a box-key statement that the account did not sign', async () => {
    const primitives = await nodePrimitives();
    const { maria } = stage;
    const { session, lying } = await deceivedAbout((body) => body);
    const last = findAccount(session.parts.keyLog.state, maria.account)!;
    const previous = { gen: 1, seed: Secret.of(nodeRng.bytes(32)) };
    const box = await makeBoxKey({ primitives, rng: nodeRng }, { account: maria.account, gen: 2, previous });
    const { bytes } = await signStatement(primitives, {
      key: await seeded(1),
      body: {
        v: 1,
        org: orgOf(),
        ts: Date.now(),
        t: 'boxkey',
        account: maria.account,
        accountGen: last.gen,
        gen: 2,
        pub: box.publicKey,
        chain: box.chain,
        prev: last.boxKeys.at(-1)!.hash,
      },
    });
    lying.lies.body = (path, body) =>
      path.startsWith('/v1/keylog?') ? withMore(body as KeyLogBody, bytes) : body;
    await session.parts.keyLog.catchUp();
    await alarmOf(session, 'ledger.bad_signature', 'keylog.statement');
    expect(findAccount(session.parts.keyLog.state, maria.account)?.boxKey?.gen).toBe(1);
    await session.close();
  });

  it('are not taken over by an account statement with an invitation of the operator', async () => {
    const primitives = await nodePrimitives();
    const { maria } = stage;
    const [enroller, invited, taker] = await Promise.all([seeded(2), seeded(3), seeded(4)]);
    const base = { v: 1, org: orgOf(), ts: Date.now() } as const;
    const invitation = await signStatement(primitives, {
      key: enroller,
      body: {
        ...base,
        t: 'invitation',
        invitation: newId('invitation', nodeRng),
        account: maria.account,
        kind: 'user',
        gen: 2,
        name: 'Maria Lopez',
        jobs: ['nurse'],
        pub: invited.publicKey,
        notAfter: Date.now() + 1e9,
        manifest: null,
      },
    });
    const { session, lying } = await deceivedAbout((body) => body);
    const claim = await signAccountStatement(primitives, {
      key: taker,
      invitationKey: invited,
      body: {
        ...base,
        t: 'account',
        account: maria.account,
        gen: 2,
        pub: taker.publicKey,
        invitation: invitation.hash,
        prev: findAccount(session.parts.keyLog.state, maria.account)!.hash,
      },
    });
    for (const more of [[invitation.bytes, claim.bytes], [claim.bytes]]) {
      lying.lies.body = (path, body) =>
        path.startsWith('/v1/keylog?') ? withMore(body as KeyLogBody, ...more) : body;
      await session.parts.keyLog.catchUp();
    }
    await alarmOf(session, 'ledger.bad_signature', 'keylog.statement');
    await alarmOf(session, 'ledger.unknown_signer', 'keylog.statement');
    expect(findAccount(session.parts.keyLog.state, maria.account)?.gen).toBe(1);
    await session.close();
  });
});

describe('the key log', () => {
  it('has no head that the server of this organisation did not sign, and none with another root', async () => {
    const { operator, admin } = stage;
    const primitives = await nodePrimitives();
    const forge = async (session: LiveSession, sign: (body: Bytes) => Promise<Bytes>, root: Bytes | null) => {
      const { keyLog } = session.parts;
      const b = treeHeadCodec.encode({
        v: 1,
        t: 'head',
        org: orgOf(),
        size: keyLog.size,
        logRoot: root ?? keyLogRoot(keyLog.state) ?? new Uint8Array(32),
        mapRoot: keyLogMapRoot(keyLog.state),
        convRoot: new Uint8Array(32),
        ts: Date.now(),
      });
      return encodeBase64Url(await sign(b));
    };
    const { session, lying } = await deceivedAbout((body) => body);
    const foreign = await seeded(5);
    const byStranger = await forge(
      session,
      async (b) => signedCodec.encode({ b, s: await foreign.sign(primitives.sha256(b)) }),
      null,
    );
    const otherRoot = await forge(session, (b) => operator.sign(LABELS.head, b), new Uint8Array(32).fill(7));
    for (const head of [byStranger, otherRoot]) {
      lying.lies.body = (path, body) =>
        path.startsWith('/v1/keylog?') ? { ...(body as KeyLogBody), head } : body;
      await session.parts.keyLog.catchUp();
    }
    await alarmOf(session, 'ledger.bad_signature', 'keylog.head');
    await alarmOf(session, 'ledger.fork', 'keylog.head');
    expect(isQuiet(admin.session, 'keylog')).toBe(true);
    await session.close();
  });

  it('cannot be two logs, even with statements and heads that are signed well', async () => {
    const { operator, admin, nina } = stage;
    const primitives = await nodePrimitives();
    const thread = await stage.thread('split view', [stage.james]);
    const { session, lying } = await deceivedAbout((body) => body);
    await reads(session, thread.id, 'split view');
    const size = session.parts.keyLog.size;
    // Whoever signs for the organisation works together with the operator.
    const seed = admin.session.parts.vault.vault.authority?.oe?.seed ?? new Uint8Array(32);
    const body: Statement = {
      v: 1,
      org: orgOf(),
      ts: Date.now(),
      t: 'invitation',
      invitation: newId('invitation', nodeRng),
      account: newId('account', nodeRng),
      kind: 'user',
      gen: 1,
      name: 'For James only',
      jobs: ['nurse'],
      pub: (await seeded(6)).publicKey,
      notAfter: Date.now() + 1e9,
      manifest: null,
    };
    const other = await signStatement(primitives, { key: await primitives.signingKeyFromSeed(seed), body });
    const after = await applyStatement(session.parts.keyLog.state, other.bytes, {
      verify: primitives.verifyEd25519,
    });
    if (!after.ok) throw new Error(after.error.code);
    const head = await operator.sign(
      LABELS.head,
      treeHeadCodec.encode({
        v: 1,
        t: 'head',
        org: orgOf(),
        size: size + 1,
        logRoot: keyLogRoot(after.value) ?? new Uint8Array(32),
        mapRoot: keyLogMapRoot(after.value),
        convRoot: new Uint8Array(32),
        ts: Date.now(),
      }),
    );
    lying.lies.body = (path, page) => {
      if (!path.startsWith('/v1/keylog?')) return page;
      const statements = path.includes(`after=${size}&`) ? [encodeBase64Url(other.bytes)] : [];
      return { ...(page as KeyLogBody), statements, size: size + 1, head: encodeBase64Url(head) };
    };
    await session.parts.keyLog.catchUp();
    expect([session.parts.keyLog.size, session.alarms.read()]).toEqual([size + 1, []]);
    await admin.session.people.invite({ name: 'For all others', jobs: ['nurse'] });
    await until(stage.maria.session.people.invitations, (list) =>
      list.some(({ name }) => name === 'For all others'),
    );
    await thread.addMembers([nina.account], { history: true });
    await alarmOf(session, 'ledger.fork', `${thread.id}.entry.keylog.root`);
    await session.close();
  });

  it('cannot be held back from one member: the next entry names its size', async () => {
    const { admin, nina } = stage;
    const thread = await stage.thread('held back', [stage.james]);
    const { session, lying } = await deceivedAbout((body) => body);
    await reads(session, thread.id, 'held back');
    const { size } = session.parts.keyLog;
    lying.lies.body = (path, page) =>
      path.startsWith('/v1/keylog?') ? { ...(page as KeyLogBody), statements: [], size } : page;
    lying.lies.frame = (frame) => (frame.t === 'keylog' ? null : frame);
    await admin.session.people.invite({ name: 'Hidden from James', jobs: ['nurse'] });
    await until(stage.maria.session.people.invitations, (list) =>
      list.some(({ name }) => name === 'Hidden from James'),
    );
    await thread.addMembers([nina.account], { history: true });
    expect((await alarmOf(session, 'ledger.rollback', `${thread.id}.entry.keylog`)).severity).toBe('danger');
    await session.close();
  });

  it('a receipt by another key is none', async () => {
    const thread = await stage.thread('foreign receipt', [stage.james]);
    const { session, lying } = await deceivedAbout((body) => body);
    const shown = await reads(session, thread.id, 'foreign receipt');
    const foreign = await seeded(8);
    const { sha256 } = await nodePrimitives();
    const signature = await foreign.sign(sha256(new Uint8Array(1)));
    lying.lies.frame = (frame) => {
      if (frame.t !== 'ok' || !('receipt' in frame.a)) return frame;
      const signed = signedCodec.decode(frame.a.receipt);
      if (!signed.ok) return frame;
      return {
        ...frame,
        a: { ...frame.a, receipt: signedCodec.encode({ ...signed.value, s: signature }) } as typeof frame.a,
      };
    };
    await shown.send({ text: 'promised?', files: [], mentions: [], replyTo: null, as: null });
    expect((await alarmOf(session, 'ledger.bad_signature', `${thread.id}.receipt`)).severity).toBe('danger');
    await session.close();
  });
});
