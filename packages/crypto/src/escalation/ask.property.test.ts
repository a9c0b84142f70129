import { type Bytes, encodeHex, makeId, Secret } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkEscalation,
  escalationRecipients,
  hashObject,
  LABELS,
  type OpenedEnvelope,
  sealedSigningInput,
} from '@baton/ledger';
import {
  type EscalationContext,
  envelopeHeaderCodec,
  escalationBoxCodec,
  type MessageClass,
  sealedCodec,
} from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, wrongLengths } from '../fixtures/mutants.ts';
import {
  AUTHOR,
  decodedEnvelope,
  ENTRY_TIME,
  envelopeHeader,
  idBytes,
  keysOf,
  makePerson,
  nativePorts,
  ORG,
  OTHER_CONV,
  type Person,
} from '../fixtures/practice.ts';
import { craftTwoKeyCiphertext } from '../primitives/fixtures/two-key-gcm.fixture.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import { unsealEnvelope } from '../sealed/envelope.ts';
import { type OpenEscalationInput, openEscalation, sealAsk } from './ask.ts';
import { makeLateBox, sealEscalationBox } from './escalation-box.ts';
import { openEscalationContext } from './escalation-context.ts';

const ports = await nativePorts();
const { primitives } = ports;
const keys = keysOf(primitives);
const signer = await primitives.generateDeviceKey();
const certificate: CheckedCertificate = {
  hash: new Uint8Array(32).fill(6),
  certificate: {
    v: 1,
    t: 'device',
    org: ORG,
    ts: ENTRY_TIME,
    account: AUTHOR,
    accountGen: 1,
    device: makeId('device', idBytes(9)),
    pub: signer.publicKey,
    class: 'personal',
    label: 'phone',
    notBefore: ENTRY_TIME - 1000,
    notAfter: ENTRY_TIME + 1000,
  },
};
const [ann, bob, eve] = (await Promise.all([31, 32, 33].map((value) => makePerson(primitives, value)))) as [
  Person,
  Person,
  Person,
];
const holderOf = (person: Person, g = 1) => ({ to: person.id, g, boxKey: person.key.publicKey });
const stat: MessageClass = {
  kind: 'message',
  contract: 'stat',
  to: [ann.id],
  withinMs: 300_000,
  replyTo: null,
};
const context: EscalationContext = {
  t: 'context',
  patient: 'Ada Example',
  sender: 'Ann Lee',
  callback: '+1 425 555 0100',
  conversation: 'Care team',
  quote: null,
};
const content = new Uint8Array(200).map((_, index) => index);
const { escalation: _none, ...plainHeader } = envelopeHeader({ class: stat });

const seal = (over: object = {}, recipients = [holderOf(ann), holderOf(bob)]) =>
  sealAsk(ports, { header: { ...plainHeader, ...over }, keys, signer, content, recipients, context });

interface Sealed {
  readonly opened: OpenedEnvelope;
  readonly boxes: readonly Bytes[];
  readonly context: Bytes;
}
async function ask(over: object = {}): Promise<Sealed> {
  const { bytes, parts } = await seal(over);
  return { opened: decodedEnvelope(primitives, bytes), boxes: parts.boxes, context: parts.context };
}

function open(sealed: Sealed, reader: Person, over: Partial<OpenEscalationInput> = {}) {
  const place = reader.id === ann.id ? 0 : 1;
  return openEscalation(primitives, {
    opened: sealed.opened,
    certificate,
    box: sealed.boxes[place] as Bytes,
    to: reader.id,
    g: 1,
    key: reader.key,
    context: sealed.context,
    ...over,
  });
}
const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    (value) => {
      const result = value as { ok: boolean; error?: { code: string } };
      return result.ok ? 'opened' : (result.error?.code ?? '');
    },
    (error: unknown) => (error instanceof CryptoError ? error.code : `untyped ${String(error)}`),
  );

