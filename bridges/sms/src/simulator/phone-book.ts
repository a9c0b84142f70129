import type { Drawer } from '@baton/agent';
import { type Bytes, decodeUtf8, encodeUtf8 } from '@baton/kernel';
import { phoneField, TEXT_STATES } from '@baton/wire';
import { z } from 'zod';

/** How a simulated phone behaves. */
export const PHONE_MODES = ['normal', 'slow', 'off', 'fails', 'opted-out'] as const;
export type PhoneMode = (typeof PHONE_MODES)[number];

const textSchema = z.strictObject({
  n: z.number().int().positive(),
  id: z.string(),
  number: phoneField,
  direction: z.enum(['in', 'out']),
  text: z.string().max(20_000),
  media: z.array(z.strictObject({ id: z.string(), mime: z.string() })).max(10),
  at: z.number().int(),
  state: z.enum(TEXT_STATES),
});
/** One text; `in`: on its way to the practice, as seen from there. */
export type SimulatedText = z.infer<typeof textSchema>;

const mailSchema = z.strictObject({
  n: z.number().int().positive(),
  to: z.string().max(200),
  subject: z.string().max(500),
  text: z.string().max(20_000),
  at: z.number().int(),
});
export type SimulatedMail = z.infer<typeof mailSchema>;

const phoneSchema = z.strictObject({
  number: phoneField,
  label: z.string().max(60),
  mode: z.enum(PHONE_MODES),
  /** Order in which phones appeared. */
  n: z.number().int().positive(),
});
export type SimulatedPhone = z.infer<typeof phoneSchema>;

/** So much is kept of each. */
const MOST_TEXTS = 2000;
const MOST_MAILS = 300;
const PREFIX = 'simulator/';
const key = (kind: string, n: number): string => `${PREFIX}${kind}/${String(n).padStart(10, '0')}`;

/** What the simulated carrier has: phones, their texts and pictures, e-mails. Sealed in the agent's folder; in memory while it runs. */
export class PhoneBook {
  readonly #drawer: Drawer;
  readonly #texts = new Map<number, SimulatedText>();
  readonly #mails = new Map<number, SimulatedMail>();
  readonly #phones = new Map<string, SimulatedPhone>();
  #last = 0;
  /** Grows with every change: whoever shows it asks whether there is something new. */
  revision = 1;

  private constructor(drawer: Drawer) {
    this.#drawer = drawer;
  }

  static async open(drawer: Drawer): Promise<PhoneBook> {
    const book = new PhoneBook(drawer);
    for (const row of await readAll(drawer, 'texts', textSchema)) book.#texts.set(row.n, row);
    for (const row of await readAll(drawer, 'mails', mailSchema)) book.#mails.set(row.n, row);
    for (const row of await readAll(drawer, 'phones', phoneSchema)) book.#phones.set(row.number, row);
    const all = [...book.#texts.values(), ...book.#mails.values(), ...book.#phones.values()];
    book.#last = Math.max(0, ...all.map(({ n }) => n));
    return book;
  }

  texts(): readonly SimulatedText[] {
    return [...this.#texts.values()];
  }

  mails(): readonly SimulatedMail[] {
    return [...this.#mails.values()];
  }

  phones(): readonly SimulatedPhone[] {
    return [...this.#phones.values()].sort((a, b) => a.n - b.n);
  }

  find(id: string): SimulatedText | null {
    return this.texts().find((text) => text.id === id) ?? null;
  }

  phone(number: string): SimulatedPhone | null {
    return this.#phones.get(number) ?? null;
  }

  async savePhone(
    number: string,
    change: Partial<Pick<SimulatedPhone, 'label' | 'mode'>>,
  ): Promise<SimulatedPhone> {
    const known = this.#phones.get(number) ?? { number, label: '', mode: 'normal' as const, n: this.#next() };
    const phone = { ...known, ...change };
    await this.#keep('phones', phone);
    this.#phones.set(number, phone);
    this.revision += 1;
    return phone;
  }

  async addText(text: Omit<SimulatedText, 'n'>): Promise<SimulatedText> {
    if (!this.#phones.has(text.number)) await this.savePhone(text.number, {});
    const row = { ...text, n: this.#next() };
    await this.#keepText(row);
    await this.#drop('texts', this.#texts, MOST_TEXTS);
    return row;
  }

  async setState(id: string, state: SimulatedText['state']): Promise<void> {
    const text = this.find(id);
    if (text && text.state !== state) await this.#keepText({ ...text, state });
  }

  async addMail(mail: Omit<SimulatedMail, 'n'>): Promise<void> {
    const row = { ...mail, n: this.#next() };
    await this.#keep('mails', row);
    this.#mails.set(row.n, row);
    this.revision += 1;
    await this.#drop('mails', this.#mails, MOST_MAILS);
  }

  async addMedia(id: string, bytes: Bytes): Promise<void> {
    await this.#drawer.put(`${PREFIX}media/${id}`, bytes);
  }

  media(id: string): Promise<Bytes | null> {
    return /^[\w-]{1,60}$/.test(id) ? this.#drawer.get(`${PREFIX}media/${id}`) : Promise.resolve(null);
  }

  /** Everything is as on the first day. */
  async clear(): Promise<void> {
    for (const { key: known } of await this.#drawer.list(PREFIX)) await this.#drawer.remove(known);
    this.#texts.clear();
    this.#mails.clear();
    this.#phones.clear();
    this.revision += 1;
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }

  async #keepText(row: SimulatedText): Promise<void> {
    await this.#keep('texts', row);
    this.#texts.set(row.n, row);
    this.revision += 1;
  }

  async #keep(kind: string, row: { readonly n: number }): Promise<void> {
    await this.#drawer.put(key(kind, row.n), encodeUtf8(JSON.stringify(row)));
  }

  async #drop(kind: string, rows: Map<number, SimulatedText | SimulatedMail>, most: number): Promise<void> {
    for (const [n, row] of rows) {
      if (rows.size <= most) return;
      rows.delete(n);
      await this.#drawer.remove(key(kind, n));
      if ('media' in row) for (const { id } of row.media) await this.#drawer.remove(`${PREFIX}media/${id}`);
    }
  }
}

async function readAll<T>(drawer: Drawer, kind: string, schema: z.ZodType<T>): Promise<T[]> {
  return (await drawer.list(`${PREFIX}${kind}/`)).flatMap(({ value }) => {
    const parsed = schema.safeParse(parseJson(decodeUtf8(value) ?? ''));
    return parsed.success ? [parsed.data] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
