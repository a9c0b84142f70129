import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconDownload,
  IconFile,
  IconFileTypePdf,
  IconPhoto,
  IconVideo,
  IconVolume,
} from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { after } from '../../design/session/after.ts';
import { useAction } from '../../design/session/use-action.ts';
import { sizeWords } from '../../design/words/size-words.ts';
import { blobOf } from '../../media/opened-blob.ts';
import { saveFile } from '../../media/save-file.ts';
import { type ViewerKind, viewerOf } from '../../media/viewer-kind.ts';
import style from './attachments.module.css';
import { useFileFailure } from './file-failure.ts';

const FileViewer = lazy(() => import('./file-viewer.tsx'));

/** A longer picture is shown when somebody asks for it. */
const SHOWN_BYTES = 12_000_000;
const RELEASE_MS = 30_000;

export function AttachmentList({
  attachments,
  conversation,
}: {
  readonly attachments: readonly Attachment[];
  readonly conversation: Conversation;
}) {
  const { t } = useLingui();
  const [viewed, setViewed] = useState<Attachment | null>(null);
  if (attachments.length === 0) return null;
  return (
    <>
      <ul className={style['list']} aria-label={t`Files`}>
        {attachments.map((attachment) => {
          const open = (): void => setViewed(attachment);
          const isPicture = viewerOf(attachment.mime) === 'image' && attachment.sizeBytes <= SHOWN_BYTES;
          return (
            <li key={attachment.blob}>
              {isPicture ? (
                <Picture attachment={attachment} conversation={conversation} onOpen={open} />
              ) : (
                <FileCard attachment={attachment} conversation={conversation} onOpen={open} />
              )}
            </li>
          );
        })}
      </ul>
      {viewed !== null && (
        <Suspense fallback={null}>
          <FileViewer
            key={viewed.blob}
            attachment={viewed}
            conversation={conversation}
            onClose={() => setViewed(null)}
          />
        </Suspense>
      )}
    </>
  );
}

/** One file by its name, to open or to keep: for a list of what was sent. */
export function NamedFile({ attachment, conversation }: Omit<OneAttachment, 'onOpen'>) {
  const [viewed, setViewed] = useState(false);
  return (
    <>
      <FileCard attachment={attachment} conversation={conversation} onOpen={() => setViewed(true)} />
      {viewed && (
        <Suspense fallback={null}>
          <FileViewer attachment={attachment} conversation={conversation} onClose={() => setViewed(false)} />
        </Suspense>
      )}
    </>
  );
}

interface OneAttachment {
  readonly attachment: Attachment;
  readonly conversation: Conversation;
  readonly onOpen: () => void;
}

function Picture({ attachment, conversation, onOpen }: OneAttachment) {
  const { t } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const name = attachment.name;

  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    conversation.readAttachment(attachment).then(
      (bytes) => {
        if (gone) return;
        made = URL.createObjectURL(new Blob([bytes.slice()], { type: attachment.mime }));
        setAddress(made);
      },
      (error: unknown) => {
        if (!gone) setFailure(error ?? 'failed');
      },
    );
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [attachment, conversation]);

  if (failure !== null) {
    return <FileCard attachment={attachment} conversation={conversation} onOpen={onOpen} refused={failure} />;
  }
  const ratio =
    attachment.width !== null && attachment.height !== null ? attachment.width / attachment.height : 4 / 3;
  return (
    <button
      type="button"
      className={style['picture']}
      // The room is kept before the picture comes, so that nothing moves when it does.
      style={{ aspectRatio: String(Math.min(Math.max(ratio, 0.6), 2.4)) }}
      aria-label={t`Show photo ${name}`}
      onClick={onOpen}
    >
      {address === null ? (
        <IconPhoto size={28} stroke={1.4} aria-hidden="true" />
      ) : (
        <img src={address} alt="" />
      )}
    </button>
  );
}

const ICONS: Readonly<Record<ViewerKind, typeof IconFile>> = {
  image: IconPhoto,
  pdf: IconFileTypePdf,
  audio: IconVolume,
  video: IconVideo,
  none: IconFile,
};

function FileCard({
  attachment,
  conversation,
  onOpen,
  refused = null,
}: OneAttachment & { readonly refused?: unknown }) {
  const { t, i18n } = useLingui();
  const action = useAction();
  const failure = useFileFailure();
  const [problem, setProblem] = useState<string | null>(null);
  const { name } = attachment;
  const kind = viewerOf(attachment.mime);
  const Icon = ICONS[kind];
  const download = (): void => {
    setProblem(null);
    void action.run(async () => {
      try {
        const blob = await blobOf(conversation.openAttachment(attachment), attachment.mime);
        saveFile(blob, name, (task) => after(RELEASE_MS, task));
      } catch (error) {
        setProblem(failure(error, name));
      }
    });
  };
  const said = problem ?? (refused === null ? null : failure(refused, name));
  const about: ReactNode = (
    <>
      <Icon size={22} stroke={1.5} aria-hidden="true" />
      <span className={style['about']}>
        <b>{name}</b>
        <span role={said === null ? undefined : 'alert'}>
          {said ?? sizeWords(attachment.sizeBytes, i18n.locale)}
        </span>
      </span>
    </>
  );
  return (
    <div className={style['file']}>
      {kind === 'none' ? (
        about
      ) : (
        <button type="button" className={style['open']} onClick={onOpen}>
          <span className="sr-only">
            <Trans>Open</Trans>
          </span>
          {about}
        </button>
      )}
      <button
        type="button"
        className={style['get']}
        aria-label={t`Download ${name}`}
        disabled={action.busy}
        onClick={download}
      >
        <IconDownload size={18} stroke={1.7} aria-hidden="true" />
      </button>
    </div>
  );
}
