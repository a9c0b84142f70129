import type { PracticeCard } from '@baton/wire';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { FileIcon, MicIcon, PhotoIcon, SendIcon } from '../look/icons.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './composer.module.css';

interface ToolsProps {
  readonly onFiles: (files: Iterable<File>) => void;
  readonly onRecord: () => void;
  readonly busy: boolean;
  readonly isEmpty: boolean;
}

/** Photo, file, voice note, and the one button that sends. */
export function ComposerTools({ onFiles, onRecord, busy, isEmpty }: ToolsProps) {
  const { t } = useTexts();
  return (
    <div className={style['tools']}>
      <Picker
        id="write-photo"
        label={t('write.photo')}
        accept="image/*,video/*"
        icon={<PhotoIcon />}
        onFiles={onFiles}
      />
      <Picker label={t('write.file')} icon={<FileIcon />} onFiles={onFiles} />
      <Tool label={t('voice.record')} icon={<MicIcon />} onClick={onRecord} />
      <Button type="submit" look="main" icon={<SendIcon size={20} />} busy={busy} disabled={isEmpty}>
        {t('write.send')}
      </Button>
    </div>
  );
}

export function TopicChoice({
  card,
  topic,
  onTopic,
}: {
  readonly card: PracticeCard;
  readonly topic: string;
  readonly onTopic: (topic: string) => void;
}) {
  const { t, language } = useTexts();
  const id = useId();
  return (
    <div className={style['topic']}>
      <label htmlFor={id}>{t('write.topic')}</label>
      <select id={id} value={topic} onChange={(event) => onTopic(event.currentTarget.value)}>
        <option value="">{t('write.noTopic')}</option>
        {card.topics.map((one) => (
          <option key={one.id} value={one.id}>
            {one[language]}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: ComponentChildren;
  readonly onClick: () => void;
}

function Tool({ label, icon, onClick }: ToolProps) {
  return (
    <button type="button" className={style['tool']} aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}

interface PickerProps {
  readonly id?: string;
  readonly label: string;
  readonly accept?: string;
  readonly icon: ComponentChildren;
  readonly onFiles: (files: Iterable<File>) => void;
}

/** Opens the phone's own choice: camera, gallery or files. */
function Picker({ id, label, accept, icon, onFiles }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tool label={label} icon={icon} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        {...(id === undefined ? {} : { id })}
        {...(accept === undefined ? {} : { accept })}
        onChange={(event) => {
          onFiles(event.currentTarget.files ?? []);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
