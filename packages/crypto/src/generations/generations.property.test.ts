import { equalBytes, type Secret } from '@baton/kernel';
import { checkBoxes } from '@baton/ledger';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONV,
  custodianRecipient,
  entryDraft,
  keysOf,
  makePerson,
  nativePorts,
  openOwnBox,
  OTHER_CONV,
  type Person,
  recipientOf,
  secretsOf,
} from '../fixtures/practice.ts';
import { makeGenerationKeys } from './generation-keys.ts';
import { randomGroupKeys } from './group-key-provider.ts';
import { openLink, walkHistory } from './history.ts';
import { type BoxRecipient, extendGeneration, type Generation, makeGeneration } from './make-generation.ts';

const ports = await nativePorts();
const { primitives } = ports;
const provider = randomGroupKeys(ports.rng);
const people: Person[] = await Promise.all([21, 22, 23, 24].map((value) => makePerson(primitives, value)));
const [ann, bob, eve, custodian] = people as [Person, Person, Person, Person];
const revealed = (secret: Secret<Uint8Array> | null) => secret?.reveal() ?? null;

/** `length` generations; `recipients(gen)` lists who gets a box. */
async function makeChain(
  length: number,
  recipients: (gen: number) => readonly BoxRecipient[],
): Promise<readonly Generation[]> {
  const chain: Generation[] = [];
  for (let gen = 1; gen <= length; gen++) {
    const previous = chain.at(-1) ?? null;
    const draft = entryDraft(primitives, previous);
    chain.push(
      await makeGeneration(ports, {
        provider,
        draft,
        previous: previous?.keys ?? null,
        recipients: recipients(gen),
      }),
    );
  }
  return chain;
}
const startsOf = (chain: readonly Generation[]) => chain.map((generation) => generation.entry);
const newest = (chain: readonly Generation[]) => chain.at(-1) as Generation;

