import type { AgentConversation } from '@baton/agent';
import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import type { CarrierEvent, FetchedMedia, InboundMedia } from '../carriers/carrier.ts';
import type { MediaRow } from '../records/rows.ts';
import type { Surroundings } from '../surroundings.ts';

type InboundText = Extract<CarrierEvent, { t: 'text' }>;
type Files = Parameters<AgentConversation['send']>[0]['files'];

/** The text itself does not wait longer for its pictures: a carrier that is not answered in ten seconds begins anew. */
const PATIENCE_MS = 5000;
const FIRST_PAUSE_MS = 10_000;
const MOST_TRIES = 7;
const MOST_FILES = 10;

/** What may be better later; everything else is the file's own fault. */
const PASSING: ReadonlySet<string> = new Set(['too-slow', 'scanner', 'missing']);

/** What staff read in place of a file that was not taken. */
const REASONS: Readonly<Record<Extract<FetchedMedia, { ok: false }>['why'], string>> = {
  host: 'it was not on the carrier’s own server',
  redirect: 'it was not on the carrier’s own server',
  missing: 'the carrier no longer has it',
  'too-large': 'it is too large',
  'too-slow': 'the carrier did not send it',
  kind: 'files of its kind are not taken',
  malware: 'the scanner found malware in it',
  scanner: 'it could not be scanned',
};
const LATER = '[A file came with this text. It follows.]';

/** Pictures and files of inbound texts: fetched by the carrier's driver, scanned, and sealed with the text, or after it. */
export class InboundMediaWork {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** What is there in time goes with the text; what is not is written down and follows. */
  async fetch(
    key: string,
    { media, from }: InboundText,
    place: { readonly conv: ConversationId; readonly message: MessageId; readonly person: string | null },
  ): Promise<{ readonly files: Files; readonly notes: readonly string[] }> {
    const { context, memory, agenda } = this.#around;
    const fetched = await Promise.all(media.slice(0, MOST_FILES).map((one) => this.#inTime(one)));
    const files: Files[number][] = [];
    const notes: string[] = [];
    for (const [index, result] of fetched.entries()) {
      const one = media[index];
      if (result.ok) files.push(fileOf(result, index));
      else if (one && PASSING.has(result.why)) {
        const row: MediaRow = {
          url: one.url,
          mime: one.mime.slice(0, 120),
          conv: place.conv,
          replyTo: place.message,
          from: from.slice(0, 20),
          person: place.person,
          tries: 1,
          dueAt: context.clock.nowMs() + FIRST_PAUSE_MS,
        };
        await memory.media.put(`${key}.${index}`, row);
        agenda.set(`media/${key}.${index}`, row.dueAt);
        notes.push(LATER);
      } else notes.push(refusalNote(result.why));
    }
    if (media.length > MOST_FILES) notes.push(refusalNote('too-large'));
    return { files, notes };
  }

  /** One that had to wait: fetched again, or said to be lost. */
  async work(key: string): Promise<TimestampMs | null> {
    const { memory, carrier, threads, context } = this.#around;
    const row = memory.media.get(key);
    if (row === null) return null;
    const { url, mime, conv, replyTo, from, person, tries } = row;
    const result = await carrier.fetchMedia({ url, mime });
    if (!result.ok && PASSING.has(result.why) && tries < MOST_TRIES) {
      const dueAt = context.clock.nowMs() + FIRST_PAUSE_MS * 2 ** tries;
      await memory.media.put(key, { ...row, tries: tries + 1, dueAt });
      return dueAt;
    }
    if (threads.isOpen(conv)) {
      const thread = await threads.open(conv);
      const id = await memory.messageId('media', key);
      context.lease.requireHeld();
      await thread.send({
        id,
        text: result.ok ? '' : refusalNote(result.why),
        files: result.ok ? [fileOf(result, 0)] : [],
        mentions: [],
        replyTo,
        marks: { via: { channel: 'sms', from, person, segments: 0 } },
      });
      await thread.committed(id);
    }
    await memory.media.remove(key);
    return null;
  }

  #inTime(one: InboundMedia): Promise<FetchedMedia> {
    const { carrier, context } = this.#around;
    return new Promise((resolve) => {
      const cancel = context.wait.after(PATIENCE_MS, () => resolve({ ok: false, why: 'too-slow' }));
      void carrier.fetchMedia(one).then((result) => {
        cancel();
        resolve(result);
      });
    });
  }
}

function fileOf({ bytes, mime, ending }: Extract<FetchedMedia, { ok: true }>, index: number): Files[number] {
  return { name: `text-${index + 1}.${ending}`, mime, bytes, width: null, height: null };
}

function refusalNote(why: keyof typeof REASONS): string {
  return `[A file that came with this text was not taken: ${REASONS[why]}.]`;
}
