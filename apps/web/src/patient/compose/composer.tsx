import type { Conversation, MessageMarks } from '@baton/client';
import { MAX_TEXT_LENGTH, type PracticeCard } from '@baton/wire';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VoiceRecording } from '../../media/voice-recorder.ts';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { FileIcon, MicIcon, PhotoIcon, SendIcon } from '../look/icons.tsx';
import { useAnnouncer } from '../system/announcer.tsx';
import { useAct } from '../system/use-act.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './composer.module.css';
import { Emergency } from './emergency.tsx';
import { FileRow } from './file-row.tsx';
import { loadRedFlags, redFlagsIn } from './red-flags.ts';
import { useDraft } from './use-draft.ts';
import { useFiles } from './use-files.ts';
import { VoiceNote } from './voice-note.tsx';

interface ComposerProps {
  readonly conversation: Conversation;
  readonly card: PracticeCard | null;
}

/** Where the patient writes: a plain field, photos, files, a voice note, and what it is about. */
export function Composer({ conversation, card }: ComposerProps) {
  const { t, language } = useTexts();
  const { say } = useAnnouncer();
  const act = useAct();
  const files = useFiles();
  const draft = useDraft(conversation);
  const [topic, setTopic] = useState('');
  const [emergency, setEmergency] = useState(false);
  const [recording, setRecording] = useState<VoiceRecording | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const text = draft.text;
  const isEmpty = text.trim() === '' && files.chosen.length === 0;

  useEffect(() => void loadRedFlags().catch(() => undefined), []);
  useLayoutEffect(() => fitHeight(area.current), [text]);

  const send = async (): Promise<void> => {
    const words = text.trim();
    setProblem(words.length > MAX_TEXT_LENGTH ? t('write.tooLong') : null);
    if (isEmpty || files.busy || words.length > MAX_TEXT_LENGTH) return;
    const done = await act.run(async () => {
      const flags = await redFlagsIn(words, language);
      const marks: MessageMarks = {
        ...(topic === '' ? {} : { topic }),
        ...(flags.length === 0 ? {} : { flags: [...flags] }),
      };
      await conversation.send({
        text: words,
        files: files.ready,
        mentions: [],
        replyTo: null,
        as: null,
        marks,
      });
      setEmergency(flags.length > 0);
    });
    if (!done) return;
    draft.clear();
    files.clear();
    setTopic('');
    area.current?.focus();
  };
  const record = async (): Promise<void> => {
    const started = await import('../../media/voice-recorder.ts').then(
      ({ recordVoice }) => recordVoice(),
      () => 'not-supported' as const,
    );
    if (typeof started === 'string') {
      setProblem(t(started === 'not-allowed' ? 'voice.denied' : 'voice.none'));
      return;
    }
    setProblem(null);
    setRecording(started);
  };

  return (
    <form
      className={style['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
      }}
    >
      {!isEmpty && card !== null && card.topics.length > 0 && (
        <TopicChoice card={card} topic={topic} onTopic={setTopic} />
      )}
      <label htmlFor="write" className="sr-only">
        {t('write.label')}
      </label>
      <textarea
        id="write"
        ref={area}
        rows={2}
        placeholder={t('write.hint')}
        value={text}
        onInput={(event) => draft.write(event.currentTarget.value)}
      />
      {files.chosen.length > 0 && (
        <ul className={style['files']} aria-label={t('write.attached')}>
          {files.chosen.map((file) => (
            <FileRow key={file.key} chosen={file} onRemove={() => files.remove(file.key)} />
          ))}
        </ul>
      )}
      {files.chosen.some(({ address }) => address !== null) && (
        <p className={style['size']}>{t('write.noPlace')}</p>
      )}
      <FieldError error={problem ?? files.problem ?? act.failure} />
      {recording === null ? (
        <div className={style['tools']}>
          <Picker
            label={t('write.photo')}
            accept="image/*,video/*"
            icon={<PhotoIcon />}
            onFiles={files.take}
          />
          <Picker label={t('write.file')} icon={<FileIcon />} onFiles={files.take} />
          <Tool label={t('voice.record')} icon={<MicIcon />} onClick={() => void record()} />
          <Button
            type="submit"
            look="main"
            icon={<SendIcon size={20} />}
            busy={act.busy || files.busy}
            disabled={isEmpty}
          >
            {t('write.send')}
          </Button>
        </div>
      ) : (
        <VoiceNote
          recording={recording}
          onKeep={(file) => {
            files.keep(file);
            say(t('write.attached'));
          }}
          onEnd={() => setRecording(null)}
        />
      )}
      {emergency && <Emergency card={card} onClose={() => setEmergency(false)} />}
    </form>
  );
}

/** As high as its text, to a third of the window. */
function fitHeight(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 4, Math.max(innerHeight / 3, 96))}px`;
}

function TopicChoice({
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
  readonly label: string;
  readonly accept?: string;
  readonly icon: ComponentChildren;
  readonly onFiles: (files: Iterable<File>) => void;
}

/** Opens the phone's own choice: camera, gallery or files. */
function Picker({ label, accept, icon, onFiles }: PickerProps) {
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
