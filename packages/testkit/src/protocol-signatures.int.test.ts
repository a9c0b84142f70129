import { signProtocol } from '@baton/crypto';
import type { LiveSession, ProtocolView } from '@baton/client';
import { nodePrimitives } from '@baton/client-node';
import { hashProtocol } from '@baton/ledger';
import {
  programmesCodec,
  programmesKey,
  type ProgrammesValue,
  type ProtocolSignatureBody,
  protocolSignatureKey,
  type ProtocolSigner,
  type ProtocolVersion,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgePut } from './malice/forge-values.ts';
import { alarmOf } from './malice/stage.ts';
import { createLyingTransport, type LyingTransport } from './network/lying-transport.ts';
import { establishCare } from './patient-phone.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

// Who may make a check-in protocol run (docs/protocol/programmes.md §2): two people, each by a device that was theirs at the time.

const BODY = '{"id":"day-care","v":1}';
const primitives = await nodePrimitives();

let server: TestServer;
let practice: Practice;
let ada: Device;
let maria: Device;
let james: Device;
/** Front desk: reads the collection, and writes and signs nothing of this. */
let finn: Device;
/** Writes protocols, and is no clinician. */
let nina: Device;
let lying: LyingTransport;
let deceived: LiveSession;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Finn Desk', jobs: ['front-desk'] },
      { name: 'Nina Patel', jobs: ['medical-assistant'] },
    ],
  });
  ada = practice.admin;
  [maria, james, finn, nina] = practice.people as [Device, Device, Device, Device];
  const holders = [maria, james, finn, nina].map(({ account }) => account);
  await establishCare(ada.session, {
    holders: [ada.account, ...holders],
    patients: [],
    others: [maria.session, james.session, finn.session, nina.session],
  });
  await ada.session.programmes.establish();
  lying = createLyingTransport();
  const device = await practice.addDevice(james.link, server.url, { wrapTransport: lying.wrap });
  deceived = device.session;
  for (const session of [ada, maria, james, finn, nina].map((one) => one.session).concat(deceived))
    await until(session.programmes.state, ({ established, ready }) => established && ready);
}, 120_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

const find = (session: LiveSession, id: string, version = 1): ProtocolView | undefined =>
  session.programmes.protocols.read().find((one) => one.version.id === id && one.version.version === version);

async function sees(
  session: LiveSession,
  id: string,
  holds: (view: ProtocolView) => boolean,
  version = 1,
): Promise<ProtocolView> {
  await until(
    session.programmes.protocols,
    () => {
      const found = find(session, id, version);
      return found !== undefined && holds(found);
    },
    { show: () => find(session, id, version) },
  );
  return find(session, id, version) as ProtocolView;
}

/** Written past the screens, as a colleague with a client of their own could. */
async function write(session: LiveSession, value: ProgrammesValue): Promise<void> {
  const collection = await session.collections.named('programmes');
  await collection.put(programmesKey(value), () => programmesCodec.encode(value));
}

async function forge(
  by: LiveSession,
  version: ProtocolVersion,
  as: ProtocolSigner,
  change: Partial<ProtocolSignatureBody> = {},
): Promise<ProgrammesValue> {
  const { org, account, dk, deviceKey } = by.identity;
  const body: ProtocolSignatureBody = {
    v: 1,
    t: 'protocol-signature',
    org,
    protocol: version.id,
    version: version.version,
    hash: version.hash,
    as,
    by: account,
    dk,
    at: Date.now(),
    ...change,
  };
  const { bytes } = await signProtocol(primitives, { key: deviceKey, body });
  return { t: 'signature', protocol: version.id, version: version.version, as, signed: bytes };
}

async function draft(id: string, version = 1, body = BODY): Promise<ProtocolVersion> {
  await ada.session.programmes.saveDraft({ id, version, name: 'Day care', body });
  const view = await sees(maria.session, id, () => true, version);
  await sees(james.session, id, () => true, version);
  for (const { session } of [finn, nina]) await sees(session, id, () => true, version);
  return view.version;
}

async function signed(id: string, version = 1, body = BODY): Promise<ProtocolVersion> {
  await draft(id, version, body);
  await ada.session.programmes.sign(id, version, 'author');
  await maria.session.programmes.sign(id, version, 'clinician');
  const view = await sees(james.session, id, ({ mayRun }) => mayRun, version);
  return view.version;
}

