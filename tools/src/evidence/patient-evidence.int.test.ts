import { nodePrimitives, nodeRng } from '@baton/client-node';
import { makeGenerationKeys, sealEnvelope, signEntry, type SigningKey } from '@baton/crypto';
import { type Bytes, newId, Secret } from '@baton/kernel';
import { LABELS, openEntry, signingInput } from '@baton/ledger';
import { contentCodec, decodeCanonical, encodeCanonical, type EnvelopeHeader } from '@baton/wire';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Verdict, verifyBundle } from '../../verify-evidence/bundle.ts';
import { Fault } from '../../verify-evidence/fault.ts';
import { hex, objectHash } from '../../verify-evidence/primitives.ts';
import { createPatientEvidence, HOUR, type PatientEvidence } from './fixtures/patient-evidence-scene.ts';
import { WORDS } from './fixtures/record-words.ts';

// A patient's conversation as a record: she comes in by a link, writes, changes and takes back, texts, loses her phone and comes in with another.
// The verifier, which shares no code with the clients, reads it; and whatever somebody who may sign records makes of it afterwards.

/** A map of the file, as decoded. */
type Fields = Record<string, unknown>;
interface Body extends Fields {
  statements: { index: number; b: Bytes; path: Bytes[] }[];
  certificates: Bytes[];
  entries: Bytes[];
  items: Item[];
}
interface Item {
  seq: number;
  batch: number;
  ts: number;
  b: Bytes;
  secret: Bytes;
  receipt: Bytes | null;
}

let scene: PatientEvidence;
let verdict: Verdict;

beforeAll(async () => {
  scene = await createPatientEvidence(WORDS);
  verdict = verifyBundle(scene.record.zip);
}, 240_000);

afterAll(() => scene?.close());

function decode<T>(bytes: Bytes): T {
  const decoded = decodeCanonical(bytes, 64 * 1024 * 1024);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.value as T;
}

/** What the verifier says of the record with another body, which who made it has signed again: step, place and sentence. */
async function verdictOn(change: (body: Body) => void | Promise<void>): Promise<string> {
  const files = { ...unzipSync(scene.record.zip) };
  const body = decode<Body>(decode<{ b: Bytes }>(files['evidence.cbor'] as Bytes).b);
  await change(body);
  const b = encodeCanonical(body);
  const { sha256 } = await nodePrimitives();
  const s = await scene.maria.session.identity.deviceKey.sign(signingInput(sha256, LABELS.evidence, b));
  files['evidence.cbor'] = encodeCanonical({ b, s });
  try {
    verifyBundle(zipSync(files, { level: 0 }));
    return 'holds';
  } catch (error) {
    if (error instanceof Fault) return `${error.step} ${error.at} ${error.message}`;
    throw error;
  }
}

const bodyOf = (signed: Bytes): Fields => decode<Fields>(decode<{ b: Bytes }>(signed).b);
const headerOf = (sealed: Bytes): EnvelopeHeader => decode<EnvelopeHeader>(decode<{ h: Bytes }>(sealed).h);
const opOf = (entry: Bytes) => bodyOf(entry)['op'] as { op: string; account?: string; proof?: Bytes };
const placeOf = (words: string): number => verdict.messages.findIndex(({ text: said }) => said === words);
const without = <T>(list: T[], isOut: (one: T) => boolean): void => {
  const at = list.findIndex(isOut);
  if (at < 0) throw new Error('not there');
  list.splice(at, 1);
};

