import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeDoor, nodePrimitives } from '@baton/client-node';
import { type AccountId, encodeBase64Url, type RoleId } from '@baton/kernel';
import { LABELS, openRecord } from '@baton/ledger';
import { newestRecord } from '@baton/policy';

import {
  type EnvelopeHeader,
  type Manifest,
  manifestCodec,
  orgRecordCodec,
  type RecordBody,
  type Schedule,
} from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendRecord, forgeRecord } from './malice/forge-batons.ts';
import { forgeMessage } from './malice/forge.ts';
import { alarmOf, catchUp, reads, type Stage, say, setStage, textsOf } from './malice/stage.ts';
import { createLyingTransport } from './network/lying-transport.ts';
import type { Device } from './practice.ts';
import { until } from './until.ts';

// Who is on duty, what an agent may do, and who reads: an operator who writes schedules, exchanges manifests and gives agents back what was
// taken from them. Every check of the server is out of play; each act ends in a named alarm or in a refusal.

let stage: Stage;
let cardiology: RoleId;
const folders: string[] = [];

beforeAll(async () => {
  stage = await setStage();
  const { admin, james, maria } = stage;
  cardiology = await admin.session.people.defineRole({
    name: 'Cardiology on call',
    unit: null,
    use: 'duty',
    holders: [james.account],
  });
  await admin.session.people.removeHolder(cardiology, admin.account);
  for (const { session } of [maria, james])
    await until(session.duty.roles, (rows) =>
      rows.some(({ role, onDuty: [first, ...more] }) => role.id === cardiology && first && more.length === 0),
    );
  await until(maria.session.duty.policy, (policy) => policy !== null);
  // All that is honest comes first: what the operator writes later leaves the server itself without a footing.
  await admin.session.duty.saveSchedule(allDay(maria.account));
  await admin.session.duty.saveSchedule(allDay(james.account));
  for (const device of [maria, james])
    await until(device.session.duty.roles, () => newestSchedule(device)?.record.version === 2);
}, 60_000);

afterAll(async () => {
  await stage?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const allDay = (account: AccountId): Schedule => ({
  kind: 'schedule',
  role: cardiology,
  timeZone: 'America/New_York',
  weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: 0, to: 0, account })),
  active: true,
});

const onDuty = ({ session }: Device): AccountId[] =>
  session.duty.roles
    .read()
    .find(({ role }) => role.id === cardiology)!
    .onDuty.map(({ id }) => id);

const newestSchedule = ({ session }: Device) =>
  newestRecord(session.parts.recordLog.book, `schedule:${cardiology}`);

const refetch = ({ session }: Device): Promise<void> => session.parts.recordLog.catchUp();

describe('who is on duty', () => {
  it('is not what somebody says who may not say it, nor the server in somebody’s name', async () => {
    const { operator, maria, james, nina, admin } = stage;
    const cover: RecordBody = {
      kind: 'cover',
      cover: 'e_AAAAAAAAAAAAAAAAAAAAAA' as Extract<RecordBody, { kind: 'cover' }>['cover'],
      role: cardiology,
      account: nina.account,
      instead: null,
      from: Date.now() - 1000,
      until: Date.now() + 3_600_000,
      active: true,
    };
    const { identity } = admin.session;
    const next = { version: 3, prev: newestSchedule(maria)!.hash };
    const record = (body: RecordBody) =>
      orgRecordCodec.encode({
        v: 1,
        t: 'record',
        org: identity.org,
        ...next,
        author: identity.account,
        dk: identity.dk,
        ts: Date.now(),
        body,
      });
    const forgeries: [RecordBody, Uint8Array, string][] = [
      [
        allDay(nina.account),
        await forgeRecord(nina.session, { body: allDay(nina.account), over: next }),
        'policy.forbidden',
      ],
      [cover, await forgeRecord(nina.session, { body: cover }), 'policy.forbidden'],
      [
        allDay(nina.account),
        await operator.sign(LABELS.record, record(allDay(nina.account))),
        'ledger.bad_signature',
      ],
      [
        allDay(nina.account),
        await forgeRecord(nina.session, {
          body: allDay(nina.account),
          over: { ...next, author: identity.account, dk: identity.dk },
        }),
        'ledger.bad_signature',
      ],
      [
        allDay(nina.account),
        await forgeRecord(nina.session, {
          body: allDay(nina.account),
          over: { ...next, author: identity.account },
        }),
        'ledger.wrong_purpose',
      ],
    ];
    const before = maria.session.parts.recordLog.size;
    for (const [body, signed, code] of forgeries) {
      const takeAway = await appendRecord(operator, { session: maria.session, body, signed });
      for (const device of [maria, james]) {
        await refetch(device);
        await alarmOf(device.session, code as 'ledger.fork', `records.record.${before + 1}`);
        expect(onDuty(device)).toEqual([james.account]);
        expect(device.session.parts.recordLog.size).toBe(before);
      }
      await takeAway();
    }
  });

  it('is not what it was last week', async () => {
    const { operator, maria, james } = stage;
    const { recordLog } = maria.session.parts;
    const digest = (await nodePrimitives()).sha256;
    const size = recordLog.size;
    const rows = await operator.query<{ pos: string; body: Buffer }>(
      'SELECT pos, body FROM org_records WHERE subject = $1 ORDER BY pos',
      [`schedule:${cardiology}`],
    );
    expect(rows).toHaveLength(2);
    const old = new Uint8Array(rows[0]!.body);
    expect(openRecord(digest, old)).toMatchObject({ value: { body: { version: 1 } } });

    // The first version once more, after the second.
    const body = allDay(maria.account);
    const takeAway = await appendRecord(operator, { session: maria.session, body, signed: old });
    await refetch(maria);
    await alarmOf(maria.session, 'conflict.version', `records.record.${size + 1}`);
    await takeAway();

    // The second version taken away: a log that is shorter than before.
    await operator.query('CREATE TABLE put_away AS SELECT * FROM org_records WHERE pos = $1', [rows[1]!.pos]);
    await operator.query('DELETE FROM org_records WHERE pos = $1', [rows[1]!.pos]);
    await operator.query('UPDATE orgs SET records_size = records_size - 1 WHERE org = $1', [
      maria.session.identity.org,
    ]);
    await refetch(maria);
    await alarmOf(maria.session, 'ledger.rollback', 'records.size');
    expect(onDuty(maria)).toEqual([james.account]);
    expect(newestSchedule(maria)?.record.version).toBe(2);
    await operator.query('INSERT INTO org_records SELECT * FROM put_away');
    await operator.query('UPDATE orgs SET records_size = records_size + 1 WHERE org = $1', [
      maria.session.identity.org,
    ]);

    // A new device that is shown a log with a hole does not fill it by guessing.
    await operator.query('UPDATE org_records SET pos = 9000 WHERE pos = $1', [rows[0]!.pos]);
    const fresh = await stage.practice.addDevice(maria.link);
    await alarmOf(fresh.session, 'ledger.bad_chain', 'records.record');
    await operator.query('UPDATE org_records SET pos = $1 WHERE pos = 9000', [rows[0]!.pos]);
    await fresh.session.close();
  });
});

