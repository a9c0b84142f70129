import type { OutgoingFile } from '@baton/client';
import { CloseButton } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconFile, IconPhoto, IconVolume } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { sizeWords } from '../../design/words/size-words.ts';
import { sizeOfOutgoing } from '../../media/byte-source.ts';
import { viewerOf } from '../../media/viewer-kind.ts';
import style from './composer.module.css';
import type { ChosenFiles } from './use-files.ts';

/** Longer ones are not read into memory to be heard before they are sent. */
const HEARD_BYTES = 10_000_000;

/** The files that will go with the message, and what may still be in them. */
export function FileChips({ files }: { readonly files: ChosenFiles }) {
  const { t, i18n } = useLingui();
  if (files.files.length === 0) return null;
  const left = new Set(files.files.map((chosen) => chosen.left));
  return (
    <>
      <ul className={style['chips']} aria-label={t`Attached files`}>
        {files.files.map(({ key, file }) => {
          const { name } = file;
          return (
            <li key={key} className={style['chip']}>
              <ChipIcon file={file} />
              <span className={style['chip-name']}>{name}</span>
              <span className={style['chip-size']}>{sizeWords(sizeOfOutgoing(file), i18n.locale)}</span>
              {viewerOf(file.mime) === 'audio' && <Listen file={file} />}
              <CloseButton size="sm" aria-label={t`Remove ${name}`} onClick={() => files.remove(key)} />
            </li>
          );
        })}
      </ul>
      {left.has('recording') && (
        <p className={style['left']}>
          <Trans>
            A recording of this kind cannot be cleaned here: it may hold where, when and with what it was
            made.
          </Trans>
        </p>
      )}
      {left.has('document') && (
        <p className={style['left']}>
          <Trans>
            Documents go as they are, with whatever their program wrote into them, such as an author.
          </Trans>
        </p>
      )}
    </>
  );
}

function ChipIcon({ file }: { readonly file: OutgoingFile }) {
  const Icon = file.width !== null ? IconPhoto : viewerOf(file.mime) === 'audio' ? IconVolume : IconFile;
  return <Icon size={16} stroke={1.7} aria-hidden="true" />;
}

/** A voice note can be heard before it goes. */
function Listen({ file }: { readonly file: OutgoingFile }) {
  const { t } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  const { name } = file;
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    const load = async (): Promise<void> => {
      const parts: BlobPart[] = [];
      const { bytes } = file;
      if (bytes instanceof Uint8Array) parts.push(bytes.slice());
      else for await (const piece of bytes.open()) parts.push(piece.slice());
      if (gone) return;
      made = URL.createObjectURL(new Blob(parts, { type: file.mime }));
      setAddress(made);
    };
    if (sizeOfOutgoing(file) <= HEARD_BYTES) load().catch(() => {});
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [file]);
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what somebody just said; there is no written form of it
  return address === null ? null : <audio controls src={address} aria-label={t`Listen to ${name}`} />;
}
