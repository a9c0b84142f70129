import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  deriveDemoKeys,
  derivePasskeyWrapKey,
  deriveRoleBoxSeed,
  deriveWordKeys,
  invitationBoxKey,
  invitationSigningKey,
  makeBoxKey,
  makeCollectionIndex,
  makeGeneration,
  makeGenerationKeys,
  passkeyPrfInput,
  sealBox,
  sealEnvelope,
  sealFile,
  sealPut,
  sealVault,
  signStatement,
  wrapUserMasterKey,
} from '@baton/crypto';
import { type Bytes, encodeHex, encodeUtf8, Secret } from '@baton/kernel';
import { contentCodec, entryCodec, type PutHeader, type Vault } from '@baton/wire';
import { askFile } from './ask-vectors.ts';
import { patientLinkFile } from './patient-link-vectors.ts';
import {
  AUTHOR,
  CONV,
  CREDENTIAL,
  MEMBER,
  ORG,
  ROLE,
  TS,
  WORDS,
  count,
  envelopeHeader,
  fill,
  hexOfSecrets,
  place,
  portsFrom,
  secrets,
  type SealedVectorFile,
} from './sealed-ground.ts';

// The frozen bytes of every sealed object (docs/protocol/sealing.md §12). Everything is sealed by portable code from a counted tape of
// "random" bytes, so that the same bytes come out on every machine; the crypto package's tests open them with the runtime's own.
//   node tools/src/vectors/sealed-vectors.ts            compares with protocol/vectors/sealed
//   node tools/src/vectors/sealed-vectors.ts --write    writes it anew (a change of the protocol: say so in the changelog)

export const SEALED_VECTORS_FOLDER = fileURLToPath(
  new URL('../../../protocol/vectors/sealed/', import.meta.url),
);

const putHeader: Omit<PutHeader, 'v' | 't' | 'salt'> = {
  ...place,
  last: null,
  key: fill(0x14),
  version: 2,
  prev: fill(0x15),
  del: false,
};
async function boxFile(): Promise<SealedVectorFile> {
  const cases = await Promise.all(
    [true, false].map(async (hist, index) => {
      const { primitives } = await portsFrom(index);
      const seed = fill(0x31);
      const { publicKey } = await primitives.xwingKeyFromSeed(seed);
      const binding = { conv: CONV, gen: 3, to: MEMBER, g: 2, core: fill(0x32) };
      const given = hist ? secrets : { ...secrets, hl: null };
      const { bytes, hash } = await sealBox(primitives, { publicKey, binding, secrets: given });
      return {
        ...binding,
        core: encodeHex(binding.core),
        hist,
        seed: encodeHex(seed),
        gk: hexOfSecrets.gk,
        hl: hist ? hexOfSecrets.hl : null,
        box: encodeHex(bytes),
        hash: encodeHex(hash),
      };
    }),
  );
  return { section: 'sealing.md §3', note: 'seed: X-Wing seed of the recipient', cases };
}

async function generationFile(): Promise<SealedVectorFile> {
  const ports = await portsFrom(7);
  const { primitives } = ports;
  const seed = fill(0x41);
  const { publicKey } = await primitives.xwingKeyFromSeed(seed);
  const previous = makeGenerationKeys(primitives, { conv: CONV, gen: 2, secrets });
  const next = { gk: Secret.of(fill(0x42)), hl: Secret.of(fill(0x43)) };
  const made = await makeGeneration(ports, {
    provider: { next: async () => next },
    previous,
    recipients: [{ m: MEMBER, g: 1, h: true, publicKey }],
    draft: {
      v: 1,
      t: 'entry',
      org: ORG,
      conv: CONV,
      n: 6,
      prev: fill(0x44),
      author: AUTHOR,
      as: null,
      dk: fill(0x12),
      ts: TS,
      op: { op: 'rotate', reason: 'age' },
      gen: 3,
      keylog: { size: 9, root: fill(0x45) },
    },
  });
  const role = deriveRoleBoxSeed({ keyring: made.keys, role: ROLE });
  const first = makeGenerationKeys(primitives, { conv: CONV, gen: 1, secrets });
  const text = 'Patient/1';
  return {
    section: 'sealing.md §4, §6, §8',
    note: 'previous: GK and HL of generation 2; role: seed of the role box key if this were its keyring; opaqueKey: under generation 1 with the keys of `previous`',
    cases: [
      {
        conv: CONV,
        member: MEMBER,
        seed: encodeHex(seed),
        previous: hexOfSecrets,
        gk: encodeHex(next.gk.reveal()),
        hl: encodeHex(next.hl.reveal()),
        entry: encodeHex(entryCodec.encode(made.entry)),
        boxes: made.boxes.map(encodeHex),
        role: ROLE,
        roleSeed: encodeHex(role.reveal()),
        collectionText: text,
        opaqueKey: encodeHex(makeCollectionIndex(primitives, first).opaqueKey(text)),
      },
    ],
  };
}