describe('a protocol', () => {
  it('runs when an author and a clinician have signed it, each on a device of their own', async () => {
    await draft('day-care');
    const before = await sees(ada.session, 'day-care', ({ why }) => why !== null);
    expect(before).toMatchObject({ mayRun: false, why: 'author-missing' });
    // A practice manager writes protocols and answers for no clinical content; a front desk does neither.
    expect(before.canSign).toEqual({ author: true, clinician: false });
    expect((await sees(maria.session, 'day-care', ({ why }) => why !== null)).canSign).toEqual({
      author: true,
      clinician: true,
    });
    await ada.session.programmes.sign('day-care', 1, 'author');
    const half = await sees(maria.session, 'day-care', ({ author }) => author !== null);
    expect(half).toMatchObject({
      mayRun: false,
      why: 'clinician-missing',
      author: { person: { id: ada.account } },
    });
    await maria.session.programmes.sign('day-care', 1, 'clinician');
    for (const { session } of [ada, maria, james, finn]) {
      const view = await sees(
        session,
        'day-care',
        ({ mayRun, version }) => mayRun && version.state === 'signed',
      );
      expect(view).toMatchObject({ why: null, clinician: { person: { id: maria.account } } });
      expect(view.canSign).toEqual({ author: false, clinician: false });
    }
  });

  it('is signed by nobody without the right, and by nobody twice', async () => {
    await draft('rights');
    await expect(ada.session.programmes.sign('rights', 1, 'clinician')).rejects.toMatchObject({
      code: 'policy.forbidden',
    });
    for (const as of ['author', 'clinician'] as const)
      await expect(finn.session.programmes.sign('rights', 1, as)).rejects.toMatchObject({
        code: 'policy.forbidden',
      });
    await maria.session.programmes.sign('rights', 1, 'author');
    await expect(maria.session.programmes.sign('rights', 1, 'clinician')).rejects.toMatchObject({
      code: 'policy.forbidden',
      at: 'protocol.same-person',
    });
  });

  it('does not change once it is signed; a new version starts without signatures', async () => {
    await signed('firm');
    const save = { id: 'firm', name: 'Day care', body: '{"id":"firm","v":1}' };
    await expect(ada.session.programmes.saveDraft({ ...save, version: 1 })).rejects.toMatchObject({
      code: 'conflict.exists',
    });
    await ada.session.programmes.saveDraft({ ...save, version: 2 });
    expect(await sees(maria.session, 'firm', ({ why }) => why !== null, 2)).toMatchObject({
      mayRun: false,
      author: null,
      clinician: null,
    });
    expect(find(maria.session, 'firm')?.mayRun).toBe(true);
  });
});

describe('a colleague who means ill', () => {
  it('and writes no protocols changes none, nor any signature', async () => {
    const version = await signed('foreign');
    const body = BODY.replace('day-care', 'night-care');
    const collection = await finn.session.collections.named('programmes');
    const key = programmesKey(version);
    await expect(
      collection.put(key, () => programmesCodec.encode({ ...version, body })),
    ).rejects.toMatchObject({ code: 'policy.forbidden' });
    const made = await forge(finn.session, version, 'clinician');
    await forgePut(finn.session, { collection: 'programmes', key, value: { ...version, body } });
    for (const value of [made, null])
      await forgePut(finn.session, { collection: 'programmes', key: programmesKey(made), value });
    await alarmOf(james.session, 'policy.forbidden', collection.id);
    const view = await sees(james.session, 'foreign', ({ mayRun }) => mayRun);
    expect(view).toMatchObject({ why: null, version: { body: BODY } });
  });

  it('cannot change a signed document', async () => {
    const version = await signed('changed');
    const body = BODY.replace('day-care', 'night-care');
    await write(nina.session, { ...version, body });
    expect((await sees(james.session, 'changed', ({ why }) => why === 'document')).mayRun).toBe(false);
    await write(nina.session, { ...version, body, hash: hashProtocol(primitives.sha256, body) });
    const view = await sees(james.session, 'changed', ({ why }) => why === 'author-refused');
    expect(view.refused).toEqual({ author: 'ledger.wrong_purpose', clinician: 'ledger.wrong_purpose' });
  });

  it('cannot sign without a clinical job, nor for somebody else', async () => {
    const version = await draft('posed');
    await ada.session.programmes.sign('posed', 1, 'author');
    await write(nina.session, await forge(nina.session, version, 'clinician'));
    const own = await sees(james.session, 'posed', ({ why }) => why === 'clinician-refused');
    expect(own.refused.clinician).toBe('policy.forbidden');
    await write(nina.session, await forge(nina.session, version, 'clinician', { by: maria.account }));
    await sees(james.session, 'posed', ({ refused }) => refused.clinician === 'ledger.wrong_purpose');
    const { dk } = maria.session.identity;
    await write(nina.session, await forge(nina.session, version, 'clinician', { by: maria.account, dk }));
    await sees(james.session, 'posed', ({ refused }) => refused.clinician === 'ledger.bad_signature');
    expect(find(james.session, 'posed')?.mayRun).toBe(false);
    // What does not count is replaced by what does.
    await maria.session.programmes.sign('posed', 1, 'clinician');
    await sees(james.session, 'posed', ({ mayRun }) => mayRun);
  });

  it('cannot be both', async () => {
    const version = await draft('both');
    await write(maria.session, await forge(maria.session, version, 'author'));
    await write(maria.session, await forge(maria.session, version, 'clinician'));
    const view = await sees(james.session, 'both', ({ why }) => why === 'same-person');
    expect(view.mayRun).toBe(false);
  });

  it('cannot take a signature along to another version, protocol or part', async () => {
    const version = await signed('taken');
    const next = await draft('taken', 2);
    const collection = await nina.session.collections.named('programmes');
    const read = async (as: ProtocolSigner) => {
      const key = protocolSignatureKey({ protocol: version.id, version: 1, as });
      const decoded = programmesCodec.decode((await collection.get(key))?.value ?? new Uint8Array());
      if (!decoded.ok || decoded.value.t !== 'signature') throw new Error('no signature');
      return decoded.value;
    };
    await write(nina.session, { ...(await read('author')), version: 2 });
    await write(nina.session, { ...(await read('author')), version: 2, as: 'clinician' });
    const view = await sees(
      james.session,
      'taken',
      ({ refused }) => refused.clinician !== null,
      next.version,
    );
    expect(view.refused).toEqual({ author: 'ledger.wrong_purpose', clinician: 'ledger.wrong_purpose' });
  });
});

