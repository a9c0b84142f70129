import {
  type AccountId,
  type BatonId,
  type ConversationId,
  type CredentialId,
  type InvitationId,
  type RoleId,
  Secret,
} from '@baton/kernel';
import {
  checkBoxes,
  checkEscalation,
  checkSigned,
  entryCoreHash,
  escalationRecipients,
  LABELS,
  openEnvelope,
  openPut,
  sealedSigningInput,
} from '@baton/ledger';
import {
  type EscalationContext,
  entryCodec,
  escalationBoxCodec,
  type RecipientId,
  statementCodec,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { walkBoxKeyChain } from './accounts/box-key-chain.ts';
import { openBox } from './boxes/box.ts';
import { makeCollectionIndex } from './collections/collection-index.ts';
import { openEscalationBox } from './escalation/escalation-box.ts';
import { openEscalationContext } from './escalation/escalation-context.ts';
import { openNote } from './escalation/note.ts';
import { openFile } from './files/file.ts';
import { readSealedVectors } from './fixtures/sealed-vectors.ts';
import { makeGenerationKeys } from './generations/generation-keys.ts';
import { walkHistory } from './generations/history.ts';
import { blindLinkCode, evaluateBlindedCode } from './invitations/link-code.ts';
import { linkHolderProof, patientLinkSecret } from './invitations/patient-link.ts';
import { invitationBoxKey, invitationSigningKey } from './invitations/invitation-keys.ts';
import { nativePrimitives, portablePrimitives, systemRng } from './primitives/fixtures/runtimes.ts';
import type { XwingKey } from './primitives/primitives.ts';
import { hex } from './primitives/fixtures/vectors.ts';
import { deriveRoleBoxSeed } from './roles/role-box-key.ts';
import { unsealEnvelope } from './sealed/envelope.ts';
import { unsealPut } from './sealed/put.ts';
import { openVault } from './vault/vault.ts';
import { unwrapUserMasterKey } from './vault/wrap.ts';
import { deriveDemoKeys, derivePasskeyWrapKey, deriveWordKeys, passkeyPrfInput } from './vault/wrap-keys.ts';
import { wordsLogin } from './words/words-login.ts';

// The frozen objects of docs/protocol/sealing.md §12, opened: whatever sealed them, every later version and every runtime must read them.
// tools/src/vectors checks the other direction.

const secret = (text: string) => Secret.of(hex(text));
const runtimes = [
  ['native', await nativePrimitives()],
  ['portable', await portablePrimitives()],
] as const;

describe.each(runtimes)('frozen objects, %s', (_name, primitives) => {
  it('boxes', async () => {
    interface Case {
      readonly conv: ConversationId;
      readonly gen: number;
      readonly to: RecipientId;
      readonly g: number;
      readonly core: string;
      readonly hist: boolean;
      readonly seed: string;
      readonly gk: string;
      readonly hl: string | null;
      readonly box: string;
    }
    for (const { conv, gen, to, g, core, hist, seed, gk, hl, box } of readSealedVectors<Case>('box.json')) {
      const key = await primitives.xwingKeyFromSeed(hex(seed));
      const binding = { conv, gen, to, g, core: hex(core) };
      const opened = await openBox(primitives, { key, binding, hist, box: hex(box) });
      expect(opened.gk.reveal()).toEqual(hex(gk));
      expect(opened.hl?.reveal() ?? null).toEqual(hl === null ? null : hex(hl));
    }
  });

  it('a generation: its entry, box, link, role key and index', async () => {
    interface Case {
      readonly conv: ConversationId;
      readonly member: AccountId;
      readonly seed: string;
      readonly previous: { readonly gk: string; readonly hl: string };
      readonly gk: string;
      readonly entry: string;
      readonly boxes: readonly string[];
      readonly role: RoleId;
      readonly roleSeed: string;
      readonly collectionText: string;
      readonly opaqueKey: string;
    }
    for (const one of readSealedVectors<Case>('generation.json')) {
      const decoded = entryCodec.decode(hex(one.entry));
      if (!decoded.ok) throw new Error(decoded.error.code);
      const entry = decoded.value;
      const boxes = one.boxes.map(hex);
      expect(checkBoxes(primitives.sha256, entry, boxes)).toMatchObject({ ok: true });
      const { conv } = one;
      const secrets = await openBox(primitives, {
        key: await primitives.xwingKeyFromSeed(hex(one.seed)),
        binding: { conv, gen: 3, to: one.member, g: 1, core: entryCoreHash(primitives.sha256, entry) },
        hist: true,
        box: boxes[0] as Uint8Array,
      });
      expect(secrets.gk.reveal()).toEqual(hex(one.gk));
      const newest = makeGenerationKeys(primitives, { conv, gen: 3, secrets });
      const reached = await walkHistory(primitives, { newest, starts: [entry], stopAt: 2 });
      expect(reached.get(2)?.secrets.gk.reveal()).toEqual(hex(one.previous.gk));
      expect(reached.get(2)?.secrets.hl?.reveal()).toEqual(hex(one.previous.hl));
      const seed = deriveRoleBoxSeed({ keyring: newest, role: one.role });
      expect(seed.reveal()).toEqual(hex(one.roleSeed));
      const first = { gk: secret(one.previous.gk), hl: secret(one.previous.hl) };
      const index = makeCollectionIndex(
        primitives,
        makeGenerationKeys(primitives, { conv, gen: 1, secrets: first }),
      );
      expect(index.opaqueKey(one.collectionText)).toEqual(hex(one.opaqueKey));
    }
  });

  it('envelopes and puts', async () => {
    interface Case {
      readonly conv: ConversationId;
      readonly gen: number;
      readonly gk: string;
      readonly signerPublicKey: string;
      readonly content: string;
      readonly sealed: string;
    }
    for (const kind of ['envelope', 'put'] as const) {
      for (const { conv, gen, gk, signerPublicKey, content, sealed } of readSealedVectors<Case>(
        `${kind}.json`,
      )) {
        const keys = makeGenerationKeys(primitives, { conv, gen, secrets: { gk: secret(gk), hl: null } });
        const bytes = hex(sealed);
        const envelope = openEnvelope(primitives.sha256, bytes);
        const put = openPut(primitives.sha256, bytes);
        expect([envelope.ok, put.ok]).toEqual([kind === 'envelope', kind === 'put']);
        const opened = envelope.ok ? envelope.value : put.ok ? put.value : null;
        if (!opened) throw new Error('not sealed');
        const message = sealedSigningInput(primitives.sha256, LABELS[kind], opened.sealed);
        expect(await primitives.verifyEd25519(hex(signerPublicKey), message, opened.sealed.s)).toBe(true);
        if (envelope.ok)
          expect(await unsealEnvelope(primitives, { opened: envelope.value, keys })).toEqual(hex(content));
        if (put.ok) expect(await unsealPut(primitives, { opened: put.value, keys })).toEqual(hex(content));
      }
    }
  });

  it('a message that asks for something, through its ladder; a later box; a note', async () => {
    interface Case {
      readonly conv: ConversationId;
      readonly gen: number;
      readonly gk: string;
      readonly signerPublicKey: string;
      readonly seeds: readonly string[];
      readonly secret: string;
      readonly content: string;
      readonly context: EscalationContext;
      readonly sealed: string;
      readonly boxes: readonly string[];
      readonly contextBlock: string;
      readonly late: string;
      readonly baton: BatonId;
      readonly text: string;
      readonly sealedNote: string;
    }
    for (const one of readSealedVectors<Case>('ask.json')) {
      const envelope = openEnvelope(primitives.sha256, hex(one.sealed));
      if (!envelope.ok) throw new Error(envelope.error.code);
      const opened = envelope.value;
      const { header, sealed } = opened;
      const parts = { boxes: one.boxes.map(hex), context: hex(one.contextBlock) };
      expect(checkEscalation(primitives.sha256, header, parts)).toMatchObject({ ok: true });
      const message = sealedSigningInput(primitives.sha256, LABELS.envelope, sealed);
      expect(await primitives.verifyEd25519(hex(one.signerPublicKey), message, sealed.s)).toBe(true);
      const { conv, gen } = one;
      const keys = makeGenerationKeys(primitives, { conv, gen, secrets: { gk: secret(one.gk), hl: null } });
      expect(await unsealEnvelope(primitives, { opened, keys })).toEqual(hex(one.content));
      expect(keys.messageSecret(header.salt).reveal()).toEqual(hex(one.secret));
      const late = escalationBoxCodec.decode(hex(one.late));
      if (!late.ok) throw new Error(late.error.code);
      const recipients = [...escalationRecipients(header), { to: late.value.to, g: late.value.g }];
      const readers = await Promise.all(one.seeds.map((seed) => primitives.xwingKeyFromSeed(hex(seed))));
      for (const [index, key] of readers.entries()) {
        const isLate = index === 2;
        const { to, g } = recipients[index] as (typeof recipients)[number];
        const box = hex(isLate ? one.late : (one.boxes[index] as string));
        const held = await openEscalationBox(primitives, { header, box, to, g, key, late: isLate });
        expect(held.reveal()).toEqual(hex(one.secret));
        const context = await openEscalationContext(primitives, {
          header,
          secret: held,
          sealed: parts.context,
        });
        expect(context).toEqual(one.context);
      }
      const { to, g } = recipients[0] as (typeof recipients)[number];
      const note = { baton: one.baton, to, g, key: readers[0] as XwingKey, note: hex(one.sealedNote) };
      expect(await openNote(primitives, note)).toBe(one.text);
    }
  });

  it('vault', async () => {
    interface Case {
      readonly account: AccountId;
      readonly version: number;
      readonly umk: string;
      readonly sealed: string;
      readonly opened: { readonly uik: string; readonly puk: string };
    }
    for (const { account, version, umk, sealed, opened } of readSealedVectors<Case>('vault.json')) {
      const place = { account, version, umk: secret(umk), sealed: hex(sealed) };
      const vault = (await openVault(primitives, place)).reveal();
      expect(vault.uik).toEqual(hex(opened.uik));
      expect(vault.puk.seed).toEqual(hex(opened.puk));
    }
  });

  it('wraps, back chain, invitation keys', async () => {
    type Case = Readonly<Record<string, string>> & {
      readonly account: AccountId;
      readonly credential: CredentialId;
    };
    const text = (one: Case, field: string) => one[field] ?? '';
    const [words, demo, passkey, chain, invitation] = readSealedVectors<Case>('wrap.json') as [
      Case,
      Case,
      Case,
      Case,
      Case,
    ];
    const fromWords = await deriveWordKeys(primitives, {
      login: text(words, 'login'),
      words: Secret.of(text(words, 'words')),
    });
    const fromDemo = await deriveDemoKeys(primitives, secret(text(demo, 'demo')));
    const prf = secret(text(passkey, 'prf'));
    const fromPasskey = await derivePasskeyWrapKey(primitives, { prf, credential: passkey.credential });
    expect(fromWords.proof).toEqual(hex(text(words, 'proof')));
    expect(fromDemo.proof).toEqual(hex(text(demo, 'proof')));
    expect(passkeyPrfInput(primitives)).toEqual(hex(text(passkey, 'prfInput')));
    for (const [one, wrapKey] of [
      [words, fromWords.wrapKey],
      [demo, fromDemo.wrapKey],
      [passkey, fromPasskey],
    ] as const) {
      expect(wrapKey.reveal()).toEqual(hex(text(one, 'wrapKey')));
      const { account, credential } = one;
      const umk = await unwrapUserMasterKey(primitives, {
        account,
        credential,
        wrapKey,
        wrap: hex(text(one, 'wrap')),
      });
      expect(umk.reveal()).toEqual(hex(text(one, 'umk')));
    }
    const seeds = await walkBoxKeyChain(primitives, {
      account: chain.account,
      newest: { gen: 2, seed: secret(text(chain, 'seed')) },
      statements: [{ gen: 2, chain: hex(text(chain, 'chain')) }],
    });
    expect(seeds.get(1)?.reveal()).toEqual(hex(text(chain, 'before')));
    const inviting = secret(text(invitation, 'invitation'));
    expect((await invitationSigningKey(primitives, inviting)).publicKey).toEqual(
      hex(text(invitation, 'signPublicKey')),
    );
    const box = await invitationBoxKey(primitives, inviting);
    expect(primitives.sha256(box.publicKey)).toEqual(hex(text(invitation, 'boxPublicKeyHash')));
  });

  it('files', async () => {
    interface Case {
      readonly content?: string;
      readonly sealed?: string;
      readonly key: string;
      readonly hash: string;
    }
    let opened = 0;
    for (const { content, sealed, key, hash } of readSealedVectors<Case>('file.json')) {
      if (content === undefined || sealed === undefined) continue;
      const file = { key: secret(key), hash: hex(hash), sizeBytes: content.length / 2 };
      expect(await openFile(primitives, { ...file, sealed: hex(sealed) })).toEqual(hex(content));
      opened += 1;
    }
    expect(opened).toBe(3);
  });

  it('a patient link, its code and the login of recovery words', async () => {
    interface Case {
      readonly invitation: InvitationId;
      readonly s: string;
      readonly code: string;
      readonly linkKey: string;
      readonly holder: string;
      readonly output: string;
      readonly secret: string;
      readonly words: string;
      readonly login: string;
    }
    for (const one of readSealedVectors<Case>('patient-link.json')) {
      const { invitation } = one;
      const { blinded, finish } = blindLinkCode(systemRng, { invitation, code: Secret.of(one.code) });
      const output = finish(evaluateBlindedCode(secret(one.linkKey), blinded));
      expect(output.reveal()).toEqual(hex(one.output));
      const x = await patientLinkSecret(primitives, { invitation, s: secret(one.s), output });
      expect(x.reveal()).toEqual(hex(one.secret));
      const proof = await linkHolderProof(primitives, { invitation, s: secret(one.s) });
      expect(primitives.sha256(proof)).toEqual(hex(one.holder));
      expect(wordsLogin(primitives, Secret.of(one.words))).toBe(one.login);
    }
  });

  it('a signed statement', async () => {
    interface Case {
      readonly publicKey: string;
      readonly signed: string;
      readonly hash: string;
    }
    for (const { publicKey, signed, hash } of readSealedVectors<Case>('signed.json')) {
      const check = { digest: primitives.sha256, verify: primitives.verifyEd25519 };
      const form = { label: LABELS.statement, codec: statementCodec, publicKey: hex(publicKey) };
      const checked = await checkSigned(check, hex(signed), form);
      expect(checked).toMatchObject({ ok: true, value: { hash: hex(hash) } });
    }
  });
});
