import { useEffect, useRef, useState } from 'preact/hooks';
import { saveFile } from '../../media/save-file.ts';
import { Button } from '../look/button.tsx';
import { PhotoIcon } from '../look/icons.tsx';
import { Sheet } from '../look/sheet.tsx';
import { after } from '../system/clock.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './attachments.module.css';
import { FileLine, type OneAttachment } from './file-line.tsx';
import { useOpened } from './use-opened.ts';

/** Larger photos wait for a tap: they are paid for by the megabyte. */
const BY_ITSELF_BYTES = 1_500_000;
const RELEASE_MS = 30_000;

/** A photo in the thread, fetched when it comes into view; a tap shows it large. */
export function Picture({ attachment, conversation }: OneAttachment) {
  const { t } = useTexts();
  const opened = useOpened(attachment, conversation);
  const [large, setLarge] = useState(false);
  const frame = useRef<HTMLButtonElement>(null);
  const { name, width, height } = attachment;
  const byItself = attachment.sizeBytes <= BY_ITSELF_BYTES;
  const latest = useRef(opened.open);
  latest.current = opened.open;
  useEffect(() => {
    if (frame.current === null || !byItself) return undefined;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) latest.current();
    });
    seen.observe(frame.current);
    return () => seen.disconnect();
  }, [byItself]);
  if (opened.failed || (!byItself && opened.address === null)) {
    return <FileLine attachment={attachment} opened={opened} name={t('file.picture', { name })} />;
  }
  const ratio = width !== null && height !== null && height > 0 ? width / height : 4 / 3;
  return (
    <>
      <button
        ref={frame}
        type="button"
        className={style['picture']}
        style={{ aspectRatio: String(Math.min(Math.max(ratio, 0.6), 2.4)) }}
        aria-label={t('file.showPicture', { name })}
        onClick={() => setLarge(opened.address !== null)}
      >
        {opened.address === null ? <PhotoIcon size={32} /> : <img src={opened.address} alt="" />}
      </button>
      {large && opened.address !== null && (
        <Sheet title={t('file.picture', { name })} onClose={() => setLarge(false)}>
          <img src={opened.address} alt={t('file.picture', { name })} className={style['large']} />
          <Button
            onClick={() => {
              if (opened.blob !== null) saveFile(opened.blob, name, (task) => after(RELEASE_MS, task));
            }}
          >
            {t('file.save', { name })}
          </Button>
        </Sheet>
      )}
    </>
  );
}