async function sealedFile(kind: 'envelope' | 'put'): Promise<SealedVectorFile> {
  const texts = ['', 'Room 3 is ready.', 'x'.repeat(1000)];
  const cases = await Promise.all(
    texts.map(async (text, index) => {
      const ports = await portsFrom(10 + index);
      const { primitives } = ports;
      const signerSeed = fill(0x51);
      const signer = await primitives.signingKeyFromSeed(signerSeed);
      const keys = makeGenerationKeys(primitives, { conv: CONV, gen: 3, secrets });
      const content =
        kind === 'envelope'
          ? contentCodec.encode({
              t: 'message',
              text,
              attachments: [],
              mentions: [],
              quote: null,
              template: null,
              request: null,
            })
          : encodeUtf8(text);
      const sealed =
        kind === 'envelope'
          ? await sealEnvelope(ports, { header: envelopeHeader, keys, signer, content })
          : await sealPut(ports, { header: putHeader, keys, signer, content });
      return {
        conv: CONV,
        gen: 3,
        gk: hexOfSecrets.gk,
        signerSeed: encodeHex(signerSeed),
        signerPublicKey: encodeHex(signer.publicKey),
        content: encodeHex(content),
        sealed: encodeHex(sealed),
      };
    }),
  );
  return { section: 'sealing.md §5', note: 'signerPublicKey: of the device key', cases };
}

async function vaultFile(): Promise<SealedVectorFile> {
  const ports = await portsFrom(20);
  const vault: Vault = {
    v: 1,
    t: 'vault',
    org: ORG,
    account: AUTHOR,
    accountGen: 1,
    uik: fill(0x61),
    puk: { gen: 2, seed: fill(0x62) },
    root: fill(0x63),
    authority: null,
    seen: { keylog: 30, batch: 12 },
    preferences: { language: 'en' },
  };
  const umk = fill(0x64);
  const sealed = await sealVault(ports, {
    account: AUTHOR,
    version: 4,
    umk: Secret.of(umk),
    vault: Secret.of(vault),
  });
  const opened = {
    uik: encodeHex(vault.uik),
    puk: encodeHex(vault.puk.seed),
    preferences: vault.preferences,
  };
  return {
    section: 'sealing.md §7',
    note: 'opened: some fields of the vault',
    cases: [{ account: AUTHOR, version: 4, umk: encodeHex(umk), sealed: encodeHex(sealed), opened }],
  };
}

