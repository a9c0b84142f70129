import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { Modal } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDownload, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { after } from '../../design/session/after.ts';
import { sizeWords } from '../../design/words/size-words.ts';
import { PDF_FRAME, showPdf } from '../../media/pdf-frame.ts';
import type { PdfNews } from '../../media/pdf-messages.ts';
import { saveFile } from '../../media/save-file.ts';
import { viewerOf } from '../../media/viewer-kind.ts';
import { useFileFailure } from './file-failure.ts';
import style from './file-viewer.module.css';
import { type OpenedState, useOpenedFile } from './use-opened-file.ts';

const RELEASE_MS = 30_000;
const ZOOMS = [1, 1.5, 2, 3, 5] as const;

/** One file, large. It is shown only when all of it was found to be what was sent. */
export default function FileViewer({
  attachment,
  conversation,
  onClose,
}: {
  readonly attachment: Attachment;
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const state = useOpenedFile(conversation, attachment);
  const failure = useFileFailure();
  const { name, sizeBytes } = attachment;
  return (
    <Modal
      opened
      size="xl"
      title={name}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
      classNames={{ title: style['title'] ?? '' }}
    >
      {state.t === 'opening' && <Opening name={name} share={state.share} />}
      {state.t === 'failed' && (
        <Notice tone="danger" role="alert">
          {failure(state.error, name)}
        </Notice>
      )}
      {state.t === 'open' && <Shown attachment={attachment} state={state} />}
      <p className={style['foot']}>
        {state.t === 'open' && (
          <button
            type="button"
            className={style['save']}
            onClick={() => saveFile(state.blob, name, (task) => after(RELEASE_MS, task))}
          >
            <IconDownload size={16} stroke={1.7} aria-hidden="true" /> <Trans>Download</Trans>
          </button>
        )}
        <span>{sizeWords(sizeBytes, i18n.locale)}</span>
      </p>
    </Modal>
  );
}

function Opening({ name, share }: { readonly name: string; readonly share: number }) {
  const { t } = useLingui();
  const percent = Math.round(share * 100);
  return (
    <div className={style['opening']}>
      <progress value={percent} max={100} aria-label={t`Opening ${name}`} />
      <span>
        <Trans>Opening… {percent} %</Trans>
      </span>
    </div>
  );
}

function Shown({
  attachment,
  state,
}: {
  readonly attachment: Attachment;
  readonly state: Extract<OpenedState, { t: 'open' }>;
}) {
  const { name } = attachment;
  switch (viewerOf(attachment.mime)) {
    case 'image':
      return <ZoomedPicture address={state.address} name={name} />;
    case 'pdf':
      return <Pdf pdf={state.blob} name={name} />;
    case 'audio':
      return (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- recorded by the sender; there is no written form of it
        <audio controls src={state.address} className={style['audio']} aria-label={name} />
      );
    case 'video':
      return (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- recorded by the sender; there is no written form of it
        <video controls playsInline src={state.address} className={style['video']} aria-label={name} />
      );
    case 'none':
      return null;
  }
}

function ZoomedPicture({ address, name }: { readonly address: string; readonly name: string }) {
  const { t } = useLingui();
  const [zoom, setZoom] = useState(0);
  const turn = (by: number) => (): void => {
    setZoom((now) => Math.min(ZOOMS.length - 1, Math.max(0, now + by)));
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
      <div className={style['pan']} tabIndex={zoom > 0 ? 0 : undefined} role="group" aria-label={name}>
        <img
          src={address}
          alt={name}
          className={style['large']}
          data-zoomed={zoom > 0 || undefined}
          style={zoom > 0 ? { width: `${(ZOOMS[zoom] ?? 1) * 100}%` } : {}}
        />
      </div>
      <p className={style['zoom']}>
        <IconAction label={t`Zoom out`} disabled={zoom === 0} onClick={turn(-1)}>
          <IconZoomOut size={20} stroke={1.7} />
        </IconAction>
        <output>{Math.round((ZOOMS[zoom] ?? 1) * 100)} %</output>
        <IconAction label={t`Zoom in`} disabled={zoom === ZOOMS.length - 1} onClick={turn(1)}>
          <IconZoomIn size={20} stroke={1.7} />
        </IconAction>
      </p>
    </>
  );
}

function Pdf({ pdf, name }: { readonly pdf: Blob; readonly name: string }) {
  const { t, i18n } = useLingui();
  const frame = useRef<HTMLIFrameElement>(null);
  const [news, setNews] = useState<PdfNews | null>(null);
  const language = i18n.locale;
  useEffect(() => {
    if (frame.current === null) return undefined;
    const end = showPdf(frame.current, pdf, { language, onNews: setNews });
    // Only now: what the frame says first must not be missed.
    frame.current.src = PDF_FRAME.src;
    return end;
  }, [pdf, language]);
  return (
    <>
      {news?.t === 'failed' && (
        <Notice tone="danger" role="alert">
          {news.why === 'password'
            ? t`This PDF is locked with a password. Download it to open it.`
            : t`This PDF could not be drawn. Download it to open it with another program.`}
        </Notice>
      )}
      <iframe ref={frame} sandbox={PDF_FRAME.sandbox} title={name} className={style['pdf']} />
    </>
  );
}
