// The page of the simulated phones: asks the station once a second whether something is new and shows it. No framework, no markup from data.
type TextState = 'waiting' | 'sent' | 'delivered' | 'failed' | 'refused';

interface Phone {
  readonly number: string;
  readonly label: string;
  readonly mode: string;
}

interface PhoneText {
  readonly id: string;
  readonly number: string;
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly media: readonly { readonly id: string; readonly mime: string }[];
  readonly at: number;
  readonly state: TextState;
}

interface Mail {
  readonly n: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: number;
}

interface State {
  readonly revision: number;
  readonly number?: string;
  readonly phones?: readonly Phone[];
  readonly texts?: readonly PhoneText[];
  readonly mails?: readonly Mail[];
}

/** What is shown of one phone. */
interface Shown {
  readonly section: HTMLElement;
  /** What scrolls. */
  readonly texts: HTMLElement;
  readonly list: HTMLElement;
  readonly rows: Map<string, { readonly row: HTMLElement; state: TextState }>;
  readonly mode: HTMLSelectElement;
  readonly label: HTMLElement;
}

const ROOT = '/sms/phones';
const POLL_MS = 1000;
/** A picture as carriers pass it on, in bytes; what the station takes has room for it in base64. */
const PICTURE_BYTES = 170_000;
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const phones = byId('phones');
const mails = byId('mails');
const notice = byId('notice');
const template = byId<HTMLTemplateElement>('phone-template');
const shown = new Map<string, Shown>();
const shownMails = new Set<number>();
const pictures = new Map<string, Blob>();
let revision = 0;

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function tell(text: string): void {
  notice.textContent = text;
  notice.hidden = text === '';
}

async function ask(path: string, body?: object): Promise<State> {
  const response = await fetch(ROOT + path, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as State;
}

async function look(): Promise<void> {
  try {
    const state = await ask(`/state?revision=${revision}`);
    tell('');
    if (state.revision !== revision) show(state);
  } catch (error) {
    const sentence = error instanceof Error && error.message.trim() !== '' ? error.message : '';
    tell(
      /station|machine|moment/.test(sentence)
        ? sentence
        : 'The station does not answer. This page goes on by itself.',
    );
  }
}

/** Changes go out one after another; each is followed by a look. */
async function change(path: string, body: object): Promise<boolean> {
  try {
    await ask(path, body);
    await look();
    return true;
  } catch {
    tell('That was not taken. Try again in a moment.');
    return false;
  }
}

function show(state: State): void {
  revision = state.revision;
  byId('own-number').textContent = spaced(state.number ?? '');
  const all = state.phones ?? [];
  for (const [number, { section }] of shown) {
    if (all.some((phone) => phone.number === number)) continue;
    section.remove();
    shown.delete(number);
  }
  for (const phone of all)
    showPhone(
      phone,
      (state.texts ?? []).filter(({ number }) => number === phone.number),
    );
  byId('no-phones').hidden = all.length > 0;
  showMails(state.mails ?? []);
}

function showPhone(phone: Phone, texts: readonly PhoneText[]): void {
  const known = shown.get(phone.number) ?? addPhone(phone.number);
  known.label.textContent = phone.label === '' ? 'A phone' : phone.label;
  if (document.activeElement !== known.mode) known.mode.value = phone.mode;
  known.mode.dataset['mode'] = phone.mode;
  const isAtEnd = known.texts.scrollHeight - known.texts.scrollTop - known.texts.clientHeight < 40;
  const before = known.rows.size;
  for (const [id, { row }] of known.rows) {
    if (texts.some((text) => text.id === id)) continue;
    row.remove();
    known.rows.delete(id);
  }
  for (const text of texts) {
    const drawn = known.rows.get(text.id);
    if (drawn?.state === text.state) continue;
    const row = drawText(text);
    if (drawn) drawn.row.replaceWith(row);
    else known.list.append(row);
    known.rows.set(text.id, { row, state: text.state });
  }
  if (isAtEnd && known.rows.size > before) known.texts.scrollTop = known.texts.scrollHeight;
}

function addPhone(number: string): Shown {
  const fragment = template.content.cloneNode(true) as DocumentFragment;
  const find = <T extends HTMLElement>(selector: string): T => fragment.querySelector(selector) as T;
  const section = find('.phone');
  const label = find('.phone-label');
  const id = `phone-${number.slice(1)}`;
  label.id = `${id}-label`;
  section.setAttribute('aria-labelledby', label.id);
  find('.phone-number').textContent = spaced(number);
  const mode = find<HTMLSelectElement>('.mode');
  mode.addEventListener('change', () => void change('/phone', { number, mode: mode.value }));
  const texts = find('.texts');
  texts.setAttribute('aria-label', `Texts on ${spaced(number)}`);
  prepareWriting(number, id, {
    form: find('.write'),
    text: find('.text'),
    textLabel: find('.text-label'),
    file: find('.file'),
    picked: find('.picked'),
    image: find('.picked-image'),
    name: find('.picked-name'),
    unpick: find('.unpick'),
  });
  const list = find('.rows');
  phones.append(fragment);
  const drawn: Shown = { section, texts, list, rows: new Map(), mode, label };
  shown.set(number, drawn);
  return drawn;
}

interface Writing {
  readonly form: HTMLFormElement;
  readonly text: HTMLTextAreaElement;
  readonly textLabel: HTMLLabelElement;
  readonly file: HTMLInputElement;
  readonly picked: HTMLElement;
  readonly image: HTMLImageElement;
  readonly name: HTMLElement;
  readonly unpick: HTMLButtonElement;
}

function prepareWriting(number: string, id: string, parts: Writing): void {
  const { form, text, textLabel, file, picked, image, name, unpick } = parts;
  text.id = `${id}-text`;
  textLabel.htmlFor = text.id;
  textLabel.textContent = `Text from ${spaced(number)}`;
  const pick = (picture: Blob | null, called: string): void => {
    URL.revokeObjectURL(image.src);
    if (picture) {
      pictures.set(number, picture);
      image.src = URL.createObjectURL(picture);
    } else pictures.delete(number);
    picked.hidden = picture === null;
    name.textContent = called;
    file.value = '';
  };
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    shrink(chosen).then(
      (picture) => {
        tell('');
        pick(picture, chosen.name);
      },
      () => tell('This picture cannot be read. Choose another one.'),
    );
  });
  unpick.addEventListener('click', () => {
    pick(null, '');
    text.focus();
  });
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void (async () => {
      const picture = pictures.get(number);
      if (text.value.trim() === '' && !picture) return text.focus();
      const media = picture ? [await base64(picture)] : [];
      if (!(await change('/texts', { number, text: text.value, media }))) return;
      text.value = '';
      pick(null, '');
    })();
  });
}