describe('a message that asks', () => {
  it('opens for its members by their keys, and for its ladder by the boxes', async () => {
    const sealed = await ask();
    const { header } = sealed.opened;
    expect(checkEscalation(primitives.sha256, header, sealed)).toEqual({ ok: true, value: null });
    expect(escalationRecipients(header)).toEqual([
      { to: ann.id, g: 1 },
      { to: bob.id, g: 1 },
    ]);
    expect(await unsealEnvelope(primitives, { opened: sealed.opened, keys })).toEqual(content);
    for (const reader of [ann, bob]) {
      expect(await open(sealed, reader)).toMatchObject({ ok: true, value: { content, context } });
      expect(await open(sealed, reader, { context: null })).toMatchObject({
        value: { content, context: null },
      });
    }
    const secret = keys.messageSecret(header.salt);
    const { context: block } = sealed;
    expect(await openEscalationContext(primitives, { header, secret, sealed: block })).toEqual(context);
  });

  it('has a secret of its own: neither another message’s nor the generation’s', async () => {
    const secrets = new Set<string>([encodeHex(keys.secrets.gk.reveal())]);
    for (let i = 0; i < 50; i++) {
      const { header } = (await ask()).opened;
      secrets.add(encodeHex(keys.messageSecret(header.salt).reveal()));
    }
    expect(secrets.size).toBe(51);
    const one = await ask();
    const other = await ask({ id: makeId('message', idBytes(77)) });
    // What Ann learnt from one message opens nothing of the next, whose box she is not given.
    const opened = await open(one, ann);
    if (!opened.ok) throw new Error(opened.error.code);
    const { secret } = opened.value;
    const late = { opened: other.opened, secret, recipient: holderOf(ann) };
    expect(await codeOf(makeLateBox(primitives, late))).toBe('crypto.bad_commitment');
    const { header } = other.opened;
    expect(await codeOf(openEscalationContext(primitives, { header, secret, sealed: other.context }))).toBe(
      'crypto.open_failed',
    );
  });

  it('hides the length of its context', async () => {
    const lengths = await Promise.all(
      ['A', 'A much longer name of a patient with a date of birth'].map(async (patient) => {
        const { parts } = await sealAsk(ports, {
          header: plainHeader,
          keys,
          signer,
          content,
          recipients: [holderOf(ann)],
          context: { ...context, patient },
        });
        return parts.context.length;
      }),
    );
    expect(new Set(lengths).size).toBe(1);
  });

  it('goes to 1 to 24 recipients, each once, from its own conversation', async () => {
    const people = Array.from({ length: 25 }, (_, index) => ({
      ...holderOf(ann),
      to: makeId('account', idBytes(100 + index)),
    }));
    expect(await codeOf(seal({}, []))).toBe('crypto.bad_length');
    expect(await codeOf(seal({}, people))).toBe('crypto.bad_length');
    expect(await codeOf(seal({}, [holderOf(ann), holderOf(ann, 2)]))).toBe('crypto.bad_length');
    expect(await codeOf(seal({ conv: OTHER_CONV }))).toBe('crypto.wrong_context');
    expect((await seal({}, people.slice(1))).parts.boxes).toHaveLength(24);
  });
});

describe('a reader through the ladder', () => {
  it('refuses every flipped bit of the box, with a typed error', async () => {
    const sealed = await ask();
    let mutants = 0;
    for (const late of [false, true]) {
      for (const { mutant } of bitFlips(sealed.boxes[0] as Bytes, 800)) {
        mutants += 1;
        expect(await codeOf(open(sealed, ann, { box: mutant, late }))).toMatch(
          /^crypto\.(malformed|wrong_context|open_failed)$/,
        );
      }
      for (const box of wrongLengths(sealed.boxes[0] as Bytes))
        expect(await codeOf(open(sealed, ann, { box, late }))).toBe('crypto.malformed');
    }
    expect(mutants).toBeGreaterThanOrEqual(1600);
  });

  it('refuses every flipped bit of the context block, where the header names it and where it would', async () => {
    const sealed = await ask();
    const { header } = sealed.opened;
    const secret = keys.messageSecret(header.salt);
    let mutants = 0;
    for (const { mutant } of bitFlips(sealed.context, 800)) {
      mutants += 1;
      expect(await codeOf(open(sealed, ann, { context: mutant }))).toBe('crypto.wrong_context');
      const named = {
        ...header,
        escalation: {
          boxes: header.escalation?.boxes ?? [],
          context: hashObject(primitives.sha256, LABELS.context, mutant),
        },
      };
      const opening = openEscalationContext(primitives, { header: named, secret, sealed: mutant });
      expect(await codeOf(opening)).toBe('crypto.open_failed');
    }
    expect(mutants).toBeGreaterThanOrEqual(600);
  });

  it('refuses every flipped bit of the envelope, at the decoder or at its author’s signature', async () => {
    const { bytes, parts } = await seal();
    let refused = 0;
    for (const { mutant } of bitFlips(bytes, 1000)) {
      let opened: OpenedEnvelope;
      try {
        opened = decodedEnvelope(primitives, mutant);
      } catch {
        refused += 1;
        continue;
      }
      const outcome = await codeOf(open({ opened, boxes: parts.boxes, context: parts.context }, ann));
      expect(outcome).toMatch(/^ledger\./);
      refused += 1;
    }
    expect(refused).toBeGreaterThanOrEqual(600);
  });

  it('refuses what belongs to somebody else or to another message', async () => {
    const sealed = await ask();
    const other = await ask({ id: makeId('message', idBytes(77)) });
    const twin = await ask();
    const box = (from: Sealed, place: number) => from.boxes[place] as Bytes;
    const wrong = 'crypto.wrong_context';
    // Bob's box, as it is and read by a key that is not his.
    expect(await codeOf(open(sealed, ann, { box: box(sealed, 1) }))).toBe(wrong);
    expect(await codeOf(open(sealed, eve, { box: box(sealed, 1), to: bob.id }))).toBe('crypto.open_failed');
    expect(await codeOf(open(sealed, ann, { g: 2 }))).toBe(wrong);
    // A box of another message, and one of the same message sealed again.
    for (const late of [false, true]) {
      expect(await codeOf(open(sealed, ann, { box: box(other, 0), late }))).toBe(wrong);
      expect(await codeOf(open(sealed, ann, { box: box(twin, 0), late }))).toBe(
        late ? 'crypto.bad_commitment' : wrong,
      );
    }
    expect(await codeOf(open(sealed, ann, { context: other.context }))).toBe(wrong);
    expect(await codeOf(open(sealed, ann, { context: twin.context }))).toBe(wrong);
    // Relabelled to fit, it fails in the cryptography.
    const decoded = escalationBoxCodec.decode(box(sealed, 1));
    if (!decoded.ok) throw new Error('not a box');
    const relabelled = escalationBoxCodec.encode({ ...decoded.value, to: ann.id });
    expect(await codeOf(open(sealed, ann, { box: relabelled, late: true }))).toBe('crypto.open_failed');
  });

  it('asks who wrote it before opening anything', async () => {
    const sealed = await ask();
    const stranger = await primitives.generateDeviceKey();
    const { certificate: one } = certificate;
    const refusals: [CheckedCertificate, string][] = [
      [{ ...certificate, certificate: { ...one, pub: stranger.publicKey } }, 'ledger.bad_signature'],
      [{ ...certificate, certificate: { ...one, account: bob.id } }, 'ledger.wrong_purpose'],
      [{ ...certificate, hash: new Uint8Array(32) }, 'ledger.unknown_signer'],
      [{ ...certificate, certificate: { ...one, notAfter: ENTRY_TIME } }, 'ledger.expired'],
    ];
    for (const [changed, code] of refusals)
      expect(await codeOf(open(sealed, ann, { certificate: changed }))).toBe(code);
  });

  it('is shown no other message than the members are (invisible salamander)', async () => {
    const salt = new Uint8Array(32).fill(44);
    const first = keys.messageSecret(salt).reveal();
    const second = new Uint8Array(32).fill(45);
    const place = { conv: plainHeader.conv, message: plainHeader.id, to: ann.id, g: 1 };
    const box = await sealEscalationBox(primitives, {
      binding: place,
      boxKey: ann.key.publicKey,
      secret: second,
    });
    const b = hashObject(primitives.sha256, LABELS.escalationBox, box);
    const h = envelopeHeaderCodec.encode({
      ...plainHeader,
      v: 1,
      t: 'envelope',
      salt,
      escalation: { boxes: [{ to: ann.id, g: 1, b }], context: b },
    });
    const okmOf = (secret: Bytes) =>
      primitives.hkdfExpand({
        prk: secret,
        info: hashObject(primitives.sha256, LABELS.envelope, h),
        length: 76,
      });
    const side = (secret: Bytes, text: number) => {
      const okm = okmOf(secret);
      const message = new Uint8Array(64).fill(text);
      return { key: okm.slice(0, 32), nonce: okm.slice(32, 44), aad: h, message };
    };
    const { sealed: x } = craftTwoKeyCiphertext(side(first, 1), side(second, 2));
    const c = okmOf(first).slice(44);
    const s = await signer.sign(sealedSigningInput(primitives.sha256, LABELS.envelope, { h, c, x }));
    const opened = decodedEnvelope(primitives, sealedCodec.encode({ h, c, x, s }));
    const sealed = { opened, boxes: [box], context: box };
    expect(await codeOf(open(sealed, ann, { context: null }))).toBe('crypto.bad_commitment');
  });
});

