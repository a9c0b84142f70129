import type { Alarm, ConnectionState, Conversation, PatientSession } from '@baton/client';
import type { ConversationId, TimestampMs } from '@baton/kernel';
import type { Language } from '@baton/wire';
import { dice } from '../dice.ts';
import { GalleryFailure, pause } from '../failure.ts';
import { LiveCell } from '../live-cell.ts';
import { recoveryWords } from '../words.ts';
import { GalleryPatientConversation } from './gallery-conversation.ts';
import { everyKind, months } from './messages.ts';
import { programmes } from './programmes.ts';
import { cardAbout, DOCTORS, GRANDMOTHER, ME, NURSES, TEXTING, TRIAGE } from './practice.ts';
import { NOW_MS, scenario } from './scenario.ts';

const TEAM = [DOCTORS, NURSES, TEXTING, TRIAGE];

function conversations(): readonly GalleryPatientConversation[] {
  const items =
    scenario.thread === 'empty' || scenario.thread === 'loading'
      ? []
      : scenario.thread === 'long'
        ? months(150)
        : scenario.thread === 'programmes'
          ? programmes()
          : everyKind();
  const shared = new GalleryPatientConversation({
    id: dice.id('conversation'),
    card: cardAbout('Ana'),
    members: [ME, GRANDMOTHER, ...TEAM],
    items,
    unread: scenario.thread === 'long' ? 12 : items.length === 0 || scenario.thread === 'programmes' ? 0 : 8,
  });
  if (scenario.chats === 'none') return [];
  if (scenario.chats === 'one') return [shared];
  const alone = new GalleryPatientConversation({
    id: dice.id('conversation'),
    card: cardAbout('Ana'),
    members: [ME, ...TEAM],
    items: months(3),
    unread: 0,
  });
  const son = new GalleryPatientConversation({
    id: dice.id('conversation'),
    card: cardAbout('Mateo'),
    members: [ME, GRANDMOTHER, ...TEAM],
    items: months(9),
    unread: 1,
  });
  return [shared, alone, son];
}

export class GalleryPatientSession implements PatientSession {
  readonly me = ME.id;
  readonly connection = new LiveCell<ConnectionState>(
    scenario.net === 'offline' ? { state: 'offline', sinceMs: NOW_MS, unsent: 1 } : { state: 'online' },
  );
  readonly alarms = new LiveCell<readonly Alarm[]>(
    scenario.net === 'alarm'
      ? [{ id: '1', code: 'ledger.fork', at: NOW_MS, severity: 'danger', sentence: '' }]
      : [],
  );
  readonly ready = new LiveCell(true);
  readonly hasPin: LiveCell<boolean>;
  readonly language = new LiveCell<Language | null>(scenario.language);
  readonly #threads = conversations();
  readonly conversations = new LiveCell(
    this.#threads.map((thread) => ({ ...thread.summary.read(), card: thread.card.read() })),
  );

  constructor(hasPin: boolean) {
    this.hasPin = new LiveCell(hasPin);
  }

  async open(id: ConversationId): Promise<Conversation> {
    const found = this.#threads.find((thread) => thread.id === id);
    if (found === undefined) throw new GalleryFailure('policy.not_a_member');
    return Promise.resolve(found);
  }

  async setPin(): Promise<void> {
    await pause(400);
    this.hasPin.set(true);
  }

  async makeWords() {
    await pause(200);
    return { words: recoveryWords(), confirm: () => pause(300) };
  }

  addPasskey = (): Promise<void> => pause(300);
  async setLanguage(language: Language): Promise<void> {
    this.language.set(language);
    return Promise.resolve();
  }
  nowMs = (): TimestampMs => NOW_MS;
  lock = (): Promise<void> => pause(100);
  forget = (): Promise<void> => pause(300);
  close = (): Promise<void> => Promise.resolve();
}
