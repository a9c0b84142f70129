import { makeGenerationKeys, makeLateBox, sealAsk, sealNote } from '@baton/crypto';
import { batonOfMessage, type Bytes, encodeHex, type MemberId } from '@baton/kernel';
import { openEnvelope } from '@baton/ledger';
import { contentCodec, type EscalationContext } from '@baton/wire';
import {
  AUTHOR,
  CONV,
  envelopeHeader,
  fill,
  hexOfSecrets,
  MEMBER,
  portsFrom,
  ROLE,
  type SealedVectorFile,
  secrets,
} from './sealed-ground.ts';

/** A message that asks for something, a box made later, and a hand-over note. */
export async function askFile(): Promise<SealedVectorFile> {
  const ports = await portsFrom(70);
  const { primitives } = ports;
  const signer = await primitives.signingKeyFromSeed(fill(0x51));
  const keys = makeGenerationKeys(primitives, { conv: CONV, gen: 3, secrets });
  const seeds = { member: fill(0x91), role: fill(0x92), late: fill(0x93) };
  const holder = async (to: MemberId, g: number, seed: Bytes) => ({
    to,
    g,
    boxKey: (await primitives.xwingKeyFromSeed(seed)).publicKey,
  });
  const context: EscalationContext = {
    t: 'context',
    patient: 'Ada Example, 1970-01-31',
    sender: 'Ann Lee',
    callback: '+1 425 555 0100',
    conversation: 'Care team',
    quote: { author: 'Bo Kim', text: 'Potassium 6.1' },
  };
  const content = contentCodec.encode({
    t: 'message',
    text: 'Please call me.',
    attachments: [],
    mentions: [],
    quote: null,
    template: null,
    request: null,
  });
  const { escalation: _none, ...header } = envelopeHeader;
  const { bytes, parts } = await sealAsk(ports, {
    header: {
      ...header,
      class: { kind: 'message', contract: 'stat', to: [ROLE], withinMs: 300_000, replyTo: null },
    },
    keys,
    signer,
    content,
    recipients: [await holder(MEMBER, 2, seeds.member), await holder(ROLE, 1, seeds.role)],
    context,
  });
  const opened = openEnvelope(primitives.sha256, bytes);
  if (!opened.ok) throw new Error(opened.error.code);
  const secret = keys.messageSecret(opened.value.header.salt);
  const late = await makeLateBox(primitives, {
    opened: opened.value,
    secret,
    recipient: await holder(AUTHOR, 1, seeds.late),
  });
  const baton = batonOfMessage(header.id, 0);
  const recipient = await holder(MEMBER, 2, seeds.member);
  const text = 'Blood is drawn, the second result comes at 4 pm.';
  return {
    section: 'sealing.md §14',
    note: 'seeds: X-Wing seeds of the recipients of boxes 0 and 1 and of the later one; note: to the recipient of box 0',
    cases: [
      {
        conv: CONV,
        gen: 3,
        gk: hexOfSecrets.gk,
        signerPublicKey: encodeHex(signer.publicKey),
        seeds: [seeds.member, seeds.role, seeds.late].map(encodeHex),
        secret: encodeHex(secret.reveal()),
        content: encodeHex(content),
        context,
        sealed: encodeHex(bytes),
        boxes: parts.boxes.map(encodeHex),
        contextBlock: encodeHex(parts.context),
        late: encodeHex(late),
        baton,
        text,
        sealedNote: encodeHex(await sealNote(primitives, { baton, recipient, text })),
      },
    ],
  };
}
