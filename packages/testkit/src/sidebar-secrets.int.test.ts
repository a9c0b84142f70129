import { nodePrimitives } from '@baton/client-node';
import { type GenerationKeys, makeGenerationKeys, openBox, unsealEnvelope } from '@baton/crypto';
import { type Bytes, type ConversationId, Secret } from '@baton/kernel';
import { entryCoreHash, openEntry, openEnvelope } from '@baton/ledger';
import { boxCodec, contentCodec } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LinkStage, setLinkStage } from './malice/link-stage.ts';
import { type EnteredPatient, invitePatient } from './patient-phone.ts';
import { openOn, sees, text } from './patient-scene.ts';

// A sidebar is sealed under keys that no account of a patient was ever boxed to (docs/protocol/patients.md §1). Tried by everything that the
// patient's phone has, on everything that the server has: as somebody would who holds both.

const RAW = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);
const NOTE = 'Lives alone, sounds anxious';

let stage: LinkStage;
let patient: EnteredPatient;
let conv: ConversationId;
let sidebar: ConversationId;

beforeAll(async () => {
  stage = await setLinkStage();
  const ref = stage.nextRef();
  const { session } = stage.maria;
  patient = await stage.enter(await invitePatient(session, { ref }));
  const { reach } = session.care.chart(ref).read();
  if (!reach?.conversation || !reach.sidebar) throw new Error('no conversation with a sidebar');
  [conv, sidebar] = [reach.conversation, reach.sidebar];
  const thread = await openOn(patient, conv);
  await thread.send(text('My chest feels tight'));
  const staff = await session.conversations.open(conv);
  await sees(staff, 'My chest feels tight');
  await staff.send(text('Since when?'));
  await sees(thread, 'Since when?');
  const notes = await session.conversations.open(sidebar);
  await notes.send(text(NOTE));
  await sees(notes, NOTE);
  // Other keys in both: what was written before is under the older ones.
  for (const place of [conv, sidebar])
    await session.parts.writer.append(place, () => ({ op: 'rotate', reason: 'age' }));
  await notes.send(text(`${NOTE} still`));
  await sees(notes, `${NOTE} still`);
  await staff.send(text('Please come at three'));
  await sees(thread, 'Please come at three');
}, 120_000);

afterAll(() => stage?.close());

/** All envelopes and boxes of a conversation that lie on the server. */
async function onServer(place: ConversationId) {
  const { query } = stage.operator;
  const items = await query<{ kind: number; body: Buffer }>(
    'SELECT kind, body FROM items WHERE conv = $1 ORDER BY seq',
    [place],
  );
  const boxes = await query<{ body: Buffer }>('SELECT body FROM boxes WHERE conv = $1', [place]);
  const of = (kind: number) => items.filter((item) => item.kind === kind).map(({ body }) => RAW(body));
  return { entries: of(0), envelopes: of(1), boxes: boxes.map(({ body }) => RAW(body)) };
}

/** Every box key and every generation that the phone can come by. */
async function phoneKeys() {
  const primitives = await nodePrimitives();
  const { generations, logs, vault } = patient.session.parts;
  const { state } = await logs.require(conv);
  const found: GenerationKeys[] = [];
  for (let gen = 1; gen <= state.gen; gen++) {
    const keys = await generations.find(conv, gen);
    if (keys) found.push(keys);
  }
  return { boxKey: await primitives.xwingKeyFromSeed(vault.vault.puk.seed), generations: found };
}

/** Messages of `place` that open by what the phone has: its own generations, what is in them under this place's name, and boxes that its key opens. */
async function opened(place: ConversationId): Promise<{ texts: string[]; boxes: number }> {
  const primitives = await nodePrimitives();
  const { entries, envelopes, boxes } = await onServer(place);
  const keys = await phoneKeys();
  const cores = entries.flatMap((raw) => {
    const entry = openEntry(primitives.sha256, raw);
    return entry.ok ? [entryCoreHash(primitives.sha256, entry.value.body)] : [];
  });
  const tried: GenerationKeys[] = [...keys.generations];
  let openBoxes = 0;
  for (const box of boxes) {
    const named = boxCodec.decode(box);
    if (!named.ok) throw new Error(named.error.code);
    const { gen, to, g } = named.value;
    for (const core of cores)
      for (const hist of [true, false]) {
        const binding = { conv: place, gen, to, g, core };
        const secrets = await openBox(primitives, { key: keys.boxKey, binding, hist, box }).catch(() => null);
        if (secrets === null) continue;
        openBoxes += 1;
        tried.push(makeGenerationKeys(primitives, { conv: place, gen, secrets }));
      }
  }
  const texts = new Set<string>();
  for (const raw of envelopes) {
    const envelope = openEnvelope(primitives.sha256, raw);
    if (!envelope.ok) throw new Error(envelope.error.code);
    const { gen } = envelope.value.header;
    const bySecret = tried.flatMap(({ secrets: { gk, hl } }) =>
      [gk, hl ?? gk].map((secret) =>
        makeGenerationKeys(primitives, {
          conv: place,
          gen,
          secrets: { gk: Secret.of(secret.reveal()), hl: null },
        }),
      ),
    );
    for (const one of [...tried, ...bySecret]) {
      const bytes = await unsealEnvelope(primitives, { opened: envelope.value, keys: one }).catch(() => null);
      const content = bytes && contentCodec.decode(bytes);
      if (content?.ok) texts.add(content.value.t === 'message' ? content.value.text : content.value.t);
    }
  }
  return { texts: [...texts], boxes: openBoxes };
}

it('opens all of the patient’s own conversation: what is tried works where it may', async () => {
  const { texts, boxes } = await opened(conv);
  expect(texts).toEqual(
    expect.arrayContaining(['My chest feels tight', 'Since when?', 'Please come at three']),
  );
  expect(boxes).toBeGreaterThan(0);
});

it('opens no envelope and no box of the sidebar, by any key that the phone has', async () => {
  const there = await onServer(sidebar);
  expect([there.envelopes.length >= 2, there.boxes.length > 0]).toEqual([true, true]);
  expect(await opened(sidebar)).toEqual({ texts: [], boxes: 0 });
  // No box is even addressed to the patient's account, nor any entry.
  const me = patient.session.me;
  for (const box of there.boxes) {
    const named = boxCodec.decode(box);
    expect(named.ok && named.value.to).not.toBe(me);
  }
  for (const bytes of [...there.entries, ...there.boxes]) expect(Buffer.from(bytes).includes(me)).toBe(false);
});

it('is given none of it by the server either', async () => {
  const { generations, logs } = patient.session.parts;
  await expect(logs.require(sidebar)).rejects.toMatchObject({ code: 'request.not_found' });
  for (const gen of [1, 2]) expect(await generations.find(sidebar, gen)).toBeNull();
  expect(patient.session.conversations.read().map(({ id }) => id)).toEqual([conv]);
});
