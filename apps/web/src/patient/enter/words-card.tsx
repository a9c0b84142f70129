import { useId, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { FieldError } from '../look/field.tsx';
import { CheckIcon } from '../look/icons.tsx';
import { Notice } from '../look/notice.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './choose.module.css';
import { firstWrongWord } from './typed-words.ts';

interface WordsProps {
  readonly words: readonly string[];
  readonly busy?: boolean;
  readonly failure?: string | null;
  /** With the words as typed back, or as they are. */
  readonly onKept: (words: string) => void;
}

/** The twelve words, shown once: why they matter, two ways to keep them, and a check for who wants one. */
export function WordsCard({ words, busy = false, failure = null, onKept }: WordsProps) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  const [checking, setChecking] = useState(false);
  const line = words.join(' ');
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(line).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <>
      <p>{t('words.why')}</p>
      <p>
        <b>{t('words.once')}</b> {t('words.safe')}
      </p>
      <ol className={style['words']} aria-label={t('words.list')} translate={false}>
        {words.map((word, at) => (
          <li key={`${at} ${word}`}>{word}</li>
        ))}
      </ol>
      <p className={style['paper']}>{t('words.paper')}</p>
      <div className={style['row']}>
        <Button onClick={() => print()}>{t('do.print')}</Button>
        <Button icon={copied ? <CheckIcon size={20} /> : null} onClick={() => void copy()}>
          <span aria-live="polite">{t(copied ? 'do.copied' : 'do.copy')}</span>
        </Button>
      </div>
      {checking ? (
        <WordsCheck words={words} />
      ) : (
        <Button look="plain" onClick={() => setChecking(true)}>
          {t('words.check')}
        </Button>
      )}
      <FieldError error={failure} />
      <Button look="main" wide busy={busy} onClick={() => onKept(line)}>
        {t('words.kept')}
      </Button>
    </>
  );
}

function WordsCheck({ words }: { readonly words: readonly string[] }) {
  const { t } = useTexts();
  const id = useId();
  const [typed, setTyped] = useState('');
  const wrong = firstWrongWord(words, typed);
  const isDone = wrong === null;
  const looksDone = typed.trim().split(/\s+/).length >= words.length;
  return (
    <div className={style['form']}>
      <label htmlFor={id}>
        <b>{t('words.typed')}</b>
      </label>
      <textarea
        id={id}
        rows={3}
        className={style['area']}
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div role="status">
        {isDone && (
          <Notice kind="done" icon={<CheckIcon />}>
            {t('words.right')}
          </Notice>
        )}
        {!isDone && looksDone && <Notice kind="amber">{t('words.wrong', { number: wrong })}</Notice>}
      </div>
    </div>
  );
}
