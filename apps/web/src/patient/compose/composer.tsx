import type { Conversation, OutgoingFile } from '@baton/client';
import type { MessageId } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VoiceRecording } from '../../media/voice-recorder.ts';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { answersBy, type AskedPrompt, briefly } from '../prompts/prompt-book.ts';
import promptStyle from '../prompts/prompt.module.css';
import { useTexts } from '../texts/use-texts.ts';
import { ComposerTools, TopicChoice } from './composer-tools.tsx';
import style from './composer.module.css';
import { Emergency } from './emergency.tsx';
import { FileRow } from './file-row.tsx';
import { loadRedFlags } from './red-flags.ts';
import { useDraft } from './use-draft.ts';
import { type ChosenFiles, useFiles } from './use-files.ts';
import { useSending } from './use-sending.ts';
import { VoiceNote } from './voice-note.tsx';

interface ComposerProps {
  readonly conversation: Conversation;
  readonly card: PracticeCard | null;
  /** The programme's question that what is written now answers; null: none waits. */
  readonly waiting: AskedPrompt | null;
}

/** Where the patient writes: a plain field, photos, files, a voice note, and what it is about. */
export function Composer({ conversation, card, waiting }: ComposerProps) {
  const { t } = useTexts();
  const files = useFiles();
  const draft = useDraft(conversation);
  const sending = useSending(conversation);
  const [topic, setTopic] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const text = draft.text;
  const isEmpty = text.trim() === '' && files.chosen.length === 0;
  const [aside, setAside] = useState<MessageId | null>(null);
  const asked = waiting !== null && waiting.message.id !== aside && topic === '' ? waiting : null;
  useEffect(() => void loadRedFlags().catch(() => undefined), []);
  useLayoutEffect(() => fitHeight(area.current), [text]);

  const send = async (): Promise<void> => {
    const words = text.trim();
    const why = sending.problemOf(words);
    setProblem(why);
    if (isEmpty || files.busy || why !== null) return;
    if (
      !(await sending.send({
        text: words,
        topic,
        files: files.ready,
        answers: asked && answersBy(asked, words),
      }))
    )
      return;
    draft.clear();
    files.clear();
    setTopic('');
    area.current?.focus();
  };
  return (
    <form
      className={style['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {!isEmpty && asked === null && card !== null && card.topics.length > 0 && (
        <TopicChoice card={card} topic={topic} onTopic={setTopic} />
      )}
      {!isEmpty && asked !== null && <Answering asked={asked} onAside={() => setAside(asked.message.id)} />}
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
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
      <ChosenList files={files} />
      <FieldError error={problem ?? files.problem ?? sending.act.failure} />
      <Voice onKeep={files.keep} onProblem={setProblem}>
        {(record) => (
          <ComposerTools
            onFiles={files.take}
            onRecord={record}
            busy={sending.act.busy || files.busy}
            isEmpty={isEmpty}
          />
        )}
      </Voice>
      {sending.emergency && <Emergency card={card} onClose={sending.closeEmergency} />}
    </form>
  );
}

/** What is written answers the newest question, unless the writer says otherwise. */
function Answering({ asked, onAside }: { readonly asked: AskedPrompt; readonly onAside: () => void }) {
  const { t } = useTexts();
  return (
    <div className={promptStyle['answering']}>
      <p>{t('write.answering', { question: briefly(asked.message.text, 60) })}</p>
      <Button look="plain" onClick={onAside}>
        {t('write.notAnswer')}
      </Button>
    </div>
  );
}

function ChosenList({ files }: { readonly files: ChosenFiles }) {
  const { t } = useTexts();
  if (files.chosen.length === 0) return null;
  return (
    <>
      <ul className={style['files']} aria-label={t('write.attached')}>
        {files.chosen.map((file) => (
          <FileRow key={file.key} chosen={file} onRemove={() => files.remove(file.key)} />
        ))}
      </ul>
      {files.chosen.some(({ address }) => address !== null) && (
        <p className={style['size']}>{t('write.noPlace')}</p>
      )}
    </>
  );
}

interface VoiceProps {
  readonly onKeep: (file: OutgoingFile) => void;
  readonly onProblem: (problem: string | null) => void;
  /** What stands there while nothing is recorded. */
  readonly children: (record: () => void) => ComponentChildren;
}

function Voice({ onKeep, onProblem, children }: VoiceProps) {
  const { t } = useTexts();
  const [recording, setRecording] = useState<VoiceRecording | null>(null);
  const record = async (): Promise<void> => {
    const started = await import('../../media/voice-recorder.ts').then(
      ({ recordVoice }) => recordVoice(),
      () => 'not-supported' as const,
    );
    if (typeof started === 'string') {
      onProblem(t(started === 'not-allowed' ? 'voice.denied' : 'voice.none'));
      return;
    }
    onProblem(null);
    setRecording(started);
  };
  if (recording === null) return <>{children(() => void record())}</>;
  return <VoiceNote recording={recording} onKeep={onKeep} onEnd={() => setRecording(null)} />;
}

/** As high as its text, to a third of the window. */
function fitHeight(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight + 4, Math.max(innerHeight / 3, 96))}px`;
}
