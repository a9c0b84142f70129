import type { PDFDocument, PDFFont, PDFPage, RGB } from '@cantoo/pdf-lib';
import { type Bytes, encodeHex, type TimestampMs } from '@baton/kernel';
import type { RecordWords } from '../api/record.ts';

/** US letter, in points. */
const PAGE = { width: 612, height: 792, margin: 54 };
const TEXT = { size: 10.5, leading: 15 };
const SMALL = { size: 8, leading: 11 };
const HEADING = { size: 16, leading: 22 };
const PICTURE_WIDTH = 260;
const PICTURE_HEIGHT = 320;
const INK = [0.1, 0.12, 0.13] as const;
const QUIET = [0.36, 0.4, 0.42] as const;

export interface PrintedMessage {
  readonly heading: string;
  readonly atMs: TimestampMs;
  readonly text: string;
  readonly hash: Bytes;
  readonly attachments: readonly {
    readonly path: string;
    readonly name: string;
    readonly mime: string;
    readonly sha256: Bytes;
    readonly bytes: Bytes;
  }[];
}

export interface PrintedRecord {
  readonly words: RecordWords;
  readonly organisation: string;
  readonly conversation: string;
  readonly reason: string;
  readonly madeBy: string;
  readonly madeAt: TimestampMs;
  readonly leftOut: number;
  readonly participants: readonly string[];
  readonly messages: readonly PrintedMessage[];
}

/** The record as people read it. Standard fonts print Western European letters; what they cannot print is marked, and exact in the bundle. */
export async function printRecord(record: PrintedRecord): Promise<Bytes> {
  // Only whoever makes a record pays for the library.
  const library = await import('@cantoo/pdf-lib');
  const document = await library.PDFDocument.create();
  const made = new Date(record.madeAt);
  document.setTitle(record.words.title);
  document.setProducer('Baton');
  document.setCreator('Baton');
  document.setCreationDate(made);
  document.setModificationDate(made);
  const regular = await document.embedFont(library.StandardFonts.Helvetica);
  const bold = await document.embedFont(library.StandardFonts.HelveticaBold);
  const paper = new Paper(document, { regular, bold, colour: (parts) => library.rgb(...parts) });
  printTop(paper, record);
  for (const message of record.messages) await printMessage(paper, message, record.words);
  if (paper.hasUnprintable) paper.line(record.words.unprintable, { ...SMALL, quiet: true, gap: 10 });
  paper.line(record.words.howToCheck, { ...SMALL, quiet: true, gap: 6 });
  paper.number();
  return document.save({ useObjectStreams: false });
}

function printTop(paper: Paper, record: PrintedRecord): void {
  const { words } = record;
  paper.line(words.title, { ...HEADING, bold: true });
  paper.line(words.subtitle, TEXT);
  paper.line(`${record.organisation} · ${record.conversation}`, { ...SMALL, quiet: true });
  paper.line(`${words.made}: ${record.madeBy}, ${words.formatTime(record.madeAt)}`, { ...TEXT, gap: 8 });
  if (record.reason !== '') paper.line(`${words.reason}: ${record.reason}`, TEXT);
  if (record.leftOut > 0) paper.line(`${words.leftOut}: ${record.leftOut}`, TEXT);
  paper.line(words.participants, { ...TEXT, bold: true, gap: 10 });
  for (const person of record.participants) paper.line(person, TEXT);
  paper.line(words.messages, { ...TEXT, bold: true, gap: 12 });
}

async function printMessage(paper: Paper, message: PrintedMessage, words: RecordWords): Promise<void> {
  paper.line(`${message.heading} · ${words.formatTime(message.atMs)}`, {
    ...TEXT,
    bold: true,
    gap: 10,
    keep: 3,
  });
  if (message.text !== '') paper.line(message.text, TEXT);
  for (const file of message.attachments) {
    await paper.picture(file);
    paper.line(`${words.attachments}: ${file.name} (${file.path})`, { ...SMALL, gap: 2 });
    paper.line(`SHA-256 ${encodeHex(file.sha256)}`, { ...SMALL, quiet: true });
  }
  paper.line(`SHA-256 ${encodeHex(message.hash)}`, { ...SMALL, quiet: true });
}

