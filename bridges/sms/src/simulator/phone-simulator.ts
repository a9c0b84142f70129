import { encodeHex, type Bytes } from '@baton/kernel';
import type { TextState } from '@baton/wire';
import type { Carrier, CarrierCode, CarrierEvent, MailSender, SendOutcome } from '../carriers/carrier.ts';
import type { CarrierPorts } from '../carriers/carrier-ports.ts';
import { kindOfBytes } from '../media/kind-of-bytes.ts';
import type { PhoneBook, PhoneMode, SimulatedText } from './phone-book.ts';

/** How long each step on the way to a phone takes. */
const STEP_MS: Readonly<Record<PhoneMode, number>> = {
  normal: 400,
  slow: 15_000,
  off: 400,
  fails: 400,
  'opted-out': 400,
};
/** A carrier whose webhook was not answered repeats it. */
const REPEAT_MS = 5000;
const MEDIA_SCHEME = 'simulator:';

/** What the texting program does with what comes in; rejects where it could not be committed. */
export type Deliver = (event: CarrierEvent) => Promise<void>;

export interface SimulatorPorts extends Pick<CarrierPorts, 'clock' | 'rng' | 'wait' | 'scan'> {
  readonly book: PhoneBook;
  readonly number: string;
  readonly deliver: Deliver;
}

/**
 * A carrier without a network: its phones are on a page of this station. It takes texts, reports on them, brings answers and repeats what was
 * not taken, as a carrier does, so that everything behind it is what it is with a real one.
 */
export class PhoneSimulator implements Carrier, MailSender {
  readonly name = 'simulator';
  readonly number: string;
  readonly #ports: SimulatorPorts;
  readonly #cancels = new Map<string, () => void>();
  #stopped = false;

  constructor(ports: SimulatorPorts) {
    this.#ports = ports;
    this.number = ports.number;
  }

  /** Goes on with what was under way when the station was stopped. */
  start(): void {
    for (const text of this.#ports.book.texts()) {
      if (text.direction === 'in' && text.state === 'waiting') this.#bring(text);
      if (text.direction === 'out' && (text.state === 'waiting' || text.state === 'sent'))
        this.#step(text.id);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  /** A text to a phone, as Carrier; an e-mail to the mailbox, as MailSender. */
  send(text: Parameters<Carrier['send']>[0]): Promise<SendOutcome>;
  send(mail: Parameters<MailSender['send']>[0]): ReturnType<MailSender['send']>;
  async send(
    given: Parameters<Carrier['send']>[0] | Parameters<MailSender['send']>[0],
  ): Promise<SendOutcome | { readonly ok: boolean; readonly isPassing: boolean }> {
    const { book, clock } = this.#ports;
    if ('subject' in given) {
      const { to, subject, text } = given;
      await book.addMail({ to, subject, text, at: clock.nowMs() });
      return { ok: true, isPassing: false };
    }
    const { to: number, text } = given;
    if (book.phone(number)?.mode === 'opted-out')
      return { ok: false, code: 'carrier.opted-out', isPassing: false };
    const id = this.#newId();
    const at = clock.nowMs();
    await book.addText({ id, number, direction: 'out', text, media: [], at, state: 'waiting' });
    this.#step(id);
    return { ok: true, id, state: 'waiting' };
  }

  /** It has no webhooks: what is typed on its page comes to the program by `deliver`. */
  async parse(): ReturnType<Carrier['parse']> {
    return { ok: false, why: 'no-signature', status: 403 };
  }

  async fetchMedia({ url }: Parameters<Carrier['fetchMedia']>[0]): ReturnType<Carrier['fetchMedia']> {
    const { book, scan } = this.#ports;
    if (!url.startsWith(MEDIA_SCHEME)) return { ok: false, why: 'host' };
    const bytes = await book.media(url.slice(MEDIA_SCHEME.length));
    if (bytes === null) return { ok: false, why: 'missing' };
    const kind = kindOfBytes(bytes);
    if (kind === null) return { ok: false, why: 'kind' };
    const verdict = scan ? await scan(bytes) : 'clean';
    if (verdict !== 'clean') return { ok: false, why: verdict === 'found' ? 'malware' : 'scanner' };
    return { ok: true, bytes, ...kind };
  }

  /** Somebody types on a phone. Resolves when the carrier has it; the practice has it a moment later. */
  async write(input: {
    readonly number: string;
    readonly text: string;
    readonly media: readonly Bytes[];
  }): Promise<void> {
    const { book, clock } = this.#ports;
    const media: { id: string; mime: string }[] = [];
    for (const bytes of input.media) {
      const id = this.#newId();
      await book.addMedia(id, bytes);
      media.push({ id, mime: kindOfBytes(bytes)?.mime ?? 'application/octet-stream' });
    }
    const { number, text } = input;
    const at = clock.nowMs();
    this.#bring(
      await book.addText({ id: this.#newId(), number, direction: 'in', text, media, at, state: 'waiting' }),
    );
  }

  async setMode(number: string, mode: PhoneMode): Promise<void> {
    const { book } = this.#ports;
    await book.savePhone(number, { mode });
    // What waited for the phone to be switched on, or to be quicker, goes on from here.
    for (const text of book.texts())
      if (text.number === number && text.direction === 'out' && /^(?:waiting|sent)$/.test(text.state))
        this.#step(text.id);
  }

  /** One step further on the way to the phone, and the report of it. */
  #step(id: string): void {
    const text = this.#ports.book.find(id);
    const mode = (text && this.#ports.book.phone(text.number)?.mode) ?? 'normal';
    this.#after(`out/${id}`, STEP_MS[mode], async () => {
      const known = this.#ports.book.find(id);
      const next = known && nextState(known.state, mode);
      if (!next) return;
      await this.#report(id, next.state, next.code);
      await this.#ports.book.setState(id, next.state);
      this.#step(id);
    });
  }

  #report(id: string, state: TextState, code: CarrierCode | null): Promise<void> {
    return this.#ports.deliver({ t: 'report', id, state, code, segments: null });
  }

  #bring({ id, number, text, media, at }: SimulatedText): void {
    this.#after(`in/${id}`, 0, async () => {
      await this.#ports.deliver({
        t: 'text',
        id,
        from: number,
        to: this.number,
        text,
        media: media.map((file) => ({ url: MEDIA_SCHEME + file.id, mime: file.mime })),
        segments: 1,
        at,
      });
      await this.#ports.book.setState(id, 'delivered');
    });
  }

  /** Again and again until it is taken. */
  #after(key: string, delayMs: number, task: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#cancels.get(key)?.();
    const cancel = this.#ports.wait.after(delayMs, () => {
      this.#cancels.delete(key);
      task().catch(() => {
        if (!this.#cancels.has(key)) this.#after(key, REPEAT_MS, task);
      });
    });
    this.#cancels.set(key, cancel);
  }

  #newId(): string {
    return `sim${encodeHex(this.#ports.rng.bytes(16))}`;
  }
}

/** null: it stays as it is until the phone behaves differently. */
function nextState(
  state: TextState,
  mode: PhoneMode,
): { readonly state: TextState; readonly code: CarrierCode | null } | null {
  if (mode === 'fails')
    return /^(?:waiting|sent)$/.test(state) ? { state: 'failed', code: 'carrier.unreachable' } : null;
  if (state === 'waiting') return { state: 'sent', code: null };
  if (state === 'sent' && mode !== 'off') return { state: 'delivered', code: null };
  return null;
}