describe('history', () => {
  it('a joiner with the history right reads every earlier generation, one without reads none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 12 }), fc.boolean(), async (length, hist) => {
        const chain = await makeChain(length, (gen) =>
          gen < length ? [recipientOf(ann, true)] : [recipientOf(ann, true), recipientOf(eve, hist)],
        );
        const own = await openOwnBox(primitives, newest(chain), eve);
        const reached = await walkHistory(primitives, { newest: own, starts: startsOf(chain) });
        expect([...reached.keys()].sort((a, b) => a - b)).toEqual(
          hist ? chain.map((generation) => generation.entry.gen) : [length],
        );
        for (const [gen, keys] of reached) {
          const made = chain[gen - 1] as Generation;
          expect(revealed(keys.secrets.gk)).toEqual(revealed(made.keys.secrets.gk));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('a removed member opens no later generation, not even with every earlier key', async () => {
    const chain = await makeChain(6, (gen) =>
      gen <= 3 ? [recipientOf(ann, true), recipientOf(bob, true)] : [recipientOf(ann, true)],
    );
    const bobs = await openOwnBox(primitives, chain[2] as Generation, bob);
    const held = await walkHistory(primitives, { newest: bobs, starts: startsOf(chain) });
    expect([...held.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3]);
    for (const later of chain.slice(3)) {
      const { entry, boxes } = later;
      // Somebody else's box does not open with his key, under his name or theirs.
      for (const to of [ann.id, bob.id]) {
        const stolen = {
          entry: {
            ...entry,
            recipients: [{ ...(entry.recipients[0] as (typeof entry.recipients)[0]), m: to }],
          },
          boxes,
        };
        await expect(openOwnBox(primitives, stolen, { ...bob, id: to })).rejects.toMatchObject({
          name: 'CryptoError',
        });
      }
      // No key that he holds opens the link of a later generation.
      for (const { secrets } of held.values()) {
        const forged = makeGenerationKeys(primitives, { conv: CONV, gen: entry.gen, secrets });
        await expect(openLink(primitives, forged, entry)).rejects.toMatchObject({
          code: 'crypto.open_failed',
        });
      }
    }
  });

  it('a link opens in its own place only', async () => {
    const chain = await makeChain(3, () => [recipientOf(ann, true)]);
    const last = newest(chain);
    const { entry, keys } = last;
    const { secrets } = keys;
    const elsewhere = makeGenerationKeys(primitives, { conv: OTHER_CONV, gen: 3, secrets });
    await expect(openLink(primitives, elsewhere, entry)).rejects.toMatchObject({
      code: 'crypto.open_failed',
    });
    const fork = { ...entry, prev: new Uint8Array(32).fill(1) };
    await expect(openLink(primitives, keys, fork)).rejects.toMatchObject({ code: 'crypto.open_failed' });
    const renumbered = makeGenerationKeys(primitives, { conv: CONV, gen: 2, secrets });
    await expect(openLink(primitives, renumbered, entry)).rejects.toMatchObject({
      code: 'crypto.wrong_context',
    });
    await expect(openLink(primitives, renumbered, { ...entry, gen: 2 })).rejects.toMatchObject({
      code: 'crypto.open_failed',
    });
    await expect(openLink(primitives, keys, { ...entry, link: null })).rejects.toMatchObject({
      code: 'crypto.malformed',
    });
    const noHistory = makeGenerationKeys(primitives, {
      conv: CONV,
      gen: 3,
      secrets: { ...secrets, hl: null },
    });
    await expect(openLink(primitives, noHistory, entry)).rejects.toMatchObject({ code: 'crypto.no_history' });
  });

  it('says so when a generation is missing from the log', async () => {
    const chain = await makeChain(4, () => [recipientOf(ann, true)]);
    const starts = startsOf(chain).filter((entry) => entry.gen !== 3);
    await expect(walkHistory(primitives, { newest: newest(chain).keys, starts })).rejects.toMatchObject({
      code: 'crypto.malformed',
    });
    const reached = await walkHistory(primitives, { newest: newest(chain).keys, starts, stopAt: 3 });
    expect([...reached.keys()]).toEqual([4, 3]);
  });
});

describe('making a generation', () => {
  it('boxes to everyone in order, custodian included, so that the ledger accepts the boxes', async () => {
    const draft = entryDraft(primitives, null);
    const recipients = [recipientOf(ann, true), recipientOf(eve, false), custodianRecipient(custodian)];
    const made = await makeGeneration(ports, { provider, draft, previous: null, recipients });
    expect(made.entry.recipients.map(({ m, g, h }) => ({ m, g, h }))).toEqual(
      recipients.map(({ m, g, h }) => ({ m, g, h })),
    );
    expect(made.entry.link).toBeNull();
    expect(checkBoxes(primitives.sha256, made.entry, made.boxes)).toMatchObject({ ok: true });
    expect(checkBoxes(primitives.sha256, made.entry, [...made.boxes].reverse())).toMatchObject({ ok: false });
    expect((await openOwnBox(primitives, made, ann)).secrets.hl).not.toBeNull();
    expect((await openOwnBox(primitives, made, eve)).secrets.hl).toBeNull();
  });

  it('gives the current keys on to those an entry adds', async () => {
    const [first] = await makeChain(1, () => [recipientOf(ann, true)]);
    const draft = entryDraft(primitives, first as Generation, {
      gen: 1,
      op: { op: 'add', members: [{ m: bob.id, hist: true }], because: null },
    });
    const { keys } = first as Generation;
    const added = await extendGeneration(primitives, { draft, keys, recipients: [recipientOf(bob, true)] });
    expect(added.entry.link).toBeNull();
    const bobs = await openOwnBox(primitives, added, bob);
    expect(revealed(bobs.secrets.gk)).toEqual(revealed(keys.secrets.gk));
    expect(revealed(bobs.secrets.hl)).toEqual(revealed(keys.secrets.hl));
  });

  it('refuses what does not follow, and what its author cannot give', async () => {
    const [first] = await makeChain(1, () => [recipientOf(ann, true)]);
    const { keys } = first as Generation;
    const draft = entryDraft(primitives, first as Generation);
    const wrong = { code: 'crypto.wrong_context' };
    const make = (over: object) =>
      makeGeneration(ports, { provider, draft, previous: keys, recipients: [], ...over });
    await expect(make({ previous: null })).rejects.toMatchObject(wrong);
    await expect(make({ draft: { ...draft, gen: 3 } })).rejects.toMatchObject(wrong);
    await expect(make({ draft: { ...draft, prev: null } })).rejects.toMatchObject(wrong);
    await expect(make({ previous: keysOf(primitives, { conv: OTHER_CONV }) })).rejects.toMatchObject(wrong);
    const blind = makeGenerationKeys(primitives, { conv: CONV, gen: 1, secrets: secretsOf(3, false) });
    await expect(make({ previous: blind })).rejects.toMatchObject({ code: 'crypto.no_history' });
    const again = { ...draft, gen: 1 };
    const extend = extendGeneration(primitives, {
      draft: again,
      keys: blind,
      recipients: [recipientOf(bob, true)],
    });
    await expect(extend).rejects.toMatchObject({ code: 'crypto.no_history' });
    const late = extendGeneration(primitives, { draft, keys, recipients: [] });
    await expect(late).rejects.toMatchObject(wrong);
  });

  it('never makes the same generation twice', async () => {
    const draft = entryDraft(primitives, null);
    const recipients = [recipientOf(ann, true)];
    const [one, two] = await Promise.all(
      [1, 2].map(() => makeGeneration(ports, { provider, draft, previous: null, recipients })),
    );
    const gkOf = (made: Generation | undefined) => made?.keys.secrets.gk.reveal() ?? new Uint8Array(0);
    expect(equalBytes(gkOf(one), gkOf(two))).toBe(false);
  });
});
