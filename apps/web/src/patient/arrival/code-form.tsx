import { useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { useAct } from '../system/use-act.ts';
import { codeOf } from '../texts/failure-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import style from './arrival.module.css';

const DIGITS = 6;
const NONE_LEFT = { fits: false, triesLeft: 0 };

interface CodeFormProps {
  readonly triesLeft: number;
  readonly tryCode: (code: string) => Promise<{ readonly fits: boolean; readonly triesLeft: number }>;
  readonly onFits: () => void;
  readonly onLocked: () => void;
}

/** One field for the six digits: what is pasted may have spaces and hyphens in it. */
export function CodeForm({ triesLeft, tryCode, onFits, onLocked }: CodeFormProps) {
  const { t, count } = useTexts();
  const [text, setText] = useState('');
  const [left, setLeft] = useState(triesLeft);
  const [problem, setProblem] = useState<string | null>(null);
  const act = useAct();
  const input = useRef<HTMLInputElement>(null);
  const submit = async (): Promise<void> => {
    const code = text.replaceAll(/\D/g, '');
    if (code.length !== DIGITS) {
      setProblem(t('arrival.short'));
      input.current?.focus();
      return;
    }
    setProblem(null);
    await act.run(async () => {
      const answer = await tryCode(code).catch((error: unknown) => {
        if (codeOf(error) === 'auth.locked') return NONE_LEFT;
        throw error;
      });
      setLeft(answer.triesLeft);
      if (answer.fits) return onFits();
      if (answer.triesLeft === 0) return onLocked();
      setProblem(`${t('arrival.wrong')} ${count('arrival.tries', answer.triesLeft)}`);
      input.current?.select();
    });
  };
  return (
    <form
      noValidate
      className={style['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label={t('arrival.code')}
        hint={t('arrival.codeHint')}
        error={problem ?? act.failure}
        value={text}
        onText={setText}
        inputRef={input}
        large
        attributes={{
          inputMode: 'numeric',
          autoComplete: 'one-time-code',
          enterKeyHint: 'go',
          maxLength: 20,
        }}
      />
      {problem === null && <p>{count('arrival.tries', left)}</p>}
      <Button type="submit" look="main" wide busy={act.busy}>
        {t('do.continue')}
      </Button>
    </form>
  );
}
