import type { Bytes } from '@baton/kernel';
import { entryCoreHash } from '@baton/ledger';
import type { Entry, Recipient, RecipientId } from '@baton/wire';
import { type GenerationSecrets, sealBox } from '../boxes/box.ts';
import type { SealingPorts } from '../ports.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives, XwingPublicKey } from '../primitives/primitives.ts';
import { type GenerationKeys, makeGenerationKeys } from './generation-keys.ts';
import type { GroupKeyProvider } from './group-key-provider.ts';
import { sealLink } from './history.ts';

/** An entry without what sealing adds to it. `gen` is the generation after the entry. */
export type EntryDraft = Omit<Entry, 'recipients' | 'link'>;

export interface BoxRecipient {
  readonly m: RecipientId;
  /** Generation of the box key. */
  readonly g: number;
  /** Whether the recipient gets the history-link key. */
  readonly h: boolean;
  /** Box key from the verified key log. */
  readonly publicKey: Bytes | XwingPublicKey;
}

export interface Generation {
  /** The whole entry, to be signed with `signEntry`. */
  readonly entry: Entry;
  /** Encoded boxes, in the order of `entry.recipients`. */
  readonly boxes: readonly Bytes[];
  readonly keys: GenerationKeys;
}

/** Boxes sealed at a time: enough to keep the runtime's crypto threads busy, few enough that 1,000 recipients cost no memory peak. */
const BOXES_AT_ONCE = 32;

/**
 * Starts generation `draft.gen` with fresh keys, boxes for every recipient and, after the first, the link to the one before
 * (sealing.md §4). `previous` is null exactly for generation 1. Throws `crypto.no_history` when `previous` lacks its history-link key,
 * `crypto.wrong_context` when it is not the generation before.
 */
export async function makeGeneration(
  ports: SealingPorts,
  input: {
    readonly provider: GroupKeyProvider;
    readonly draft: EntryDraft;
    readonly previous: GenerationKeys | null;
    readonly recipients: readonly BoxRecipient[];
  },
): Promise<Generation> {
  const { draft, previous, recipients } = input;
  const { conv, gen, prev } = draft;
  if (previous ? previous.conv !== conv || previous.gen !== gen - 1 || prev === null : gen !== 1) {
    throw new CryptoError('crypto.wrong_context', 'a generation follows the one before it');
  }
  const secrets = await input.provider.next({ conv, gen });
  const link = previous && prev ? await sealLink(ports, { previous, hl: secrets.hl, prev }) : null;
  return sealEntry(ports.primitives, { draft, link, secrets, recipients });
}

/**
 * An entry that keeps its generation (an addition with history, a role change, a close): boxes of the current keys for `recipients`,
 * exactly those that the entry adds. Throws `crypto.no_history` when a recipient is to have what `keys` lacks.
 */
export async function extendGeneration(
  primitives: Primitives,
  input: {
    readonly draft: EntryDraft;
    readonly keys: GenerationKeys;
    readonly recipients: readonly BoxRecipient[];
  },
): Promise<Generation> {
  const { draft, keys, recipients } = input;
  if (keys.conv !== draft.conv || keys.gen !== draft.gen) {
    throw new CryptoError('crypto.wrong_context', 'the keys are of another generation');
  }
  return sealEntry(primitives, { draft, link: null, secrets: keys.secrets, recipients });
}

async function sealEntry(
  primitives: Primitives,
  input: {
    readonly draft: EntryDraft;
    readonly link: Bytes | null;
    readonly secrets: GenerationSecrets;
    readonly recipients: readonly BoxRecipient[];
  },
): Promise<Generation> {
  const { draft, link, secrets, recipients } = input;
  if (!secrets.hl && recipients.some((recipient) => recipient.h)) {
    throw new CryptoError('crypto.no_history', 'the history right can only be given by who has it');
  }
  const { conv, gen } = draft;
  const unboxed = recipients.map(({ m, g, h }): Recipient => ({ m, g, h, b: new Uint8Array(32) }));
  const core = entryCoreHash(primitives.sha256, { ...draft, link, recipients: unboxed });
  const boxes: Bytes[] = [];
  const boxed: Recipient[] = [];
  for (let from = 0; from < recipients.length; from += BOXES_AT_ONCE) {
    const batch = recipients.slice(from, from + BOXES_AT_ONCE);
    const sealed = await Promise.all(
      batch.map(({ m, g, h, publicKey }) =>
        sealBox(primitives, {
          publicKey,
          binding: { conv, gen, to: m, g, core },
          secrets: h ? secrets : { gk: secrets.gk, hl: null },
        }),
      ),
    );
    for (const [index, box] of sealed.entries()) {
      const { m, g, h } = batch[index] as BoxRecipient;
      boxes.push(box.bytes);
      boxed.push({ m, g, h, b: box.hash });
    }
  }
  return {
    entry: { ...draft, link, recipients: boxed },
    boxes,
    keys: makeGenerationKeys(primitives, { conv, gen, secrets }),
  };
}
