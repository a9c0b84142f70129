import {
  type AccountId,
  type ConversationId,
  type EventId,
  isId,
  type MessageId,
  newId,
  type Timers,
} from '@baton/kernel';
import {
  deskCodec,
  deskKey,
  type DeskTemplate,
  deskTemplateSchema,
  type Language,
  type Reach,
  type TextingSettings,
  type TextingValue,
} from '@baton/wire';
import type { Care, CareThread } from '../api/care.ts';
import type { PutRow } from '../collections/collection-book.ts';
import { patientQueueOf } from '../collections/named-collection.ts';
import { ClientError } from '../failure.ts';
import { LiveView } from '../live/cell.ts';
import type { ItemRow } from '../tables/records.ts';
import { AccessKeeper } from './access-keeper.ts';
import { CardIssuer } from './card-issuer.ts';
import { CareAgents } from './care-agents.ts';
import { CareGround, requireAnswerable } from './care-ground.ts';
import type { CarePorts, LinksGround, PatientLinks } from './care-ports.ts';
import { Charts } from './charts.ts';
import { DeskBook } from './desk-book.ts';
import { fillTemplate } from './fill-template.ts';
import { findWriters } from './known-writers.ts';
import { PatientStarter } from './patient-starter.ts';
import { ReachKeeper } from './reach-keeper.ts';
import { suggestSettings } from './suggest-settings.ts';
import { TeamChanger } from './team-changer.ts';
import { TextMatcher } from './text-matcher.ts';
import { TextingActs } from './texting-acts.ts';
import { TextingBook } from './texting-book.ts';
import { ThreadActs } from './thread-acts.ts';
import { ThreadList } from './thread-list.ts';

/** Patients' conversations and what goes with them, for staff. What this file does itself is to bring the parts together. */
export class CareDesk implements Care {
  readonly state: LiveView<ReturnType<Care['state']['read']>>;
  readonly settings: LiveView<TextingSettings | null>;
  readonly threads: LiveView<readonly CareThread[]>;
  readonly unknown: LiveView<ReturnType<Care['unknown']['read']>>;
  readonly templates: LiveView<readonly DeskTemplate[]>;
  readonly #ports: CarePorts;
  readonly #links: PatientLinks;
  readonly #texting: TextingBook;
  readonly #desk: DeskBook;
  readonly #ground: CareGround;
  readonly #list: ThreadList;
  readonly #charts: Charts;
  readonly #cards: CardIssuer;
  readonly #starter: PatientStarter;
  readonly #threadActs: ThreadActs;
  readonly #textingActs: TextingActs;
  readonly #matcher: TextMatcher;
  readonly #team: TeamChanger;
  readonly #keeper: AccessKeeper;
  readonly #reachKeeper: ReachKeeper;
  readonly #unlisten: () => void;

