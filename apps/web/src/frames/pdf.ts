// The page in the sandboxed frame: an opaque origin with no network, no storage and nothing of the app. It is given one PDF and draws it.
// Nothing of the PDF runs here: no scripts, no links, no forms, no attachments; pictures of its pages, and its words over them.
import 'pdfjs-dist/build/pdf.worker.mjs';
import { getDocument, type PDFDocumentProxy, type PDFPageProxy, TextLayer } from 'pdfjs-dist';
import { DECODERS } from 'virtual:pdf-decoders';
import { isPdfTask, type PdfNews } from '../media/pdf-messages.ts';

/** Sharper than this is not seen, and a canvas costs memory. */
const MAX_PIXEL_RATIO = 2;
const MAX_CANVAS_PIXELS = 16_000_000;
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const MAX_PAGES = 2000;
const WORDS: Readonly<Record<string, { out: string; in: string; page: string }>> = {
  en: { out: 'Zoom out', in: 'Zoom in', page: 'Page' },
  es: { out: 'Alejar', in: 'Acercar', page: 'Página' },
};

/** Image decoders, brought along: there is no network to fetch them by. */
class CarriedData {
  fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
    const text = DECODERS[filename];
    if (text === undefined) return Promise.reject(new Error('not carried'));
    return Promise.resolve(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  }
}

function tell(news: PdfNews): void {
  // The page around it is known to be the app by `frame-ancestors`; nothing secret is said.
  window.parent.postMessage(news, '*');
}

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

class Sheet {
  readonly box = document.createElement('div');
  readonly #page: PDFPageProxy;
  #drawn: { readonly scale: number; stop(): void } | null = null;

  constructor(page: PDFPageProxy, label: string) {
    this.#page = page;
    const { width, height } = page.getViewport({ scale: 1 });
    this.box.className = 'page';
    this.box.setAttribute('role', 'region');
    this.box.setAttribute('aria-label', label);
    this.box.style.setProperty('--page-width', String(width));
    this.box.style.setProperty('--page-height', String(height));
  }

  draw(scale: number): void {
    if (this.#drawn?.scale === scale) return;
    this.clear();
    const viewport = this.#page.getViewport({ scale });
    const pixels = viewport.width * viewport.height;
    const ratio = Math.min(devicePixelRatio, MAX_PIXEL_RATIO, Math.sqrt(MAX_CANVAS_PIXELS / pixels));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width * ratio));
    canvas.height = Math.max(1, Math.floor(viewport.height * ratio));
    canvas.setAttribute('aria-hidden', 'true');
    const words = document.createElement('div');
    words.className = 'words';
    this.box.append(canvas, words);
    const drawing = this.#page.render({
      canvas,
      viewport,
      transform: ratio === 1 ? [1, 0, 0, 1, 0, 0] : [ratio, 0, 0, ratio, 0, 0],
    });
    drawing.promise.catch(() => {});
    const layer = new TextLayer({
      textContentSource: this.#page.streamTextContent(),
      container: words,
      viewport,
    });
    layer.render().catch(() => {});
    this.#drawn = {
      scale,
      stop() {
        drawing.cancel();
        layer.cancel();
        canvas.width = 0;
        canvas.height = 0;
      },
    };
  }

  clear(): void {
    this.#drawn?.stop();
    this.#drawn = null;
    this.box.replaceChildren();
  }
}

async function show(pdf: PDFDocumentProxy, page: string): Promise<void> {
  const pages = element('pages');
  const sheets = new Map<Element, Sheet>();
  const seen = new Set<Sheet>();
  const count = Math.min(pdf.numPages, MAX_PAGES);
  let fit = 1;
  let zoom = ZOOMS.indexOf(1);
  const scale = (): number => fit * (ZOOMS[zoom] ?? 1);
  const redraw = (): void => {
    pages.style.setProperty('--total-scale-factor', String(scale()));
    element('zoom').textContent = `${Math.round((ZOOMS[zoom] ?? 1) * 100)} %`;
    for (const sheet of seen) sheet.draw(scale());
  };
  const turn = (by: number) => (): void => {
    zoom = Math.min(ZOOMS.length - 1, Math.max(0, zoom + by));
    redraw();
  };
  element('in').addEventListener('click', turn(1));
  element('out').addEventListener('click', turn(-1));
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = sheets.get(target);
        if (sheet === undefined) continue;
        if (isIntersecting) {
          seen.add(sheet);
          sheet.draw(scale());
        } else {
          seen.delete(sheet);
          sheet.clear();
        }
      }
    },
    { root: pages, rootMargin: '100% 0px' },
  );
  for (let number = 1; number <= count; number++) {
    const loaded = await pdf.getPage(number);
    if (number === 1) {
      const { width } = loaded.getViewport({ scale: 1 });
      fit = Math.min(2, Math.max(0.2, (pages.clientWidth - 24) / width));
      redraw();
    }
    const sheet = new Sheet(loaded, `${page} ${number}`);
    sheets.set(sheet.box, sheet);
    pages.append(sheet.box);
    watcher.observe(sheet.box);
    if (number === 1) tell({ t: 'shown', pages: pdf.numPages });
  }
}

async function open(bytes: ArrayBuffer, language: string): Promise<void> {
  const words = WORDS[language.slice(0, 2)] ?? WORDS['en'];
  document.documentElement.lang = language;
  element('in').setAttribute('aria-label', words?.in ?? '');
  element('out').setAttribute('aria-label', words?.out ?? '');
  const task = getDocument({
    data: new Uint8Array(bytes),
    BinaryDataFactory: CarriedData,
    useWorkerFetch: false,
    // Marks that it may be asked for; the data comes from `CarriedData`.
    wasmUrl: 'carried:/',
    useSystemFonts: true,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  await show(await task.promise, words?.page ?? 'Page');
}

let given = false;
window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (source !== window.parent || given || !isPdfTask(data)) return;
  given = true;
  open(data.bytes, data.language).catch((error: unknown) => {
    const isLocked = error instanceof Error && error.name === 'PasswordException';
    tell({ t: 'failed', why: isLocked ? 'password' : 'damaged' });
  });
});
tell({ t: 'ready' });
