import { type Bytes, encodeHex, type Result } from '@baton/kernel';
import {
  ERROR_CODES,
  escalationBoxCodec,
  manifestCodec,
  recordSubject,
  SERVER_OPS,
  sealedNoteCodec,
  signedCodec,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { digest, verify } from './fixtures/signing.ts';
import { type BatonFile, hex, readVectors, type Vector, valueOf } from './fixtures/vector-files.ts';
import {
  applyStatement,
  checkBatonEvent,
  checkCertificate,
  checkEscalation,
  checkRecord,
  emptyKeyLog,
  escalationBoxInfo,
  escalationRecipients,
  findOrg,
  hashEscalationBox,
  hashEscalationContext,
  hashManifest,
  hashObject,
  LABELS,
  type LedgerError,
  openBatonEvent,
  openEnvelope,
  openRecord,
  signingInput,
} from './index.ts';

// batons.json against this package. What writes it computes every hash on its own (tools/src/vectors).

const file = readVectors<BatonFile>('batons.json');
const keyLogFile = readVectors<{ certificate: Vector; statements: Vector[] }>('key-log.json');
const conversationFile = readVectors<{ sealed: Vector[] }>('conversation.json');

const signedCertificate = hex(keyLogFile.certificate.bytes);
let keylog = emptyKeyLog(digest);
for (const { bytes } of keyLogFile.statements)
  keylog = valueOf(await applyStatement(keylog, hex(bytes), { verify, certificate: signedCertificate }));
const org = findOrg(keylog);
if (org === null) throw new Error('no organisation');
const atMs = 1_800_000_000_000 + 2 * 86_400_000;
const certificate = valueOf(await checkCertificate(keylog, signedCertificate, { verify, atMs }));

type Check = (bytes: Bytes) => Promise<Result<unknown, LedgerError>>;

const asEvent: Check = async (bytes) => {
  const opened = openBatonEvent(digest, bytes);
  if (!opened.ok) return opened;
  const ports = { digest, verify };
  const signer = opened.value.body.by === null ? { org: org.org, serverKey: org.server } : { certificate };
  return checkBatonEvent(opened.value, { ...ports, ...signer });
};
const asRecord: Check = async (bytes) => {
  const opened = openRecord(digest, bytes);
  return opened.ok ? checkRecord(opened.value, { digest, verify, certificate }) : opened;
};
const events = file.events.map((vector): [string, Vector, Check] => [
  `event ${vector.name}`,
  vector,
  asEvent,
]);
const records = file.records.map((vector): [string, Vector, Check] => [
  `record ${vector.name}`,
  vector,
  asRecord,
]);
const all = [...events, ...records];

describe('signed objects of batons', () => {
  it.each(all)('%s: hash, signing input, signature', async (_name, vector, check) => {
    const signed = valueOf(signedCodec.decode(hex(vector.bytes)));
    expect(encodeHex(hashObject(digest, vector.label, signed.b))).toBe(vector.hash);
    expect(encodeHex(signingInput(digest, vector.label, signed.b))).toBe(vector.signingInput);
    expect(await check(hex(vector.bytes))).toEqual({ ok: true, value: null });
  });

  it('cover every operation and every kind of record', () => {
    const ops =
      'accept acknowledge answer box close decline offer offer open open reassign reopen return step take';
    expect(file.events.map(({ name }) => name).sort()).toEqual(ops.split(' '));
    const kinds = 'availability cover ladder policy policy queue schedule unit';
    expect(file.records.map(({ name }) => name).sort()).toEqual(kinds.split(' '));
  });

  it('chain: events by their place, versions of a record by their subject', () => {
    const opened = file.events.map(({ bytes }) => valueOf(openBatonEvent(digest, hex(bytes))));
    for (const [n, { body }] of opened.slice(0, -1).entries()) {
      expect(body.n).toBe(n);
      expect(body.prev).toEqual(opened[n - 1]?.hash ?? null);
    }
    const policies = file.records
      .map(({ bytes }) => valueOf(openRecord(digest, hex(bytes))))
      .filter(({ body }) => recordSubject(body.body) === 'policy');
    expect(policies.map(({ body }) => body.version)).toEqual([1, 2]);
    expect(policies[1]?.body.prev).toEqual(policies[0]?.hash);
  });

  it.each(all)('%s: any of 700 flipped bits is refused with a typed error', async (_name, vector, check) => {
    const bytes = hex(vector.bytes);
    const bits = bytes.length * 8;
    for (let i = 0; i < 700; i++) {
      const bit = Math.floor((i * bits) / 700);
      const mutant = bytes.slice();
      mutant[bit >> 3] = (mutant[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const result = await check(mutant);
      if (result.ok) throw new Error(`bit ${bit} was not noticed`);
      expect(Object.hasOwn(ERROR_CODES, result.error.code)).toBe(true);
      expect(result.error.code).toMatch(/^(ledger|wire)\./);
    }
  });

  it.each(all)('%s counts for nothing else', async (_name, vector, check) => {
    const other = check === asEvent ? asRecord : asEvent;
    expect((await other(hex(vector.bytes))).ok).toBe(false);
  });

  it('a person signs nothing of the server’s, nor the server anything of a person’s', async () => {
    const server: ReadonlySet<string> = new Set(SERVER_OPS);
    for (const { name, bytes } of file.events) {
      const opened = valueOf(openBatonEvent(digest, hex(bytes)));
      const wrong = server.has(name) ? { certificate } : { org: org.org, serverKey: org.server };
      expect(await checkBatonEvent(opened, { digest, verify, ...wrong })).toMatchObject({ ok: false });
    }
  });
});

describe('what goes with an asking message', () => {
  const [envelope] = conversationFile.sealed;
  const { header } = valueOf(openEnvelope(digest, hex(envelope?.bytes ?? '')));
  const parts = { boxes: [hex(file.box.bytes)], context: hex(file.context.bytes) };

  it('has these hashes and this info', () => {
    const { conv, message, to, g } = valueOf(escalationBoxCodec.decode(hex(file.box.bytes)));
    expect(encodeHex(hashEscalationBox(digest, hex(file.box.bytes)))).toBe(file.box.hash);
    expect(encodeHex(escalationBoxInfo({ conv, message, to, g }))).toBe(file.box.info);
    expect(encodeHex(hashEscalationContext(digest, hex(file.context.bytes)))).toBe(file.context.hash);
    expect(sealedNoteCodec.decode(hex(file.note)).ok).toBe(true);
    expect(escalationRecipients(header)).toEqual([{ to, g }]);
    expect(checkEscalation(digest, header, parts)).toEqual({ ok: true, value: null });
  });

  it('is refused when any bit of it differs', () => {
    let mutants = 0;
    for (const part of ['box', 'context'] as const) {
      const bytes = part === 'box' ? parts.boxes[0] : parts.context;
      const bits = (bytes?.length ?? 0) * 8;
      for (let i = 0; i < 700; i++) {
        const bit = Math.floor((i * bits) / 700);
        const mutant = (bytes as Bytes).slice();
        mutant[bit >> 3] = (mutant[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = part === 'box' ? { ...parts, boxes: [mutant] } : { ...parts, context: mutant };
        const result = checkEscalation(digest, header, changed);
        expect(result.ok ? 'accepted' : result.error.code).toMatch(/^(ledger|wire)\./);
        mutants += 1;
      }
    }
    expect(mutants).toBe(1400);
  });
});

it('a manifest has the hash that invitations and grants name', () => {
  expect(manifestCodec.decode(hex(file.manifest.bytes)).ok).toBe(true);
  expect(encodeHex(hashManifest(digest, hex(file.manifest.bytes)))).toBe(file.manifest.hash);
  expect(LABELS.manifest).toBe('sg/manifest/v1');
});
