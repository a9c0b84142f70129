import type { LiveSession } from '@baton/client';
import { nodeClock, nodePrimitives } from '@baton/client-node';
import { signCollectionRoot } from '@baton/crypto';
import type { Bytes, ConversationId } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeMessage } from './malice/forge.ts';
import { alarmOf, catchUp, reads, type Stage, say, setStage, textsOf } from './malice/stage.ts';
import { createPractice } from './practice.ts';
import { until } from './until.ts';

// Threats T9, T24: collections, conversations and whole databases that the operator exchanges. Every check of the server is out of play; each
// act ends in a named alarm or in a refusal.

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);

afterAll(() => stage?.close());

const orgOf = () => stage.maria.session.identity.org;

describe('a collection', () => {
  it('goes back in nothing: old puts, missing roots and roots of strangers are noticed', async () => {
    const { operator, admin, maria, nina, practice } = stage;
    const role = await admin.session.people.defineRole({
      name: 'Care team',
      unit: null,
      use: 'team',
      holders: [maria.account],
    });
    await admin.session.patients.establish([role]);
    const earlier = await practice.addDevice(admin.link, stage.server.url, {
      clock: { nowMs: () => nodeClock.nowMs() - 20 * 60_000 },
    });
    await until(earlier.session.patients.state, ({ available }) => available);
    await earlier.session.patients.put(patient('Hill', 1));
    await admin.session.parts.sync.catchUp();
    await admin.session.patients.put(patient('Valley', 2));
    await admin.session.parts.collectionWriter.flush();
    await earlier.session.close();
    const conv = [...admin.session.parts.book.all()].find(({ kind }) => kind === 'collection')!.conv;
    const aboutRoot = `${conv}.collection.root`;
    const newDevice = async () => (await practice.addDevice(maria.link)).session;

    // What a member signs last is not what a new device is shown.
    await operator.query(
      `UPDATE collection_keys k SET seq = i.seq FROM (SELECT min(seq) AS seq FROM items WHERE conv = $1 AND kind = 2) i WHERE k.conv = $1`,
      [conv],
    );
    const second = await newDevice();
    expect((await alarmOf(second, 'ledger.rollback', aboutRoot)).severity).toBe('danger');

    await operator.query('UPDATE collection_roots SET body = $2 WHERE conv = $1', [
      conv,
      await rootBy(nina.session, admin.session, conv),
    ]);
    const third = await newDevice();
    await alarmOf(third, 'policy.not_a_member', aboutRoot);

    await operator.query('DELETE FROM collection_roots WHERE conv = $1', [conv]);
    await operator.query(
      `INSERT INTO collection_keys (org, conv, key, version, item_id, seq)
       SELECT org, conv, 'again', 1, item_id, seq FROM items WHERE conv = $1 AND kind = 2 ORDER BY seq DESC LIMIT 1`,
      [conv],
    );
    const fourth = await newDevice();
    await alarmOf(fourth, 'ledger.rollback', aboutRoot);
    for (const session of [second, third, fourth]) await session.close();
  });
});

describe('another organisation on the same server', () => {
  it('lends neither items nor conversations (T24)', async () => {
    const { server, operator, maria } = stage;
    const theirs = await createPractice(server, { people: [{ name: 'Eve Other', jobs: ['nurse'] }] });
    const foreign = await theirs.admin.session.conversations.startGroup({
      title: 'theirs',
      members: [theirs.people[0]!.account],
    });
    await say(foreign, 'from elsewhere');
    const own = await stage.thread('tenants', [stage.james]);
    const b = await forgeMessage(theirs.admin.session, { conv: foreign.id, text: 'smuggled' });
    await operator.insert({ org: orgOf(), conv: own.id, k: 'envelope', b });
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.wrong_purpose', own.id);
    expect(textsOf(own)).toEqual(['tenants']);

    const copy = async (table: string, columns: string) =>
      operator.query(
        `INSERT INTO ${table} (org, ${columns}) SELECT $1, ${columns} FROM ${table} WHERE conv = $2`,
        [orgOf(), foreign.id],
      );
    await copy('items', 'conv, seq, kind, item_id, body, batch, ts');
    await copy('conversations', 'conv, kind, created_at, seq, batch, log_n, log_head, log_batch, gen, state');
    await operator.query(
      'UPDATE conversations c SET batch = o.batch FROM orgs o WHERE o.org = $1 AND c.org = $1 AND c.conv = $2',
      [orgOf(), foreign.id],
    );
    await operator.query('INSERT INTO members (org, conv, member) VALUES ($1, $2, $3)', [
      orgOf(),
      foreign.id,
      maria.account,
    ]);
    await operator.query('UPDATE orgs SET batch = batch + 1 WHERE org = $1', [orgOf()]);
    await operator.query('UPDATE conversations SET batch = batch + 1 WHERE org = $1 AND conv = $2', [
      orgOf(),
      foreign.id,
    ]);
    await catchUp(maria.session);
    await alarmOf(maria.session, 'ledger.unknown_signer', foreign.id);
    expect(maria.session.conversations.list.read().map(({ id }) => id)).not.toContain(foreign.id);
    await theirs.close();
  });
});

// Last, because nothing is as it was afterwards.
describe("last week's database", () => {
  it('is noticed at once, and also when it has grown again (T9)', async () => {
    const { operator, maria, james, practice } = stage;
    const thread = await stage.thread('before', [james]);
    const away = await practice.addDevice(james.link);
    await operator.backUp();
    await say(thread, 'Penicillin allergy!');
    await reads(away.session, thread.id, 'Penicillin allergy!');
    await until(away.session.conversations.ready, (ready) => ready);
    await catchUp(away.session);
    const { hi } = away.session.parts.book.get(thread.id)!;
    await away.session.close();
    await operator.restore();
    await alarmOf(maria.session, 'ledger.rollback', 'welcome');
    // It goes on as if nothing had been: other words at the same place, and more of them.
    for (let count = 0; count < 8; count++) {
      const b = await forgeMessage(maria.session, { conv: thread.id, text: `no allergies ${count}` });
      await operator.insert({ org: orgOf(), conv: thread.id, k: 'envelope', b });
    }
    const back = await practice.reopen(away);
    await alarmOf(back.session, 'ledger.fork', `${thread.id}.${hi}`);
    const shown = await back.session.conversations.open(thread.id);
    expect(textsOf(shown)).toContain('Penicillin allergy!');
    await back.session.close();
  });
});

async function rootBy(stranger: LiveSession, like: LiveSession, conv: ConversationId): Promise<Bytes> {
  const { identity } = stranger;
  const seq = like.parts.book.get(conv)?.hi ?? 0;
  const signed = await signCollectionRoot(await nodePrimitives(), {
    key: identity.deviceKey,
    body: {
      v: 1,
      t: 'collection-root',
      org: identity.org,
      conv,
      author: identity.account,
      dk: identity.dk,
      seq,
      root: new Uint8Array(32).fill(1),
      ts: Date.now(),
    },
  });
  return signed.bytes;
}

function patient(family: string, fill: number): PatientRecord {
  return {
    t: 'patient',
    ref: 'Patient/1',
    family,
    given: ['Rosa'],
    prefix: null,
    birthDate: null,
    deceased: null,
    gender: 'female',
    identifiers: [],
    telecom: [],
    address: [],
    language: null,
    practitioners: [],
    conditions: [],
    medications: [],
    allergies: [],
    lastEncounter: null,
    importedAt: 1,
    source: new Uint8Array(32).fill(fill),
  };
}
