import { sizeOfOutgoing } from '../../media/byte-source.ts';
import { IconButton } from '../look/button.tsx';
import { CloseIcon, FileIcon } from '../look/icons.tsx';
import { sizeText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './composer.module.css';
import type { ChosenFile } from './use-files.ts';

interface RowProps {
  readonly chosen: ChosenFile;
  readonly onRemove: () => void;
}

export function FileRow({ chosen, onRemove }: RowProps) {
  const texts = useTexts();
  const { t } = texts;
  const { name, file, address, note } = chosen;
  return (
    <li>
      {address === null ? <FileIcon /> : <img src={address} alt="" />}
      <span>
        <span>{file === null ? t('write.getting', { name }) : name}</span>
        {file !== null && <span className={style['size']}>{sizeText(sizeOfOutgoing(file), texts)}</span>}
        {note !== null && <span className={style['size']}>{note}</span>}
      </span>
      <IconButton label={t('do.remove', { name })} icon={<CloseIcon />} onClick={onRemove} />
    </li>
  );
}
