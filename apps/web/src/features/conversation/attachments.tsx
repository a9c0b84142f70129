import type { Conversation } from '@baton/client';
import type { Attachment } from '@baton/wire';
import { Modal } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDownload, IconFile, IconPhoto } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { after } from '../../design/session/after.ts';
import { useAction } from '../../design/session/use-action.ts';
import { sizeWords } from '../../design/words/size-words.ts';
import style from './attachments.module.css';

/** Raster images that the browser shows without running anything. SVG is a document, not a picture. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

export function AttachmentList({
  attachments,
  conversation,
}: {
  readonly attachments: readonly Attachment[];
  readonly conversation: Conversation;
}) {
  const { t } = useLingui();
  if (attachments.length === 0) return null;
  return (
    <ul className={style['list']} aria-label={t`Files`}>
      {attachments.map((attachment) => (
        <li key={attachment.blob}>
          {SHOWN.has(attachment.mime) ? (
            <Picture attachment={attachment} conversation={conversation} />
          ) : (
            <FileCard attachment={attachment} conversation={conversation} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface OneAttachment {
  readonly attachment: Attachment;
  readonly conversation: Conversation;
}

function Picture({ attachment, conversation }: OneAttachment) {
  const { t, i18n } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [large, setLarge] = useState(false);
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
      () => setFailed(true),
    );
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [attachment, conversation]);

  if (failed) return <FileCard attachment={attachment} conversation={conversation} />;
  const ratio =
    attachment.width !== null && attachment.height !== null ? attachment.width / attachment.height : 4 / 3;
  return (
    <>
      <button
        type="button"
        className={style['picture']}
        // The room is kept before the picture comes, so that nothing moves when it does.
        style={{ aspectRatio: String(Math.min(Math.max(ratio, 0.6), 2.4)) }}
        aria-label={t`Show photo ${name}`}
        onClick={() => setLarge(true)}
      >
        {address === null ? (
          <IconPhoto size={28} stroke={1.4} aria-hidden="true" />
        ) : (
          <img src={address} alt="" />
        )}
      </button>
      {large && address !== null && (
        <Modal
          opened
          size="auto"
          title={name}
          onClose={() => setLarge(false)}
          closeButtonProps={{ 'aria-label': t`Close` }}
        >
          <img src={address} alt={name} className={style['large']} />
          <p className={style['save']}>
            <a href={address} download={name}>
              <Trans>Download</Trans>
            </a>{' '}
            <span>{sizeWords(attachment.sizeBytes, i18n.locale)}</span>
          </p>
        </Modal>
      )}
    </>
  );
}

function FileCard({ attachment, conversation }: OneAttachment) {
  const { t, i18n } = useLingui();
  const action = useAction();
  const { name } = attachment;
  const download = (): void => {
    void action.run(async () => {
      const bytes = await conversation.readAttachment(attachment);
      // Never shown in our own origin: an unknown type is only ever saved.
      const address = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/octet-stream' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      after(30_000, () => URL.revokeObjectURL(address));
    });
  };
  return (
    <div className={style['file']}>
      <IconFile size={22} stroke={1.5} aria-hidden="true" />
      <span className={style['about']}>
        <b>{name}</b>
        <span>{action.failure ?? sizeWords(attachment.sizeBytes, i18n.locale)}</span>
      </span>
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
