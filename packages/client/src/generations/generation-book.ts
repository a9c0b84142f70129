import {
  CryptoError,
  type GenerationKeys,
  makeGenerationKeys,
  openBox,
  openLink,
  type Primitives,
  type XwingKey,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type ConversationId,
  decodeBase64Url,
  equalBytes,
  isId,
  type RoleId,
  Secret,
} from '@baton/kernel';
import { entryCoreHash, findRole, hashBox } from '@baton/ledger';
import { boxesBody, type Entry, type Recipient, type RecipientId } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { isClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLog } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { positionKey, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { type GenerationRow, generationRowCodec } from '../tables/records.ts';
import { Table } from '../tables/table.ts';

export interface GenerationPorts {
  readonly primitives: Primitives;
  readonly rest: Rest;
  readonly store: Store;
  readonly logs: MembershipLogs;
  readonly keyLog: KeyLogReplica;
  readonly alarms: Alarms;
  readonly account: AccountId;
  /** This account's box key of a generation; null where the vault cannot reach it. */
  readonly boxKey: (gen: number) => Promise<XwingKey | null>;
  /** A role's box key from the keyring generation it is made of. */
  readonly roleBoxKey: (role: RoleId, keyring: GenerationKeys) => Promise<XwingKey>;
}

/**
 * Generation keys of every conversation that this account can read: from the sealed store, from a box addressed to the account or to a
 * role it holds, or from a newer generation through its history links.
 */
export class GenerationBook {
  readonly #ports: GenerationPorts;
  readonly #table: Table<GenerationRow>;
  readonly #keys = new Map<string, GenerationKeys>();
  /** Highest generation up to which boxes were asked for: asking again for the same state tells nothing new. */
  readonly #asked = new Map<ConversationId, string>();

  constructor(ports: GenerationPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'generations', generationRowCodec);
  }

  /** Keys of one generation; null where this account has no way to them. */
  async find(conv: ConversationId, gen: number): Promise<GenerationKeys | null> {
    const known = await this.#known(conv, gen);
    if (known) return known;
    const log = await this.#ports.logs.load(conv);
    if (!log || gen < 1 || gen > log.state.gen) return null;
    const walked = await this.#walkDown(log, gen);
    if (walked) return walked;
    const question = `${gen}-${log.state.n}`;
    if (this.#asked.get(conv) === question) return null;
    await this.#fetchBoxes(log, gen);
    const found = (await this.#known(conv, gen)) ?? (await this.#walkDown(log, gen));
    if (!found) this.#asked.set(conv, question);
    return found;
  }

  /** Keys that this device made itself. */
  async remember(keys: GenerationKeys): Promise<void> {
    const { gk, hl } = keys.secrets;
    await this.#table.save(keyOf(keys.conv, keys.gen), {
      v: 1,
      gk: gk.reveal(),
      hl: hl?.reveal() ?? null,
    });
    this.#keys.set(keyOf(keys.conv, keys.gen), keys);
  }

  /** The role may be held anew: what could not be opened is worth another question. */
  forgetQuestions(): void {
    this.#asked.clear();
  }

  async #known(conv: ConversationId, gen: number): Promise<GenerationKeys | null> {
    const key = keyOf(conv, gen);
    const inMemory = this.#keys.get(key);
    if (inMemory) return inMemory;
    const row = await this.#table.get(key);
    if (!row) return null;
    const secrets = { gk: Secret.of(row.gk), hl: row.hl ? Secret.of(row.hl) : null };
    const keys = makeGenerationKeys(this.#ports.primitives, { conv, gen, secrets });
    this.#keys.set(key, keys);
    return keys;
  }

  /** From the nearest newer generation with a history-link key, down the links of the verified log. */
  async #walkDown(log: MembershipLog, gen: number): Promise<GenerationKeys | null> {
    let from: GenerationKeys | null = null;
    for (let newer = gen + 1; newer <= log.state.gen && !from; newer++) {
      const keys = await this.#known(log.conv, newer);
      if (keys?.secrets.hl) from = keys;
    }
    let keys = from;
    while (keys && keys.gen > gen) {
      const start = startOf(log, keys.gen);
      if (!start) return null;
      try {
        keys = await openLink(this.#ports.primitives, keys, start);
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
        this.#ports.alarms.raise({
          code: 'ledger.bad_chain',
          severity: 'danger',
          about: `${log.conv}.link.${start.gen}`,
        });
        return null;
      }
      await this.remember(keys);
    }
    return keys;
  }

  async #fetchBoxes(log: MembershipLog, gen: number): Promise<void> {
    const boxes = await this.#askBoxes(log.conv, gen, log.state.gen);
    // Own boxes first: they need no keyring.
    const own = [...boxes].sort(
      (a, b) => Number(isId('role', a.to)) - Number(isId('role', b.to)) || b.gen - a.gen,
    );
    for (const { to, gen: boxGen, box } of own) {
      const bytes = decodeBase64Url(box);
      if (!bytes || boxGen < gen || boxGen > log.state.gen) continue;
      if ((await this.#known(log.conv, boxGen))?.secrets.hl) continue;
      await this.#openOne(log, to, boxGen, bytes);
    }
  }

  async #askBoxes(conv: ConversationId, from: number, to: number) {
    try {
      const path = `/conversations/${conv}/boxes`;
      return (await this.#ports.rest.call({ method: 'GET', path, query: { from, to }, answer: boxesBody }))
        .boxes;
    } catch (error) {
      // Removed meanwhile: there is no box for this account any more.
      if (isClientError(error, 'request.not_found')) return [];
      throw error;
    }
  }

  async #openOne(log: MembershipLog, to: RecipientId, gen: number, box: Bytes): Promise<void> {
    const { primitives, alarms } = this.#ports;
    const named = await this.#findNamed(log, { to, gen, hash: hashBox(primitives.sha256, box) });
    if (!named) {
      alarms.raise({ code: 'ledger.bad_proof', severity: 'danger', about: `${log.conv}.box.${gen}` });
      return;
    }
    const key = await this.#keyFor(to, named.recipient.g);
    if (!key) return;
    const core = entryCoreHash(primitives.sha256, named.entry);
    const binding = { conv: log.conv, gen, to, g: named.recipient.g, core };
    try {
      const secrets = await openBox(primitives, { key, binding, hist: named.recipient.h, box });
      await this.remember(makeGenerationKeys(primitives, { conv: log.conv, gen, secrets }));
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      // Made for the key of a link that a newer one replaced: nobody has that any more.
      if (named.recipient.g === 0) return;
      alarms.raise({ code: 'ledger.bad_proof', severity: 'danger', about: `${log.conv}.box.${gen}` });
    }
  }

  /** A box may belong to an entry that is newer than the log here. */
  async #findNamed(log: MembershipLog, box: Parameters<typeof findRecipient>[1]) {
    const named = findRecipient(log, box);
    if (named) return named;
    const fresh = (await this.#ports.logs.refresh(log.conv)).log;
    return fresh ? findRecipient(fresh, box) : null;
  }

  async #keyFor(to: RecipientId, g: number): Promise<XwingKey | null> {
    const { account, boxKey, roleBoxKey, keyLog, logs } = this.#ports;
    if (to === account) return boxKey(g);
    if (!isId('role', to)) return null;
    const role = findRole(keyLog.state, to);
    if (!role) return null;
    await logs.prepareRoles([to]);
    const keyring = await this.find(role.keyring, g);
    return keyring ? roleBoxKey(to, keyring) : null;
  }
}

function keyOf(conv: ConversationId, gen: number): string {
  return `${conv}/${positionKey(gen)}`;
}

/** The entry that started a generation. */
function startOf(log: MembershipLog, gen: number): Entry | null {
  const hash = log.state.generations[gen - 1];
  return (hash && log.rows.find((row) => equalBytes(row.hash, hash))?.entry) ?? null;
}

/** The verified entry that lists exactly this box for this recipient. */
function findRecipient(
  log: MembershipLog,
  box: { readonly to: RecipientId; readonly gen: number; readonly hash: Bytes },
): { readonly entry: Entry; readonly recipient: Recipient } | null {
  for (const { entry } of log.rows) {
    if (entry.gen !== box.gen) continue;
    const recipient = entry.recipients.find(({ m, b }) => m === box.to && equalBytes(b, box.hash));
    if (recipient) return { entry, recipient };
  }
  return null;
}