function drawText(text: PhoneText): HTMLElement {
  const isMine = text.direction === 'in';
  const isPending = !isMine && text.state !== 'delivered';
  const row = element('li', `text-row${isMine ? ' mine' : ''}${isPending ? ' pending' : ''}`);
  const bubble = element('div', 'bubble');
  for (const { id, mime } of text.media) {
    if (!mime.startsWith('image/')) continue;
    const image = document.createElement('img');
    image.src = `${ROOT}/media/${id}`;
    image.alt = 'Picture';
    bubble.append(image);
  }
  const words = document.createElement('span');
  words.append(...linked(text.text));
  bubble.append(words);
  const isBad = text.state === 'failed';
  const meta = element('p', `meta${isBad ? ' bad' : ''}`);
  meta.textContent = [isMine ? 'Patient' : 'Practice', time.format(text.at), stateOf(text)]
    .filter(Boolean)
    .join(' · ');
  row.append(bubble, meta);
  return row;
}

function stateOf({ direction, state }: PhoneText): string {
  if (direction === 'in') return state === 'waiting' ? 'on its way to the practice' : '';
  switch (state) {
    case 'waiting':
    case 'sent':
      return 'on its way, not on this phone yet';
    case 'failed':
      return 'never arrived';
    default:
      return '';
  }
}

function showMails(all: readonly Mail[]): void {
  byId('no-mails').hidden = all.length > 0;
  byId('mail-count').textContent = all.length === 0 ? '' : String(all.length);
  if (all.length === 0) {
    mails.replaceChildren();
    shownMails.clear();
  }
  for (const mail of all) {
    if (shownMails.has(mail.n)) continue;
    shownMails.add(mail.n);
    const item = document.createElement('li');
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    const subject = document.createElement('strong');
    subject.textContent = mail.subject;
    const meta = element('span', 'meta');
    meta.textContent = `to ${mail.to} · ${time.format(mail.at)}`;
    summary.append(subject, meta);
    const body = element('div', 'mail-text');
    body.append(...linked(mail.text));
    details.append(summary, body);
    item.append(details);
    mails.prepend(item);
  }
}

/** Addresses become links; everything else stays text. */
function linked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(at, match.index));
    const link = document.createElement('a');
    link.href = match[0];
    link.textContent = match[0];
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    parts.push(link);
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

/** `+12025550143` as people read it. */
function spaced(number: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `+1 ${parts[1]} ${parts[2]} ${parts[3]}` : number;
}

/** As a phone does before it sends: smaller, as JPEG, until a carrier would take it. */
async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file);
  for (const longest of [1600, 1200, 900, 640, 480]) {
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.85, 0.7, 0.5]) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
      if (blob && blob.size <= PICTURE_BYTES) return blob;
    }
  }
  throw new Error('too large');
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

byId<HTMLFormElement>('add').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const number = byId<HTMLInputElement>('add-number').value.replaceAll(' ', '');
  const label = byId<HTMLInputElement>('add-label').value.trim();
  void change('/phone', { number, ...(label !== '' && { label }) }).then((taken) => {
    if (!taken) return;
    form.reset();
    shown.get(number)?.section.querySelector('textarea')?.focus();
  });
});

const clearing = byId<HTMLDialogElement>('clearing');
byId('clear').addEventListener('click', () => clearing.showModal());
clearing.addEventListener('close', () => {
  if (clearing.returnValue === 'clear') void change('/clear', {});
  clearing.returnValue = '';
});

async function poll(): Promise<void> {
  if (!document.hidden) await look();
  setTimeout(() => void poll(), POLL_MS);
}
document.addEventListener('visibilitychange', () => void look());
void poll();