  constructor(
    ports: CarePorts,
    parts: { readonly links: (ground: LinksGround) => PatientLinks; readonly timers: Timers },
  ) {
    const { soon, collections } = ports;
    this.#ports = ports;
    this.#texting = new TextingBook({ collections, changed: (value) => this.#textingChanged(value) });
    this.#desk = new DeskBook({
      collections,
      changed: (value) => {
        if (value.t === 'thread') this.#list.changed(value.conversation);
        else if (value.t === 'template') this.templates.invalidate();
      },
    });
    const books = { texting: this.#texting, desk: this.#desk };
    const links = parts.links(this.#groundOfLinks());
    this.#links = links;
    const agents = new CareAgents(ports);
    this.#ground = new CareGround(ports, agents);
    this.#list = new ThreadList(ports, books);
    this.#cards = new CardIssuer(ports, this.#texting);
    this.#charts = new Charts(ports, { ...books, links, thread: (ref) => this.#threadOf(ref) });
    const making = { texting: this.#texting, ground: this.#ground, agents, cards: this.#cards };
    this.#starter = new PatientStarter(ports, making);
    this.#threadActs = new ThreadActs(ports, books);
    this.#textingActs = new TextingActs(ports, this.#texting);
    const { unknown } = this.#ground;
    this.#matcher = new TextMatcher(ports, {
      texting: this.#texting,
      unknown,
      start: (ref) => this.start(ref),
    });
    this.#team = new TeamChanger(ports, { texting: this.#texting, unknown });
    this.#reachKeeper = new ReachKeeper(ports, this.#texting);
    const endPerson: Care['endPerson'] = (ref, account) => this.endPerson(ref, account);
    const keeping = { texting: this.#texting, agents, unknown, endPerson, reach: this.#reachKeeper };
    this.#keeper = new AccessKeeper(ports, keeping, parts.timers);
    this.state = new LiveView(soon, () => this.#describe());
    this.settings = new LiveView(soon, () => this.#texting.settings);
    this.threads = this.#list.threads;
    this.unknown = new LiveView(soon, () => this.#describeUnknown());
    this.templates = new LiveView(soon, () => this.#desk.templates());
    this.#unlisten = ports.batons.changes.subscribe(() => this.changedAll());
  }

  /** Reads the local copies, as far as the collections are here. */
  async load(): Promise<void> {
    const { book, sealed, may } = this.#ports;
    if (!may('patient.registry.read')) return;
    for (const [name, copy] of [
      ['texting', this.#texting],
      ['desk', this.#desk],
    ] as const) {
      const conv = sealed.idOf(name);
      if (!copy.loaded && book.get(conv)?.kind === 'collection') await copy.load(conv);
    }
    this.changedAll();
  }

  /** Puts were stored. */
  take(conv: ConversationId, rows: readonly PutRow[]): void {
    if (!this.#texting.take(conv, rows)) this.#desk.take(conv, rows);
  }

  /** Rows of a conversation were stored. */
  stored(conv: ConversationId, rows: readonly ItemRow[]): void {
    this.#charts.stored(conv, rows);
  }

  /** What a conversation shows of itself changed. */
  conversationChanged(conv: ConversationId): void {
    if (conv === this.#ground.unknown) this.unknown.invalidate();
    const place = this.#texting.place(conv);
    if (!place) return;
    this.#list.changed(conv);
    this.#charts.invalidate(place.ref);
  }

  /** Names, duty, batons or time changed. */
  changedAll(): void {
    this.#list.changedAll();
    this.#charts.invalidate();
    for (const view of [this.state, this.settings, this.unknown, this.templates]) view.invalidate();
  }

  /** Everything has arrived: what was left half done goes on. */
  async begin(): Promise<void> {
    this.#keeper.start();
    this.#links.start();
    await this.#cards.resume();
  }

  /** Looks now whether somebody has to leave or to come in. */
  keepAccess(): Promise<void> {
    return this.#keeper.look();
  }

  stop(): void {
    this.#unlisten();
    this.#keeper.stop();
    this.#links.stop();
  }

  async idle(): Promise<void> {
    await Promise.all([this.#keeper.idle(), this.#links.idle()]);
  }

  /** How staff call a patient's conversation, or a patient's account; null for everything else. */
  titleOf(conv: ConversationId): string | null {
    const place = this.#texting.place(conv);
    if (conv === this.#ground.unknown) return 'Unknown numbers';
    return place && (this.#texting.reach(place.ref)?.name ?? null);
  }

  /** How the practice calls a patient's, or a proxy's, account. */
  nameOf(account: AccountId): string | null {
    return this.#texting.nameOf(account);
  }

  chart(ref: string) {
    return this.#charts.of(ref);
  }

  /** How a patient is reached; null before anything is known of it. */
  reachOf(ref: string): Reach | null {
    return this.#texting.reach(ref);
  }

  refOf(conversation: ConversationId): string | null {
    return this.#texting.place(conversation)?.ref ?? null;
  }

  async establish(settings: TextingSettings): Promise<void> {
    await this.#ground.establish(settings);
    await this.load();
  }

  /** Makes the collection of appointments or of programmes for the team, and lets the assistants in. */
  establishNamed(name: 'appointments' | 'programmes'): Promise<void> {
    return this.#ground.establishNamed(name, this.#texting.settings);
  }

  async saveSettings(
    settings: TextingSettings,
    progress?: (done: number, all: number) => void,
  ): Promise<void> {
    requireAnswerable(settings);
    const before = this.#texting.settings;
    await this.#cards.begin();
    await this.#textingActs.save(settings);
    await this.#cards.issueAll(progress);
    await this.#team.change(before?.team ?? [], settings.team);
  }

  suggestSettings(): TextingSettings {
    const { directory, registry, book, policy, timeZone, orgName, may, digest, org, queue } = this.#ports;
    const roles = directory.roles.read().filter(({ use }) => use === 'team');
    const registryAt = registry();
    const atRegistry = registryAt === null ? [] : (book.get(registryAt)?.members ?? []);
    const readers = roles.filter(({ id }) => atRegistry.includes(id));
    const team = (readers.length > 0 ? readers : roles.filter(({ heldByMe }) => heldByMe)).map(
      ({ id }) => id,
    );
    const own = patientQueueOf(digest, org);
    const [first] = team;
    const hasQueue = queue(own)?.active === true || may('duty.policy');
    const askTo = hasQueue || first === undefined ? own : first;
    return suggestSettings({
      orgName: orgName(),
      policy: policy(),
      timeZone: timeZone(),
      askTo,
      team: team.slice(0, 10),
    });
  }

  async start(ref: string, options?: { readonly confidential: boolean }): Promise<ConversationId> {
    const conv = await this.#starter.start(ref, options?.confidential ?? false);
    // Where it fails here, whoever looks next does it.
    await this.#reachKeeper.keep(ref).catch(() => {});
    return conv;
  }

  changeReach(...input: Parameters<Care['changeReach']>): Promise<void> {
    return this.#textingActs.changeReach(...input);
  }

  giveConsent(...input: Parameters<Care['giveConsent']>): Promise<EventId> {
    return this.#textingActs.giveConsent(...input);
  }

  async revokeConsent(...input: Parameters<Care['revokeConsent']>): Promise<void> {
    const [ref, consent] = input;
    await this.#textingActs.revokeConsent(...input);
    // Where it fails here, whoever looks next does it: the record that says so is written.
    await this.#keeper.endBy(ref, consent);
  }

  order(...input: Parameters<Care['order']>): Promise<EventId> {
    return this.#textingActs.order(...input);
  }

  invite(...input: Parameters<Care['invite']>) {
    return this.#links.invite(...input);
  }

  reinvite(...input: Parameters<Care['reinvite']>) {
    return this.#links.reinvite(...input);
  }

  addPerson(...input: Parameters<Care['addPerson']>): Promise<void> {
    return this.#links.addPerson(...input);
  }

  findWriters(query: string) {
    return findWriters(this.#texting.reaches(), query, (account) => this.#links.hasJoined(account));
  }

  endPerson(...input: Parameters<Care['endPerson']>): Promise<void> {
    return this.#links.endPerson(...input);
  }

  changeThread(...input: Parameters<Care['changeThread']>): Promise<void> {
    return this.#threadActs.change(...input);
  }

  claim(conversation: ConversationId) {
    return this.#threadActs.claim(conversation);
  }

  answering(conversation: ConversationId): void {
    this.#threadActs.answering(conversation);
  }

  async saveTemplate(template: DeskTemplate): Promise<void> {
    const parsed = deskTemplateSchema.safeParse(template);
    if (!parsed.success)
      throw new ClientError('request.invalid', `template.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
    const desk = await this.#ports.sealed.named('desk');
    await desk.put(deskKey(parsed.data), () => deskCodec.encode(parsed.data));
  }

  newTemplateId(): EventId {
    return newId('event', this.#ports.rng);
  }

  fill(template: DeskTemplate, ref: string, language: Language): string {
    return fillTemplate(template, language, {
      reach: this.#texting.reach(ref),
      record: this.#ports.record(ref),
      settings: this.#texting.settings,
      nowMs: this.#ports.clock.nowMs(),
    });
  }

  match(message: MessageId, ref: string): Promise<void> {
    return this.#matcher.match(message, ref);
  }

  readersOf(conversation: ConversationId) {
    return (this.#ports.book.get(conversation)?.members ?? []).filter((id) => isId('role', id));
  }

  #groundOfLinks(): LinksGround {
    return {
      start: (ref, options) => this.start(ref, options),
      settings: () => this.#texting.settings,
      reach: (ref) => this.#texting.reach(ref),
      reaches: () => this.#texting.reaches(),
      consents: (ref) => this.#texting.consents(ref),
      changeReach: (...input) => this.changeReach(...input),
      order: (...input) => this.order(...input),
      changed: () => this.#charts.invalidate(),
    };
  }

  #threadOf(ref: string): CareThread | null {
    return this.#list.of(this.#texting.reach(ref)?.conversation ?? null);
  }

  #textingChanged(value: TextingValue): void {
    if (value.t === 'reach') {
      this.#reachKeeper.changed();
      const { directory, conversations } = this.#ports;
      directory.forget(value.people.map(({ account }) => account));
      for (const conv of [value.conversation, value.sidebar, value.confidential])
        if (conv !== null) conversations.changed(conv);
    }
    // Settings decide about every thread; a burst of values is drawn once.
    this.changedAll();
  }

  #describe(): ReturnType<Care['state']['read']> {
    const { may, book, sealed } = this.#ports;
    const here = (conv: ConversationId): boolean => book.get(conv)?.left === false;
    const isMade = here(sealed.idOf('texting')) && here(sealed.idOf('desk')) && here(this.#ground.unknown);
    const ready = this.#texting.loaded && this.#desk.loaded;
    return {
      available: may('patient.registry.read'),
      established: isMade && this.#texting.settings !== null,
      ready,
    };
  }

  #describeUnknown(): ReturnType<Care['unknown']['read']> {
    const { unknown } = this.#ground;
    const row = this.#ports.book.get(unknown);
    if (!row || row.left) return { conversation: null, open: 0 };
    return { conversation: unknown, open: this.#ports.batons.openIn(unknown).length };
  }
}
