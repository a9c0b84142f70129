import { useEffect, useRef, useState } from 'preact/hooks';
import { PDF_FRAME, showPdf } from '../../media/pdf-frame.ts';
import { Button } from '../look/button.tsx';
import { Sheet } from '../look/sheet.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './attachments.module.css';

interface PdfProps {
  readonly name: string;
  readonly pdf: Blob;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** A document, drawn in a frame that has nothing of this page. */
export function PdfSheet({ name, pdf, onSave, onClose }: PdfProps) {
  const { t, language } = useTexts();
  const frame = useRef<HTMLIFrameElement>(null);
  const [state, setState] = useState<'drawing' | 'shown' | 'failed'>('drawing');
  useEffect(() => {
    if (frame.current === null) return undefined;
    return showPdf(frame.current, pdf, {
      language,
      onNews: (news) => setState(news.t === 'shown' ? 'shown' : 'failed'),
    });
  }, [pdf, language]);
  return (
    <Sheet title={name} onClose={onClose}>
      <p role="status">
        {state === 'drawing' ? t('file.opening') : state === 'failed' ? t('file.failed') : ''}
      </p>
      <Button onClick={onSave}>{t('file.save', { name })}</Button>
      <iframe
        ref={frame}
        src={PDF_FRAME.src}
        sandbox="allow-scripts"
        title={name}
        className={style['pdf']}
        hidden={state === 'failed'}
      />
    </Sheet>
  );
}