interface LineStyle {
  readonly size: number;
  readonly leading: number;
  readonly bold?: boolean;
  readonly quiet?: boolean;
  readonly gap?: number;
  /** Lines that must fit below it on the page. */
  readonly keep?: number;
}

interface Ink {
  readonly regular: PDFFont;
  readonly bold: PDFFont;
  readonly colour: (parts: readonly [number, number, number]) => RGB;
}

class Paper {
  hasUnprintable = false;
  readonly #document: PDFDocument;
  readonly #ink: Ink;
  #page: PDFPage;
  #y = PAGE.height - PAGE.margin;

  constructor(document: PDFDocument, ink: Ink) {
    this.#document = document;
    this.#ink = ink;
    this.#page = document.addPage([PAGE.width, PAGE.height]);
  }

  line(text: string, style: LineStyle): void {
    const font = style.bold === true ? this.#ink.bold : this.#ink.regular;
    const width = PAGE.width - 2 * PAGE.margin;
    this.#y -= style.gap ?? 0;
    this.#require((style.keep ?? 1) * style.leading);
    for (const row of this.#wrap(text, font, style.size, width)) {
      this.#require(style.leading);
      this.#y -= style.leading;
      const color = this.#ink.colour(style.quiet === true ? QUIET : INK);
      this.#page.drawText(row, { x: PAGE.margin, y: this.#y, size: style.size, font, color });
    }
  }

  /** Photographs as they are; everything else is only named. A picture that does not decode is named as well. */
  async picture({ mime, bytes }: { readonly mime: string; readonly bytes: Bytes }): Promise<void> {
    if (mime !== 'image/jpeg' && mime !== 'image/png') return;
    try {
      const image = await (mime === 'image/png'
        ? this.#document.embedPng(bytes)
        : this.#document.embedJpg(bytes));
      const scale = Math.min(1, PICTURE_WIDTH / image.width, PICTURE_HEIGHT / image.height);
      const height = image.height * scale;
      this.#require(height + SMALL.leading);
      this.#y -= height + 6;
      this.#page.drawImage(image, { x: PAGE.margin, y: this.#y, width: image.width * scale, height });
    } catch {
      // The file lies beside the PDF whatever it is.
    }
  }

  number(): void {
    const pages = this.#document.getPages();
    for (const [index, page] of pages.entries())
      page.drawText(`${index + 1} / ${pages.length}`, {
        x: PAGE.width - PAGE.margin - 30,
        y: PAGE.margin / 2,
        size: SMALL.size,
        font: this.#ink.regular,
        color: this.#ink.colour(QUIET),
      });
  }

  #require(height: number): void {
    if (this.#y - height >= PAGE.margin) return;
    this.#page = this.#document.addPage([PAGE.width, PAGE.height]);
    this.#y = PAGE.height - PAGE.margin;
  }

  #wrap(text: string, font: PDFFont, size: number, width: number): string[] {
    return this.#printable(text, font)
      .split('\n')
      .flatMap((paragraph) => wrapParagraph(paragraph, (row) => font.widthOfTextAtSize(row, size) <= width));
  }

  #printable(text: string, font: PDFFont): string {
    const known = new Set(font.getCharacterSet());
    const printed = [...text.normalize('NFC').replaceAll('\r', '').replaceAll('\t', '    ')].map(
      (character) =>
        character === '\n' || known.has(character.codePointAt(0) as number) ? character : '\u00bf?',
    );
    const result = printed.join('');
    if (result.includes('\u00bf?')) this.hasUnprintable = true;
    return result.replaceAll('\u00bf?', '?');
  }
}

/** Breaks at spaces, and inside a word that is wider than the page. */
function wrapParagraph(paragraph: string, fits: (row: string) => boolean): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of paragraph.split(' ')) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (fits(longer)) {
      row = longer;
      continue;
    }
    if (row !== '') rows.push(row);
    row = word;
    while (!fits(row)) {
      let length = row.length - 1;
      while (length > 1 && !fits(row.slice(0, length))) length -= 1;
      rows.push(row.slice(0, length));
      row = row.slice(length);
    }
  }
  return [...rows, row];
}
