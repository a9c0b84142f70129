import type { Conversation, TimelineMessage } from '@baton/client';
import type { PracticeCard } from '@baton/wire';
import { useId, useState } from 'preact/hooks';
import { Emergency } from '../compose/emergency.tsx';
import { useSending } from '../compose/use-sending.ts';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { CheckIcon, PhotoIcon } from '../look/icons.tsx';
import { useTexts } from '../texts/use-texts.ts';
import { type AskedPrompt, answerWords, asksAnything, briefly } from './prompt-book.ts';
import { NumberAnswer } from './number-answer.tsx';
import style from './prompt.module.css';

interface PromptProps {
  readonly asked: AskedPrompt;
  readonly conversation: Conversation;
  readonly card: PracticeCard | null;
  /** Answers still count. */
  readonly open: boolean;
}

/** Below a programme's question: the ways to answer it, what was answered, or that it is over. */
export function PromptAnswer({ asked, conversation, card, open }: PromptProps) {
  const { t } = useTexts();
  const [again, setAgain] = useState(false);
  const { answer, prompt } = asked;
  if (!asksAnything(prompt)) return null;
  if (answer !== null && !again) {
    const canChange = open && answer.seq !== null && prompt.choices.length > 0;
    return (
      <div className={style['answered']}>
        <p>
          <CheckIcon size={18} />
          <span>
            {answeredText(asked, answer, t('prompt.photoSent'), (words) =>
              t('prompt.answered', { answer: words }),
            )}
          </span>
        </p>
        {canChange && (
          <Button look="plain" onClick={() => setAgain(true)}>
            {t('prompt.change')}
          </Button>
        )}
      </div>
    );
  }
  if (!open) return <p className={style['over']}>{t('prompt.over')}</p>;
  return <Ways asked={asked} conversation={conversation} card={card} onDone={() => setAgain(false)} />;
}

function answeredText(
  asked: AskedPrompt,
  answer: TimelineMessage,
  files: string,
  say: (words: string) => string,
): string {
  const words = answerWords(asked, answer);
  return words === null ? files : say(briefly(words, 80));
}

function Ways({
  asked,
  conversation,
  card,
  onDone,
}: Omit<PromptProps, 'open'> & { readonly onDone: () => void }) {
  const { t } = useTexts();
  const id = useId();
  const sending = useSending(conversation);
  const { message, prompt } = asked;
  const answer = async (text: string, choice: string | null): Promise<void> => {
    const answers = { prompt: message.id, choice };
    if (await sending.send({ text, topic: '', files: [], answers })) onDone();
  };
  return (
    <div role="group" aria-labelledby={id} className={style['ways']}>
      <p id={id} className="sr-only">
        {t('prompt.group', { question: briefly(message.text, 60) })}
      </p>
      {prompt.choices.map(({ key, label }) => (
        <Button key={key} wide busy={sending.act.busy} onClick={() => void answer(label, key)}>
          {label}
        </Button>
      ))}
      {prompt.asks === 'number' && (
        <NumberAnswer busy={sending.act.busy} onAnswer={(text) => void answer(text, null)} />
      )}
      {prompt.asks === 'photo' && (
        <Button
          wide
          icon={<PhotoIcon size={20} />}
          onClick={() => document.getElementById('write-photo')?.click()}
        >
          {t('prompt.photo')}
        </Button>
      )}
      {prompt.asks === 'text' && prompt.choices.length === 0 && (
        <Button wide onClick={() => document.getElementById('write')?.focus()}>
          {t('prompt.write')}
        </Button>
      )}
      <FieldError error={sending.act.failure} />
      {sending.emergency && <Emergency card={card} onClose={sending.closeEmergency} />}
    </div>
  );
}
