import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { FileIcon } from '../look/icons.tsx';
import { sizeText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './attachments.module.css';
import type { Opened } from './use-opened.ts';

export interface OneAttachment {
  readonly attachment: Attachment;
  readonly conversation: Conversation;
}

/** A file that is not here yet: its name, its size, and the way to get it. */
export function FileLine({
  attachment,
  opened,
  name,
}: {
  readonly attachment: Attachment;
  readonly opened: Opened;
  readonly name: string;
}) {
  const texts = useTexts();
  const { t } = texts;
  const percent = opened.percent;
  return (
    <div className={style['waiting']}>
      <button type="button" aria-disabled={opened.busy || undefined} onClick={opened.open}>
        <FileIcon />
        <span>
          <b>{name}</b>
          <span className={style['size']}>
            {sizeText(attachment.sizeBytes, texts)} · <u>{t('file.open')}</u>
          </span>
        </span>
      </button>
      {opened.busy && (
        <p className={style['size']}>
          <progress max={100} value={percent} aria-label={t('file.opening')} /> {t('file.opening')}
        </p>
      )}
      {opened.failed && (
        <p role="alert" className={style['failed']}>
          {t('file.failed')}
        </p>
      )}
    </div>
  );
}
