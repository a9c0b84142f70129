import { CloseButton } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { IconFile, IconPhoto } from '@tabler/icons-react';
import { sizeWords } from '../../design/words/size-words.ts';
import { sizeOfOutgoing } from '../../media/byte-source.ts';
import style from './composer.module.css';
import type { ChosenFiles } from './use-files.ts';

/** The files that will go with the message. */
export function FileChips({ files }: { readonly files: ChosenFiles }) {
  const { t, i18n } = useLingui();
  if (files.files.length === 0) return null;
  return (
    <ul className={style['chips']} aria-label={t`Attached files`}>
      {files.files.map(({ key, file }) => {
        const { name } = file;
        return (
          <li key={key} className={style['chip']}>
            {file.width === null ? (
              <IconFile size={16} stroke={1.7} aria-hidden="true" />
            ) : (
              <IconPhoto size={16} stroke={1.7} aria-hidden="true" />
            )}
            <span className={style['chip-name']}>{name}</span>
            <span className={style['chip-size']}>{sizeWords(sizeOfOutgoing(file), i18n.locale)}</span>
            <CloseButton size="sm" aria-label={t`Remove ${name}`} onClick={() => files.remove(key)} />
          </li>
        );
      })}
    </ul>
  );
}