describe('the record of a patient’s conversation', () => {
  it('holds: claim, text, edit, withdrawal and both phones', () => {
    const rosa = scene.found.session.me;
    // The first is the practice's card, which the conversation begins with.
    expect(verdict.messages.map(({ kind, text: words }) => [kind, words])).toEqual([
      ['card', ''],
      ['message', 'The wound itches'],
      ['message', 'Since when?'],
      ['edit', 'The wound itches at night'],
      ['message', 'This was for my sister'],
      ['withdrawal', ''],
      ['message', 'Since Monday, by text'],
      ['message', 'I have a new phone'],
    ]);
    const carrier = scene.texting.me.read().account;
    expect(verdict.messages.map(({ author }) => author)).toEqual([
      scene.maria.account,
      rosa,
      scene.maria.account,
      rosa,
      rosa,
      rosa,
      carrier,
      rosa,
    ]);
    expect(verdict.messages.every(({ hasReceipt }) => hasReceipt)).toBe(true);
    // A patient's name is in no statement: it is who made the record that says it.
    expect([rosa, scene.maria.account].map((account) => verdict.people.get(account))).toEqual([
      { name: 'Rosa Martinez', isProven: false },
      { name: 'Maria Lopez', isProven: true },
    ]);
  });

  it('shows two invitations of hers, each by a colleague, and two claims', async () => {
    const seen: Record<string, number> = {};
    await verdictOn((body) => {
      for (const { b } of body.statements) {
        const kind = String(bodyOf(b)['t']);
        seen[kind] = (seen[kind] ?? 0) + 1;
      }
      for (const entry of body.entries) seen[opOf(entry).op] = (seen[opOf(entry).op] ?? 0) + 1;
    });
    expect(seen).toMatchObject({ 'patient-invitation': 2, invite: 2, claim: 2, 'agent-grant': 1 });
  });
});