const wish: Omit<Manifest, 'v' | 't' | 'org' | 'version'> = {
  program: 'reminders',
  purposes: ['Reminds of tasks'],
  access: [{ kind: 'group', history: false, writes: ['message'] }],
  duty: false,
  hosts: [],
  code: new Uint8Array(32).fill(7),
  responsible: 'a_AAAAAAAAAAAAAAAAAAAAAA' as AccountId,
};

async function enrolAgent(): Promise<Device> {
  const { admin, server, maria } = stage;
  const manifest = { ...wish, responsible: admin.account };
  const { link } = await admin.session.agents.invite({ name: 'Reminders', manifest });
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-agent-'));
  folders.push(dataDir);
  const door = await createNodeDoor({
    serverUrl: server.url,
    publicUrl: server.url,
    dataDir,
    durable: false,
    deviceLabel: 'Station',
  });
  const claimed = await door.claimAsPersona(link.slice(link.indexOf('#') + 1), 'Reminders');
  const { account } = claimed.session.me.read();
  await until(maria.session.agents.rows, (rows) => rows.some(({ agent }) => agent.id === account));
  return { session: claimed.session, account, dataDir, link: claimed.link };
}

describe('an agent', () => {
  it('has the manifest that was signed, whatever the server shows', async () => {
    const { maria, james, practice, server } = stage;
    const agent = await enrolAgent();
    const thread = await stage.thread('agents', [james]);
    const wider = manifestCodec.encode({
      v: 1,
      t: 'manifest',
      org: maria.session.identity.org,
      version: 1,
      ...wish,
      access: [
        { kind: 'group', history: true, writes: ['message', 'members'] },
        { kind: 'keyring', history: true, writes: ['members'] },
      ],
      duty: true,
    });
    const lying = createLyingTransport();
    lying.lies.body = (path, body) =>
      path.includes('/manifests/') ? { manifest: encodeBase64Url(wider) } : body;
    const fresh = await practice.addDevice(maria.link, server.url, { wrapTransport: lying.wrap });
    await until(fresh.session.conversations.ready, (ready) => ready);
    await until(fresh.session.agents.rows, (rows) => rows.some(({ agent: { id } }) => id === agent.account));
    expect(fresh.session.agents.rows.read()[0]).toMatchObject({ manifest: null });
    await expect(
      fresh.session.agents.admit(agent.account, thread.id, { history: true }),
    ).rejects.toMatchObject({ code: 'policy.manifest' });
    await fresh.session.close();
    // By the true one: no history, and no role's keys.
    await expect(
      maria.session.agents.admit(agent.account, thread.id, { history: true }),
    ).rejects.toMatchObject({ code: 'policy.manifest' });
    await maria.session.agents.admit(agent.account, thread.id, { history: false });
    await agent.session.close();
  });

  it('writes nothing beyond its manifest, though the operator commits it', async () => {
    const { operator, maria, james, admin, practice } = stage;
    const agent = await enrolAgent();
    const thread = await stage.thread('an assistant writes', [james]);
    await maria.session.agents.admit(agent.account, thread.id, { history: false });
    await until(agent.session.conversations.list, (rows) => rows.some(({ id }) => id === thread.id));
    await say(await agent.session.conversations.open(thread.id), 'as the manifest says');
    await until(thread.timeline, () => textsOf(thread).includes('as the manifest says'));
    const insert = async (b: Uint8Array) => {
      await operator.insert({ org: maria.session.identity.org, conv: thread.id, k: 'envelope', b });
      await catchUp(maria.session);
    };
    const problems = () => thread.timeline.read().items.filter((item) => item.type === 'problem');

    // A kind of message that is not listed.
    const reaction: EnvelopeHeader['class'] = {
      kind: 'reaction',
      contract: 'fyi',
      to: [],
      withinMs: null,
      replyTo: null,
    };
    await insert(
      await forgeMessage(agent.session, { conv: thread.id, text: 'x', header: { class: reaction } }),
    );
    await alarmOf(maria.session, 'policy.manifest', thread.id);
    expect(problems()).toMatchObject([{ code: 'policy.manifest' }]);

    // A kind that is not listed any more, once its readers have seen that.
    const narrow = { ...wish, responsible: admin.account, access: [{ ...wish.access[0]!, writes: [] }] };
    await admin.session.agents.changeManifest(agent.account, narrow);
    await maria.session.parts.keyLog.catchUp();
    await catchUp(maria.session);
    await say(thread, 'after the change');
    await insert(await forgeMessage(agent.session, { conv: thread.id, text: 'as it once said' }));
    expect(problems()).toMatchObject([{ code: 'policy.manifest' }, { code: 'policy.manifest' }]);
    expect(textsOf(thread)).toEqual(['an assistant writes', 'as the manifest says', 'after the change']);

    // What it wrote by the manifest that it had then still stands for one who reads everything anew.
    const fresh = await practice.addDevice(maria.link);
    const again = await reads(fresh.session, thread.id, 'as the manifest says');
    await until(again.timeline, () => textsOf(again).includes('after the change'));
    expect(textsOf(again)).not.toContain('x');
    await fresh.session.close();
    await agent.session.close();
  }, 60_000);

  it('that was ended opens nothing further, though the operator gives it back its place', async () => {
    const { operator, maria, james, admin } = stage;
    const agent = await enrolAgent();
    const thread = await stage.thread('before it came', [james]);
    await maria.session.agents.admit(agent.account, thread.id, { history: false });
    await say(thread, 'while it was there');
    await reads(agent.session, thread.id, 'while it was there');
    const log = await maria.session.parts.logs.require(thread.id);
    const genWith = log.state.gen;
    expect(await agent.session.parts.generations.find(thread.id, genWith)).not.toBeNull();
    expect(await agent.session.parts.generations.find(thread.id, genWith - 1)).toBeNull();

    await admin.session.agents.end(agent.account);
    await maria.session.parts.keyLog.catchUp();
    await say(thread, 'after it had gone');
    const gen = (await maria.session.parts.logs.require(thread.id)).state.gen;
    expect(gen).toBeGreaterThan(genWith);
    const sealedTo = await operator.query<{ recipient: string }>(
      'SELECT recipient FROM boxes WHERE conv = $1 AND gen = $2',
      [thread.id, gen],
    );
    expect(sealedTo.map(({ recipient }) => recipient)).not.toContain(agent.account);

    // The operator lets it in again and hands it Maria's box.
    const { org } = maria.session.identity;
    await operator.query(
      'INSERT INTO members (org, conv, member) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [org, thread.id, agent.account],
    );
    await operator.query(
      `INSERT INTO boxes (org, conv, gen, recipient, log_n, body)
       SELECT org, conv, gen, $3, log_n, body FROM boxes WHERE org = $1 AND conv = $2 AND recipient = $4 AND gen = $5`,
      [org, thread.id, agent.account, maria.account, gen],
    );
    const [box] = await operator.query<{ body: Buffer }>(
      'SELECT body FROM boxes WHERE conv = $1 AND recipient = $2 AND gen = $3',
      [thread.id, agent.account, gen],
    );
    expect(box).toBeDefined();
    const opened = await agent.session.parts.generations.find(thread.id, gen).catch(() => null);
    expect(opened).toBeNull();
    const words = agent.session.conversations.list.read().map(({ id }) => id);
    if (words.includes(thread.id)) {
      const shown = await agent.session.conversations.open(thread.id);
      expect(JSON.stringify(shown.timeline.read().items)).not.toContain('after it had gone');
    }
    await agent.session.close();
  }, 60_000);
});
