import { isPdfNews, type PdfTask, type PdfNews } from './pdf-messages.ts';

/**
 * The page that draws PDFs: an origin of its own (sandboxed without allow-same-origin, by attribute and by its own policy), no network, no
 * storage, nothing of this page. It gets the bytes by message and draws them on canvases.
 */
export const PDF_FRAME = { src: '/frames/pdf.html', sandbox: 'allow-scripts' } as const;

/** Hands a PDF to a frame that has `PDF_FRAME`'s attributes. `onNews`: pages drawn, or that it cannot be drawn. Answers what ends it. */
export function showPdf(
  frame: HTMLIFrameElement,
  pdf: Blob,
  options: { readonly language: string; readonly onNews: (news: PdfNews) => void },
): () => void {
  const onMessage = ({ source, data }: MessageEvent<unknown>): void => {
    // The frame's origin is opaque: it is known by its window.
    if (source !== frame.contentWindow || !isPdfNews(data)) return;
    if (data.t === 'ready') void send();
    else options.onNews(data);
  };
  const send = async (): Promise<void> => {
    const bytes = await pdf.arrayBuffer();
    const task: PdfTask = { t: 'pdf', bytes, language: options.language };
    frame.contentWindow?.postMessage(task, '*', [bytes]);
  };
  window.addEventListener('message', onMessage);
  return () => window.removeEventListener('message', onMessage);
}