describe('altered by who may sign records, it does not hold', () => {
  const isStatement = (kind: string) => (statement: { b: Bytes }) => bodyOf(statement.b)['t'] === kind;

  it('as it is, signed again, it does', async () => {
    expect(await verdictOn(() => {})).toBe('holds');
  });

  it('without an invitation, or without the identity that came of it', async () => {
    expect(
      await verdictOn(({ statements }) => without(statements, isStatement('patient-invitation'))),
    ).toMatch(/^3 statements.* its invitation is not in the file/);
    const rosa = scene.found.session.me;
    const isHers = ({ b }: { b: Bytes }) => bodyOf(b)['t'] === 'account' && bodyOf(b)['account'] === rosa;
    expect(await verdictOn(({ statements }) => without(statements, isHers))).toMatch(/^4 certificates/);
  });

  it('without the certificate of the colleague who invited', async () => {
    const invitedBy = ({ statements }: Body) =>
      hex(bodyOf(statements.find(isStatement('patient-invitation'))?.b as Bytes)['dk'] as Bytes);
    const hashOf = (signed: Bytes) => hex(objectHash(LABELS.device, decode<{ b: Bytes }>(signed).b));
    expect(
      await verdictOn((body) => without(body.certificates, (one) => hashOf(one) === invitedBy(body))),
    ).toMatch(/^[45] .* its author's certificate is not in the file/);
  });

  it('with a claim whose proof is not by the link, or that claims for somebody else', async () => {
    const primitives = await nodePrimitives();
    const again = async (key: SigningKey, at: number, body: Body, op: Fields) => {
      const opened = openEntry(primitives.sha256, body.entries[at] as Bytes);
      if (!opened.ok) throw new Error(opened.error.code);
      const changed = { ...opened.value.body, op: { ...opened.value.body.op, ...op } };
      const { bytes } = await signEntry(primitives, { key, body: changed });
      body.entries[at] = bytes;
    };
    const lastClaim = ({ entries }: Body) => entries.findLastIndex((entry) => opOf(entry).op === 'claim');
    const { deviceKey } = scene.found.session.identity;
    expect(
      await verdictOn((body) => again(deviceKey, lastClaim(body), body, { proof: new Uint8Array(64) })),
    ).toMatch(/^5 entries.* its proof is not by the invitation's key/);
    expect(
      await verdictOn((body) => again(deviceKey, lastClaim(body), body, { account: scene.maria.account })),
    ).toMatch(/^5 entries.* claims an invitation of somebody else/);
    expect(
      await verdictOn((body) =>
        again(deviceKey, lastClaim(body), body, { invitation: newId('invitation', nodeRng) }),
      ),
    ).toMatch(/^5 entries.* claims an invitation that is not there/);
  });

  it('with her words changed, given to another author, or put elsewhere', async () => {
    const at = placeOf('The wound itches');
    const changed = (change: (item: Item, next: Item) => void) =>
      verdictOn(({ items }) => change(items[at] as Item, items[at + 1] as Item));
    expect(
      await changed((item) => {
        const sealed = decode<{ h: Bytes; c: Bytes; x: Bytes; s: Bytes }>(item.b);
        item.b = encodeCanonical({
          ...sealed,
          h: encodeCanonical({ ...headerOf(item.b), author: scene.maria.account }),
        });
      }),
    ).toMatch(/^6 evidence.items\[1\] names the certificate of somebody else/);
    expect(
      await changed((item) => {
        const sealed = decode<{ h: Bytes; c: Bytes; x: Bytes; s: Bytes }>(item.b);
        const x = sealed.x.slice();
        x[9] = (x[9] ?? 0) ^ 1;
        item.b = encodeCanonical({ ...sealed, x });
      }),
    ).toMatch(/^6 evidence.items\[1\] is not signed by its author/);
    expect(
      await changed((item, next) => {
        [item.secret, next.secret] = [next.secret, item.secret];
      }),
    ).toMatch(/^6 evidence.items\[1\] its secret is not the one/);
    expect(
      await changed((item, next) => {
        const [mine, theirs] = [{ ...item }, { ...next }];
        Object.assign(item, theirs, { seq: mine.seq });
        Object.assign(next, mine, { seq: theirs.seq });
      }),
    ).toMatch(/^7 /);
    expect(
      await verdictOn(({ items }) => {
        const [edit] = items.splice(placeOf('The wound itches at night'), 1);
        if (edit) items.unshift(edit);
      }),
    ).toMatch(/^7 items\[0\] names as older what comes after it/);
  });

  it('with what her lost phone wrote moved to after the loss', async () => {
    const moved = (hours: number) =>
      verdictOn(({ items }) => {
        const item = items[placeOf('The wound itches')] as Item;
        Object.assign(item, { ts: item.ts + hours * HOUR, receipt: null, index: 0, path: [] });
      });
    // An hour later she was out, another hour later she had new keys.
    expect(await moved(1.5)).toMatch(/^6 evidence.items\[1\].* taken out of the conversation/);
    expect(await moved(2.5)).toMatch(/^6 evidence.items\[1\] .*keys that had been replaced/);
  });

  it('with a message that somebody makes with her lost phone and the newest keys, whatever time they say', async () => {
    const { identity } = scene.lost.session;
    const primitives = await nodePrimitives();
    const { parts } = scene.maria.session;
    const log = await parts.logs.require(scene.conv);
    const content = contentCodec.encode({
      t: 'message',
      text: 'Please send my things to another address',
      attachments: [],
      mentions: [],
      quote: null,
      template: null,
      request: null,
    });
    const keys =
      (await parts.generations.find(scene.conv, log.state.gen)) ??
      makeGenerationKeys(primitives, {
        conv: scene.conv,
        gen: log.state.gen,
        secrets: { gk: Secret.of(nodeRng.bytes(32)), hl: null },
      });
    const forged = await sealEnvelope(
      { primitives, rng: nodeRng },
      {
        header: {
          org: identity.org,
          conv: scene.conv,
          gen: log.state.gen,
          logN: log.state.n,
          logHead: log.state.head,
          author: identity.account,
          dk: identity.dk,
          ts: scene.clock.nowMs(),
          last: await parts.streams.newestHash(scene.conv),
          id: newId('message', nodeRng),
          as: null,
          class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
          blobs: [],
          escalation: null,
        },
        keys,
        signer: identity.deviceKey,
        content,
      },
    );
    const { salt } = headerOf(forged);
    const said = (agoMs: number) =>
      verdictOn(({ items }) => {
        const last = items.at(-1) as Item;
        items.push({
          ...last,
          seq: last.seq + 1,
          batch: last.batch + 1,
          ts: scene.clock.nowMs() - agoMs,
          b: forged,
          secret: keys.messageSecret(salt).reveal(),
          receipt: null,
        });
      });
    expect(await said(0)).toMatch(/^6 evidence.items\[8\] .*keys that had been replaced/);
    expect(await said(2.5 * HOUR)).toMatch(
      /^6 evidence.items\[8\].* a membership entry that was made after it/,
    );
  });
});