describe('a later box', () => {
  it('is made by a member or by whoever was reached, and opens message and context', async () => {
    const sealed = await ask();
    const { opened } = sealed;
    const reached = await open(sealed, bob);
    if (!reached.ok) throw new Error(reached.error.code);
    for (const secret of [keys.messageSecret(opened.header.salt), reached.value.secret]) {
      const box = await makeLateBox(primitives, { opened, secret, recipient: holderOf(eve, 3) });
      const input = { box, to: eve.id, g: 3, late: true };
      expect(await open(sealed, eve, input)).toMatchObject({ ok: true, value: { content, context } });
      // Only by the event in which it stands: the sender did not name it.
      expect(await codeOf(open(sealed, eve, { ...input, late: false }))).toBe('crypto.wrong_context');
    }
  });

  it('is not made of what does not open the message', async () => {
    const { opened } = await ask();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 40 }), async (bytes) => {
        const secret = Secret.of(bytes);
        const code = await codeOf(makeLateBox(primitives, { opened, secret, recipient: holderOf(eve) }));
        expect(code).toMatch(/^crypto\.(bad_commitment|bad_length)$/);
      }),
      { numRuns: 50 },
    );
    const another = keysOf(primitives, { value: 8 }).messageSecret(opened.header.salt);
    const late = { opened, secret: another, recipient: holderOf(eve) };
    expect(await codeOf(makeLateBox(primitives, late))).toBe('crypto.bad_commitment');
  });

  it('that somebody made of another secret is refused by its reader', async () => {
    const sealed = await ask();
    const { conv, id } = sealed.opened.header;
    const box = await sealEscalationBox(primitives, {
      binding: { conv, message: id, to: eve.id, g: 1 },
      boxKey: eve.key.publicKey,
      secret: new Uint8Array(32).fill(1),
    });
    expect(await codeOf(open(sealed, eve, { box, late: true }))).toBe('crypto.bad_commitment');
  });
});
