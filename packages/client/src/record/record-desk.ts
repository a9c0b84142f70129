import type { Primitives } from '@baton/crypto';
import {
  type Bytes,
  type Clock,
  type ConversationId,
  encodeHex,
  encodeUtf8,
  isId,
  type RoleId,
} from '@baton/kernel';
import {
  findRole,
  hashSealed,
  LABELS,
  openEntry,
  openEnvelope,
  type OpenedSealed,
  signingInput,
} from '@baton/ledger';
import {
  type Content,
  type Entry,
  encodeCanonical,
  entriesBody,
  type EnvelopeHeader,
  itemsBody,
  keyLogPage,
  receiptsBody,
} from '@baton/wire';
import type { Attachment } from '@baton/wire';
import type { MadeRecord, Records, RecordWish } from '../api/record.ts';
import type { Person } from '../api/directory.ts';
import type { EnvelopeOpener } from '../conversations/envelope-opener.ts';
import { ClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { countedVia, type ViaNames } from '../timeline/via.ts';
import {
  bytesOf,
  certificatesNamedBy,
  chooseStatements,
  findPaths,
  type PlacedStatement,
} from './evidence-statements.ts';
import { printRecord } from './record-pdf.ts';
import { type RecordFile, zipRecord } from './record-zip.ts';

const ITEMS_PAGE = 200;
const RECEIPTS_PAGE = 50;

export interface RecordPorts {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly rest: Rest;
  readonly store: Store;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly generations: GenerationBook;
  readonly opener: EnvelopeOpener;
  readonly identity: () => Identity;
  readonly files: { read(attachment: Attachment): Promise<Bytes> };
  readonly names: Pick<ViaNames, 'isTexting'> & { readonly person: (id: EnvelopeHeader['author']) => Person };
  readonly roleName: (id: RoleId) => string | null;
  readonly orgName: () => string;
}

interface RawItem {
  readonly seq: number;
  readonly batch: number;
  readonly ts: number;
  readonly b: Bytes;
}
interface ChosenMessage extends RawItem {
  readonly opened: OpenedSealed<EnvelopeHeader>;
  readonly content: Content;
  readonly secret: Bytes;
}
interface Log {
  readonly raws: readonly Bytes[];
  readonly entries: readonly Entry[];
}

/** Makes chosen messages part of the record: a ZIP that stands by itself (docs/protocol/evidence.md). */
export class RecordDesk implements Records {
  readonly #ports: RecordPorts;

  constructor(ports: RecordPorts) {
    this.#ports = ports;
  }

  async make(wish: RecordWish): Promise<MadeRecord> {
    const { primitives, keyLog, store, clock, orgName, names } = this.#ports;
    const { conversation: conv } = wish;
    await keyLog.catchUp();
    const { chosen, left } = await this.#choose(wish);
    const thread = await this.#readLog(conv);
    const roles = rolesIn([thread], chosen);
    const keyrings = await this.#readKeyrings(roles);
    const identity = this.#ports.identity();
    const authors = new Set<string>([
      identity.account,
      ...chosen.map(({ opened }) => opened.header.author),
      ...[thread, ...keyrings.map(({ log }) => log)].flatMap(({ entries }) =>
        entries.map(({ author }) => author),
      ),
    ]);
    const all = (await store.list('statements', prefixRange(''))).map(({ value }) => value);
    const needed = chooseStatements(
      all,
      { accounts: authors, roles: new Set<string>(roles) },
      primitives.sha256,
    );
    const { head, paths } = await this.#prove(needed.statements, wish);
    const attachments = await this.#readAttachments(chosen, wish);
    const madeAt = clock.nowMs();
    const pdf = await printRecord({
      words: wish.words,
      organisation: orgName(),
      conversation: conv,
      reason: wish.reason,
      madeBy: names.person(identity.account).name,
      madeAt,
      leftOut: left,
      participants: [...authors]
        .map((account) => this.#nameOf(account, wish))
        .sort((a, b) => a.localeCompare(b)),
      messages: this.#describe(chosen, attachments, wish),
    });
    const files: RecordFile[] = [
      { path: 'record.pdf', bytes: pdf },
      { path: 'READ-ME.txt', bytes: encodeUtf8(READ_ME) },
      ...attachments.map(({ path, bytes }) => ({ path, bytes })),
    ];
    const body = encodeCanonical({
      v: 1,
      t: 'evidence',
      org: identity.org,
      conv,
      kind: thread.entries[0]?.op.op === 'create' ? thread.entries[0].op.kind : 'group',
      madeAt,
      madeBy: identity.account,
      dk: identity.dk,
      reason: wish.reason,
      statements: needed.statements.map(({ index, b }) => ({ index, b, path: paths.get(index) ?? [] })),
      head,
      certificates: await this.#readCertificates(
        chosen,
        [thread, ...keyrings.map(({ log }) => log)],
        needed.statements,
      ),
      entries: [...thread.raws],
      keyrings: keyrings.map(({ role, conv: keyring, log }) => ({
        role,
        conv: keyring,
        entries: [...log.raws],
      })),
      items: await this.#withReceipts(conv, chosen),
      left,
      people: [...needed.accounts].flatMap((account) => {
        const name = wish.nameOf(account);
        return name === null ? [] : [{ account, name }];
      }),
      files: files.map(({ path, bytes }) => ({
        path,
        sha256: primitives.sha256(bytes),
        sizeBytes: bytes.length,
      })),
      attachments: attachments.map(({ path, message, attachment }) => ({
        path,
        message,
        blob: attachment.blob,
      })),
    });
    const s = await identity.deviceKey.sign(signingInput(primitives.sha256, LABELS.evidence, body));
    const evidence = encodeCanonical({ b: body, s });
    wish.progress?.('file', 1, 1);
    const hash = encodeHex(primitives.sha256(evidence));
    return {
      fileName: `baton-record-${new Date(madeAt).toISOString().slice(0, 10)}-${hash.slice(0, 8)}.zip`,
      zip: zipRecord([...files, { path: 'evidence.cbor', bytes: evidence }]),
      hash,
      messages: chosen.filter(({ content }) => content.t === 'message').length,
    };
  }

  /** The wanted messages and what was said about them later: an edit or withdrawal belongs to its message. */
  async #choose({
    conversation,
    messages,
    progress,
  }: RecordWish): Promise<{ chosen: ChosenMessage[]; left: number }> {
    const wanted = messages === null ? null : new Set<string>(messages);
    const readable: ChosenMessage[] = [];
    const places = new Set<string>();
    const items = await this.#readItems(conversation);
    for (const [index, item] of items.entries()) {
      const message = await this.#open(conversation, item);
      // A message id stands at one place: the same envelope at another is a replay.
      if (message !== null && !places.has(message.opened.header.id)) readable.push(message);
      if (message !== null) places.add(message.opened.header.id);
      progress?.('messages', index + 1, items.length);
    }
    const chosen = readable.filter(({ opened, content }) => {
      if (wanted === null) return true;
      return wanted.has(opened.header.id) || ('target' in content && wanted.has(content.target));
    });
    if (chosen.length === 0) throw new ClientError('request.not_found', 'messages');
    const first = chosen[0]?.seq ?? 0;
    const last = chosen.at(-1)?.seq ?? 0;
    const between = items.filter(({ seq }) => seq >= first && seq <= last).length;
    return { chosen, left: between - chosen.length };
  }

  async #readItems(conv: ConversationId): Promise<RawItem[]> {
    const items: RawItem[] = [];
    for (let after = 0; ; ) {
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: `/conversations/${conv}/items`,
        query: { after, limit: ITEMS_PAGE },
        answer: itemsBody,
      });
      for (const item of page.items) if (item.k === 'envelope') items.push({ ...item, b: bytesOf(item.b) });
      const newest = page.items.at(-1)?.seq;
      if (newest === undefined || newest >= page.newest) return items;
      after = newest;
    }
  }

  /**
   * null where this account cannot read it, from before it joined, and where it does not hold: what the thread shows as a problem is part of no record. The
   * items come straight from the server and pass the thread's own judge once more (an alarm says what did not).
   */
  async #open(conv: ConversationId, item: RawItem): Promise<ChosenMessage | null> {
    const { primitives, generations, opener } = this.#ports;
    const { seq, batch, ts, b } = item;
    const row = await opener.open(conv, { k: 'envelope', seq, batch, ts, b });
    if (row.s !== 'message') return null;
    const opened = openEnvelope(primitives.sha256, b);
    const keys = await generations.find(conv, row.header.gen);
    if (!opened.ok || keys === null) return null;
    const secret = keys.messageSecret(row.header.salt).reveal();
    return { ...item, opened: opened.value, content: row.content, secret };
  }

  async #readLog(conv: ConversationId): Promise<Log> {
    const { entries } = await this.#ports.rest.call({
      method: 'GET',
      path: `/conversations/${conv}/entries`,
      answer: entriesBody,
    });
    const raws = entries.map(({ b }) => bytesOf(b));
    const opened = raws.map((raw) => {
      const entry = openEntry(this.#ports.primitives.sha256, raw);
      if (!entry.ok) throw new ClientError(entry.error.code, conv);
      return entry.value.body;
    });
    return { raws, entries: opened };
  }

  async #readKeyrings(roles: readonly RoleId[]): Promise<{ role: RoleId; conv: ConversationId; log: Log }[]> {
    const found: { role: RoleId; conv: ConversationId; log: Log }[] = [];
    for (const role of roles) {
      const keyring = findRole(this.#ports.keyLog.state, role)?.keyring;
      if (keyring !== undefined) found.push({ role, conv: keyring, log: await this.#readLog(keyring) });
    }
    return found;
  }

  async #prove(
    statements: readonly PlacedStatement[],
    { progress }: RecordWish,
  ): Promise<{ head: Bytes; paths: ReadonlyMap<number, Bytes[]> }> {
    const { rest, keyLog } = this.#ports;
    const page = await rest.call({
      method: 'GET',
      path: '/keylog',
      query: { after: keyLog.size, limit: 1 },
      answer: keyLogPage,
    });
    // A head is signed with each new statement; one that is behind will be there in a moment.
    if (statements.some(({ index }) => index >= page.headSize))
      throw new ClientError('limit.busy', 'keylog.head');
    const paths = await findPaths(rest, statements, page.headSize, (done) =>
      progress?.('proofs', done, statements.length),
    );
    return { head: bytesOf(page.head), paths };
  }

  async #readCertificates(
    chosen: readonly ChosenMessage[],
    logs: readonly Log[],
    statements: readonly PlacedStatement[],
  ): Promise<Bytes[]> {
    const named = certificatesNamedBy(statements);
    const add = (dk: Bytes): void => void named.set(encodeHex(dk), dk);
    for (const { opened } of chosen) add(opened.header.dk);
    for (const { entries } of logs) for (const { dk } of entries) add(dk);
    add(this.#ports.identity().dk);
    const certificates: Bytes[] = [];
    for (const [, hash] of [...named].sort(([a], [b]) => (a < b ? -1 : 1)))
      certificates.push(await this.#ports.certificates.signed(hash));
    return certificates;
  }

  async #withReceipts(conv: ConversationId, chosen: readonly ChosenMessage[]) {
    const receipts = new Map<number, { receipt: Bytes; index: number; path: Bytes[] }>();
    for (const { seq } of chosen) {
      if (receipts.has(seq)) continue;
      const page = await this.#ports.rest.call({
        method: 'GET',
        path: `/conversations/${conv}/receipts`,
        query: { after: seq - 1, limit: RECEIPTS_PAGE },
        answer: receiptsBody,
      });
      for (const { seq: place, receipt, index, path } of page.receipts)
        receipts.set(place, { receipt: bytesOf(receipt), index, path: path.map(bytesOf) });
    }
    return chosen.map(({ seq, batch, ts, b, secret }) => {
      const found = receipts.get(seq);
      return {
        seq,
        batch,
        ts,
        b,
        secret,
        receipt: found?.receipt ?? null,
        index: found?.index ?? 0,
        path: found?.path ?? [],
      };
    });
  }

  async #readAttachments(chosen: readonly ChosenMessage[], { progress }: RecordWish) {
    const wanted = chosen.flatMap(({ opened, content }) =>
      content.t === 'message'
        ? content.attachments.map((attachment) => ({ message: opened.header.id, attachment }))
        : [],
    );
    const read: { path: string; message: string; attachment: Attachment; bytes: Bytes }[] = [];
    for (const { message, attachment } of wanted) {
      const bytes = await this.#ports.files.read(attachment);
      const path = `attachments/${String(read.length + 1).padStart(2, '0')}-${safeName(attachment.name)}`;
      read.push({ path, message, attachment, bytes });
      progress?.('attachments', read.length, wanted.length);
    }
    return read;
  }

  #describe(
    chosen: readonly ChosenMessage[],
    attachments: readonly { path: string; message: string; attachment: Attachment; bytes: Bytes }[],
    wish: RecordWish,
  ) {
    const { primitives, roleName, names } = this.#ports;
    return chosen.flatMap(({ opened, content, b, ts }) => {
      if (content.t !== 'message' && content.t !== 'edit' && content.t !== 'withdrawal') return [];
      const { header } = opened;
      const heading = wish.words.describe({
        author: this.#nameOf(header.author, wish),
        as: header.as === null ? null : roleName(header.as),
        byText: countedVia({ author: header.author, at: ts, content }, names) !== null,
        edited: content.t === 'edit',
        withdrawn: content.t === 'withdrawal',
      });
      return [
        {
          heading,
          atMs: ts,
          text: content.t === 'withdrawal' ? (content.reason ?? '') : content.text,
          hash: hashSealed(primitives.sha256, LABELS.envelope, b),
          attachments: attachments
            .filter(({ message }) => message === header.id)
            .map(({ path, attachment, bytes }) => ({
              path,
              name: attachment.name,
              mime: attachment.mime,
              sha256: primitives.sha256(bytes),
              bytes,
            })),
        },
      ];
    });
  }

  #nameOf(account: string, wish: RecordWish): string {
    const known = wish.nameOf(account);
    if (known !== null) return known;
    return isId('account', account) ? this.#ports.names.person(account).name : account;
  }
}

function rolesIn(logs: readonly Log[], chosen: readonly ChosenMessage[]): RoleId[] {
  const members = logs.flatMap(({ entries }) =>
    entries.flatMap(({ op }) => (op.op === 'create' || op.op === 'add' ? op.members.map(({ m }) => m) : [])),
  );
  const written = chosen.flatMap(({ opened }) => opened.header.as ?? []);
  return [...new Set([...members, ...written])].filter((id): id is RoleId => isId('role', id));
}

/** A name that every system takes: letters, digits, dot, dash. */
function safeName(name: string): string {
  const safe = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '');
  return safe === '' ? 'file' : safe.slice(-80);
}

const READ_ME = `A record of messages, made with Baton.

record.pdf      the messages as people read them
attachments/    what was attached
evidence.cbor   signatures, keys of these messages alone, and proofs

Whoever wants to know whether this file is what it says runs the independent verifier of the Baton project, offline:

  node tools/verify-evidence/verify.ts THIS-FILE.zip

It names the first thing that does not hold, and what such a file cannot prove.
`;
