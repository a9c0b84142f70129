import { type Primitives, unsealEnvelope } from '@baton/crypto';
import type { ConversationId, MessageId } from '@baton/kernel';
import { hashSealed, LABELS, openEnvelope } from '@baton/ledger';
import { contentCodec, type Item } from '@baton/wire';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { ItemRow } from '../tables/records.ts';
import { BadItem, type ItemJudge } from './item-judge.ts';

export interface OpenerPorts {
  readonly primitives: Primitives;
  readonly judge: ItemJudge;
  readonly generations: GenerationBook;
}

/** Opens envelopes that were judged. A bad one becomes a row that says so; sync goes on (threat T33). */
export class EnvelopeOpener {
  readonly #ports: OpenerPorts;

  constructor(ports: OpenerPorts) {
    this.#ports = ports;
  }

  async open(conv: ConversationId, item: Item): Promise<ItemRow> {
    const { primitives, judge, generations } = this.#ports;
    const { seq, batch, ts } = item;
    const base = { v: 1, seq, batch, ts, hash: this.hashOf(item) } as const;
    try {
      const opened = openEnvelope(primitives.sha256, item.b);
      if (!opened.ok) throw new BadItem(opened.error.code, opened.error.at, false);
      await judge.judge(conv, item, opened.value);
      const { header } = opened.value;
      const keys = await generations.find(conv, header.gen);
      if (!keys) return { ...base, s: 'sealed', raw: item.b };
      const bytes = await unsealEnvelope(primitives, { opened: opened.value, keys });
      const content = contentCodec.decode(bytes);
      if (!content.ok) throw new BadItem(content.error.code, `content.${content.error.at}`, false);
      if (content.value.t !== header.class.kind) throw new BadItem('wire.schema', 'class.kind', false);
      return { ...base, s: 'message', header, content: content.value };
    } catch (error) {
      const bad = judge.report(conv, error);
      return { ...base, s: 'problem', k: item.k, code: bad.code, at: bad.at };
    }
  }

  idOf(envelope: Uint8Array): MessageId | null {
    const opened = openEnvelope(this.#ports.primitives.sha256, envelope);
    return opened.ok ? opened.value.header.id : null;
  }

  hashOf(item: Pick<Item, 'k' | 'b'>): Uint8Array {
    const label = item.k === 'put' ? LABELS.put : LABELS.envelope;
    return hashSealed(this.#ports.primitives.sha256, label, item.b);
  }
}
