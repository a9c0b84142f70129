import {
  CryptoError,
  openEscalation,
  openEscalationContext,
  type Primitives,
  type XwingKey,
} from '@baton/crypto';
import {
  type AccountId,
  type BatonId,
  type Bytes,
  decodeBase64Url,
  isId,
  type MemberId,
  type Secret,
} from '@baton/kernel';
import { type OpenedEnvelope, openEnvelope } from '@baton/ledger';
import {
  batonEscalation,
  batonField,
  contentCodec,
  escalationBoxCodec,
  escalationContextSchema,
  idField,
  makeCodec,
  type EscalationContext,
} from '@baton/wire';
import { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import type { ConversationStreams } from '../conversations/stream.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { Table } from '../tables/table.ts';
import type { KnownBaton } from './baton-feed.ts';
import { isOpenedBy } from './same-message.ts';

const askRowSchema = z.strictObject({
  v: z.literal(1),
  baton: batonField,
  author: idField('account'),
  via: z.enum(['member', 'escalation']),
  /** What is asked; null for a member, who reads it in the conversation. */
  text: z.string().nullable(),
  context: escalationContextSchema,
});
/** What this device could open of a baton's message and of the context block beside it. */
export type AskRow = z.infer<typeof askRowSchema>;
const askRowCodec = makeCodec<AskRow>(askRowSchema, { limitBytes: 400_000 });

export interface AskReaderPorts {
  readonly me: AccountId;
  readonly primitives: Primitives;
  readonly rest: Rest;
  readonly store: Store;
  readonly alarms: Alarms;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly streams: ConversationStreams;
  readonly generations: GenerationBook;
  /** Box keys of this account and of roles that it holds. */
  readonly boxKey: (to: MemberId, g: number) => Promise<XwingKey | null>;
  readonly changed: (baton: BatonId) => void;
}

/** A message as one who reads it by its ladder or as a member holds it: enough to make a box for somebody else. */
export interface HeldMessage {
  readonly opened: OpenedEnvelope;
  readonly secret: Secret<Bytes>;
}

/**
 * Reads what a baton asks where this account is no member (docs/protocol/batons.md §5), and the context block where it is one. What was
 * opened is kept in the sealed store, for that one message alone.
 */
export class AskReader {
  readonly #ports: AskReaderPorts;
  readonly #table: Table<AskRow>;
  readonly #rows = new Map<BatonId, AskRow>();
  /** Chains up to which reading was tried in vain: the same again tells nothing new. */
  readonly #tried = new Map<BatonId, string>();

  constructor(ports: AskReaderPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'escalations', askRowCodec);
  }

  async load(): Promise<void> {
    for (const { row } of await this.#table.list(prefixRange(''))) this.#rows.set(row.baton, row);
  }

  get(baton: BatonId): AskRow | null {
    return this.#rows.get(baton) ?? null;
  }

  /** A role may be held anew: what could not be opened is worth another try. */
  forgetTries(): void {
    this.#tried.clear();
  }

  /** Opens it where that is possible and not done. A lost connection is thrown as `limit.busy`. */
  async read(known: KnownBaton): Promise<AskRow | null> {
    const { baton, message, conv, n } = known.state;
    const before = this.get(baton);
    if (before || !message || !conv) return before;
    if (this.#tried.get(baton) === `${n}`) return null;
    this.#tried.set(baton, `${n}`);
    try {
      const row = await this.#open(known);
      if (!row) return null;
      await this.#table.save(baton, row);
      this.#rows.set(baton, row);
      this.#ports.changed(baton);
      return row;
    } catch (error) {
      if (isClientError(error) && error.retryMs > 0) {
        this.#tried.delete(baton);
        throw error;
      }
      if (isClientError(error, 'request.not_found')) return null;
      this.#report(baton, error);
      return null;
    }
  }

  /** The message itself, to box it to somebody else; null where this account cannot read it. */
  async hold(known: KnownBaton): Promise<HeldMessage | null> {
    const shown = await this.#fetch(known);
    const member = await this.#memberSecret(shown.opened);
    if (member) return { opened: shown.opened, secret: member };
    const read = await this.#openByBox(known, shown);
    return read && { opened: shown.opened, secret: read.secret };
  }

  async #open(known: KnownBaton): Promise<AskRow | null> {
    const { baton, conv, message } = known.state;
    const shown = await this.#fetch(known);
    const { header } = shown.opened;
    const base = { v: 1, baton, author: header.author } as const;
    const own = conv && message ? await this.#ports.streams.find(conv, message) : null;
    const secret = own?.s === 'message' ? await this.#memberSecret(shown.opened) : null;
    if (own?.s === 'message' && secret) {
      const { primitives } = this.#ports;
      const opening = { header: own.header, secret, sealed: shown.context };
      return {
        ...base,
        via: 'member',
        text: null,
        context: await openEscalationContext(primitives, opening),
      };
    }
    const read = await this.#openByBox(known, shown);
    if (!read) return null;
    const content = contentCodec.decode(read.content);
    if (!content.ok || content.value.t !== 'message') throw new ClientError('wire.schema', 'content');
    return { ...base, via: 'escalation', text: content.value.text, context: read.context };
  }

  async #fetch(known: KnownBaton) {
    const { baton } = known.state;
    const { primitives, certificates } = this.#ports;
    const answer = await this.#ports.rest.call({
      method: 'GET',
      path: `/batons/${baton}/escalation`,
      answer: batonEscalation,
    });
    const opened = openEnvelope(primitives.sha256, bytesOf(answer.envelope));
    if (!opened.ok) throw new ClientError(opened.error.code, 'envelope');
    requireSame(opened.value, known);
    certificates.offer(opened.value.header.dk, bytesOf(answer.certificate));
    return {
      opened: opened.value,
      at: answer.at,
      boxes: answer.boxes.map(bytesOf),
      context: bytesOf(answer.context),
    };
  }

  /** A member derives the message's secret from the conversation's keys. */
  async #memberSecret({ header }: OpenedEnvelope): Promise<Secret<Bytes> | null> {
    const keys = await this.#ports.generations.find(header.conv, header.gen);
    return keys?.messageSecret(header.salt) ?? null;
  }

  async #openByBox(
    known: KnownBaton,
    shown: {
      readonly opened: OpenedEnvelope;
      readonly at: number;
      readonly boxes: readonly Bytes[];
      readonly context: Bytes;
    },
  ): Promise<{ content: Bytes; context: EscalationContext; secret: Secret<Bytes> } | null> {
    const { primitives, certificates, keyLog } = this.#ports;
    const { opened, at: committedAtMs } = shown;
    const late = known.events.flatMap(({ event: { op } }) => (op.op === 'box' ? [op.box] : []));
    const certificate = await certificates.checkPast(keyLog.state, opened.header.dk, {
      atMs: opened.header.ts,
      committedAtMs,
    });
    for (const { box, isLate } of [
      ...shown.boxes.map((box) => ({ box, isLate: false })),
      ...late.map((box) => ({ box, isLate: true })),
    ]) {
      const decoded = escalationBoxCodec.decode(box);
      if (!decoded.ok) continue;
      const { to, g } = decoded.value;
      // The server hands out boxes for this account and its roles: another person's is none of them.
      if (!isLate && isId('account', to) && to !== this.#ports.me)
        throw new ClientError('ledger.wrong_purpose', 'boxes');
      const key = await this.#ports.boxKey(to, g);
      if (!key) continue;
      const input = { opened, certificate, context: shown.context, box, to, g, key, late: isLate };
      const read = await openEscalation(primitives, input);
      if (!read.ok) throw new ClientError(read.error.code, read.error.at);
      const { content, context, secret } = read.value;
      if (context) return { content, context, secret };
    }
    return null;
  }

  #report(baton: BatonId, error: unknown): void {
    const code = isClientError(error) ? error.code : error instanceof CryptoError ? 'ledger.bad_proof' : null;
    if (code === null) throw error;
    this.#ports.alarms.raise({ code, severity: 'danger', about: `baton.${baton}.escalation` });
  }
}

/** The message is the one that the baton was opened by, and asks what the baton says. */
function requireSame({ header }: OpenedEnvelope, { state }: KnownBaton): void {
  if (!isOpenedBy(state, header)) throw new ClientError('ledger.wrong_purpose', 'header.class');
}

function bytesOf(text: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', 'escalation');
  return bytes;
}