describe('a device that is lost', () => {
  it('signs nothing any more, whatever time it gives; what it signed before stays', async () => {
    const lost = await practice.addDevice(maria.link);
    await until(lost.session.programmes.state, ({ ready }) => ready);
    await signed('kept');
    await draft('lost-before');
    await sees(lost.session, 'lost-before', () => true);
    await ada.session.programmes.sign('lost-before', 1, 'author');
    await lost.session.programmes.sign('lost-before', 1, 'clinician');
    await sees(james.session, 'lost-before', ({ mayRun }) => mayRun);

    const version = await draft('lost-after');
    await ada.session.programmes.sign('lost-after', 1, 'author');
    const made = await forge(lost.session, version, 'clinician', { at: Date.now() - 60_000 });
    await maria.session.security.revokeDevice(lost.session.identity.device);
    // Whoever has the phone has a friend in the practice.
    await write(nina.session, made);
    const view = await sees(james.session, 'lost-after', ({ why }) => why === 'clinician-refused');
    expect(view).toMatchObject({ mayRun: false, refused: { clinician: 'ledger.revoked' } });
    await sees(james.session, 'lost-before', ({ mayRun }) => mayRun);
  });

  it('and a signature from the future is none', async () => {
    const version = await draft('future');
    await ada.session.programmes.sign('future', 1, 'author');
    await write(
      maria.session,
      await forge(maria.session, version, 'clinician', { at: Date.now() + 3_600_000 }),
    );
    const view = await sees(james.session, 'future', ({ why }) => why === 'clinician-refused');
    expect(view.refused.clinician).toBe('ledger.expired');
  });
});

describe('a server that lies', () => {
  it('about a certificate gets nothing to run', async () => {
    // A device that this client has not met: whose certificate it has to ask for.
    const other = await practice.addDevice(maria.link);
    await until(other.session.programmes.state, ({ ready }) => ready);
    await draft('lied');
    await sees(other.session, 'lied', () => true);
    const foreign = Buffer.from(james.session.identity.certificate).toString('base64url');
    lying.lies.body = (path, body) => (path.includes('/certificates/') ? { certificate: foreign } : body);
    await other.session.programmes.sign('lied', 1, 'clinician');
    await ada.session.programmes.sign('lied', 1, 'author');
    await sees(james.session, 'lied', ({ mayRun }) => mayRun);
    const view = await sees(deceived, 'lied', ({ author, why }) => author !== null && why !== null);
    // Neither the put nor the signature in it can be told to be Maria's.
    expect(view).toMatchObject({ mayRun: false, clinician: null });
  });
});

describe('somebody who leaves', () => {
  it('leaves what they signed, and nobody can sign in their name afterwards', async () => {
    await signed('left');
    const version = await draft('after-left');
    await ada.session.programmes.sign('after-left', 1, 'author');
    const made = await forge(maria.session, version, 'clinician');
    await ada.session.security.stepUp({ kind: 'demo', fragment: ada.link.slice(ada.link.indexOf('#') + 1) });
    await ada.session.people.deactivate(maria.account);
    await until(james.session.directory.people, (people) =>
      people.some(({ id, active }) => id === maria.account && !active),
    );
    await write(nina.session, made);
    const view = await sees(james.session, 'after-left', ({ why }) => why === 'clinician-refused');
    expect(view.refused.clinician).toBe('ledger.revoked');
    await sees(james.session, 'left', ({ mayRun }) => mayRun);
  });
});
