import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { useState } from 'preact/hooks';
import { saveFile } from '../../media/save-file.ts';
import { viewerOf } from '../../media/viewer-kind.ts';
import { Button } from '../look/button.tsx';
import { FileIcon } from '../look/icons.tsx';
import { after } from '../system/clock.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './attachments.module.css';
import { FileLine, type OneAttachment } from './file-line.tsx';
import { PdfSheet } from './pdf-sheet.tsx';
import { Picture } from './picture.tsx';
import { useOpened } from './use-opened.ts';

const RELEASE_MS = 30_000;

export function AttachmentList({
  attachments,
  conversation,
  author,
}: {
  readonly attachments: readonly Attachment[];
  readonly conversation: Conversation;
  readonly author: string;
}) {
  const { t } = useTexts();
  if (attachments.length === 0) return null;
  return (
    <ul className={style['list']} aria-label={`${t('file.list')}, ${author}`}>
      {attachments.map((attachment) => (
        <li key={attachment.blob}>
          <OneFile attachment={attachment} conversation={conversation} />
        </li>
      ))}
    </ul>
  );
}

function OneFile(file: OneAttachment) {
  switch (viewerOf(file.attachment.mime)) {
    case 'image':
      return <Picture {...file} />;
    case 'audio':
    case 'video':
      return <Recording {...file} />;
    case 'pdf':
    case 'none':
      return <FileCard {...file} />;
  }
}

/** Loaded when it is asked for: a video is paid for by the megabyte. */
function Recording({ attachment, conversation }: OneAttachment) {
  const { t } = useTexts();
  const opened = useOpened(attachment, conversation);
  const isAudio = viewerOf(attachment.mime) === 'audio';
  const label = isAudio ? t('file.voice') : t('file.video', { name: attachment.name });
  if (opened.address === null) return <FileLine attachment={attachment} opened={opened} name={label} />;
  const attributes = { controls: true, autoPlay: true, src: opened.address, 'aria-label': label };
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- a recording that somebody just made has no captions
  if (isAudio) return <audio {...attributes} className={style['audio']} />;
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- the same
  return <video {...attributes} playsInline className={style['video']} />;
}

function FileCard({ attachment, conversation }: OneAttachment) {
  const { t } = useTexts();
  const opened = useOpened(attachment, conversation);
  const [shown, setShown] = useState(true);
  const { blob } = opened;
  if (blob === null) return <FileLine attachment={attachment} opened={opened} name={attachment.name} />;
  const save = (): void => saveFile(blob, attachment.name, (task) => after(RELEASE_MS, task));
  const isPdf = viewerOf(attachment.mime) === 'pdf';
  return (
    <div className={style['file']}>
      <FileIcon />
      <span>{attachment.name}</span>
      {isPdf && <Button onClick={() => setShown(true)}>{t('file.open')}</Button>}
      <Button label={t('file.save', { name: attachment.name })} onClick={save}>
        {t('do.save')}
      </Button>
      {isPdf && shown && (
        <PdfSheet name={attachment.name} pdf={blob} onSave={save} onClose={() => setShown(false)} />
      )}
    </div>
  );
}