async function wrapFile(): Promise<SealedVectorFile> {
  const ports = await portsFrom(30);
  const { primitives } = ports;
  const login = 'ann.lee';
  const secret = Secret.of(fill(0x71));
  const words = await deriveWordKeys(primitives, { login, words: Secret.of(WORDS) });
  const demo = await deriveDemoKeys(primitives, secret);
  const passkey = await derivePasskeyWrapKey(primitives, { prf: secret, credential: CREDENTIAL });
  const umk = Secret.of(fill(0x64));
  const from = async (source: Record<string, unknown>, wrapKey: Secret<Bytes>) => ({
    ...source,
    account: AUTHOR,
    credential: CREDENTIAL,
    umk: encodeHex(umk.reveal()),
    wrapKey: encodeHex(wrapKey.reveal()),
    wrap: encodeHex(
      await wrapUserMasterKey(ports, { account: AUTHOR, credential: CREDENTIAL, wrapKey, umk }),
    ),
  });
  const chain = await makeBoxKey(ports, {
    account: AUTHOR,
    gen: 2,
    previous: { gen: 1, seed: Secret.of(fill(0x72)) },
  });
  const [sign, box] = await Promise.all([
    invitationSigningKey(primitives, secret),
    invitationBoxKey(primitives, secret),
  ]);
  return {
    section: 'sealing.md §6, §7, §9',
    note: 'wraps by words, demo secret and passkey; then the back chain of box keys and the keys of an invitation',
    cases: [
      await from({ words: WORDS, login, proof: encodeHex(words.proof) }, words.wrapKey),
      await from({ demo: encodeHex(fill(0x71)), proof: encodeHex(demo.proof) }, demo.wrapKey),
      await from({ prf: encodeHex(fill(0x71)), prfInput: encodeHex(passkeyPrfInput(primitives)) }, passkey),
      {
        account: AUTHOR,
        gen: 2,
        seed: encodeHex(chain.seed.reveal()),
        chain: encodeHex(chain.chain ?? fill(0)),
        before: encodeHex(fill(0x72)),
      },
      {
        invitation: encodeHex(fill(0x71)),
        signPublicKey: encodeHex(sign.publicKey),
        boxPublicKeyHash: encodeHex(primitives.sha256(box.publicKey)),
      },
    ],
  };
}

async function fileFile(): Promise<SealedVectorFile> {
  const cases = await Promise.all(
    [0, 300, 1000].map(async (length, index) => {
      const content = count(length);
      const { sealed, file } = await sealFile(await portsFrom(40 + index), content);
      return {
        content: encodeHex(content),
        key: encodeHex(file.key.reveal()),
        hash: encodeHex(file.hash),
        sealed: encodeHex(sealed),
      };
    }),
  );
  // Two chunks: the sealed bytes are named by their hash, to keep the file small.
  const long = count(1024 * 1024 + 1);
  const { file } = await sealFile(await portsFrom(50), long);
  const named = { countedLength: long.length, key: encodeHex(file.key.reveal()), hash: encodeHex(file.hash) };
  return {
    section: 'sealing.md §10',
    note: 'countedLength: content byte i is (7 i + 3) modulo 256; hash is of the sealed bytes',
    cases: [...cases, named],
  };
}

async function signedFile(): Promise<SealedVectorFile> {
  const { primitives } = await portsFrom(60);
  const seed = fill(0x81);
  const key = await primitives.signingKeyFromSeed(seed);
  const { bytes, hash } = await signStatement(primitives, {
    key,
    body: { v: 1, t: 'org', org: ORG, ts: TS, name: 'Harbor Clinic', pub: key.publicKey, server: fill(0x82) },
  });
  return {
    section: 'sealing.md §2',
    note: 'an org statement, signed by the key that it names',
    cases: [
      {
        seed: encodeHex(seed),
        publicKey: encodeHex(key.publicKey),
        signed: encodeHex(bytes),
        hash: encodeHex(hash),
      },
    ],
  };
}

/** File name -> content, made from nothing but this file and the packages. */
export async function buildSealedVectors(): Promise<Readonly<Record<string, SealedVectorFile>>> {
  return {
    'box.json': await boxFile(),
    'generation.json': await generationFile(),
    'envelope.json': await sealedFile('envelope'),
    'ask.json': await askFile(),
    'put.json': await sealedFile('put'),
    'vault.json': await vaultFile(),
    'wrap.json': await wrapFile(),
    'file.json': await fileFile(),
    'signed.json': await signedFile(),
    'patient-link.json': await patientLinkFile(),
  };
}

/** Exactly what a file holds. */
export function formatSealedVectors(file: SealedVectorFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, file] of Object.entries(await buildSealedVectors())) {
    const path = `${SEALED_VECTORS_FOLDER}${name}`;
    const text = formatSealedVectors(file);
    if (process.argv.includes('--write')) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`${name} has drifted`);
      process.exitCode = 1;
    }
  }
}
