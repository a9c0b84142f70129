import { useRef, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './choose.module.css';
import { PIN_DIGITS, pinProblem } from './pin-rules.ts';

interface PinFormProps {
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onPin: (pin: string) => void;
}

/** A new PIN, typed twice. */
export function PinForm({ busy, failure, onPin }: PinFormProps) {
  const { t } = useTexts();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState<{ readonly at: 'pin' | 'again'; readonly text: string } | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const submit = (): void => {
    const problem = pinProblem(pin);
    if (problem !== null) {
      setWrong({ at: 'pin', text: t(problem) });
      first.current?.focus();
      return;
    }
    if (pin !== again) {
      setWrong({ at: 'again', text: t('pin.differs') });
      second.current?.focus();
      return;
    }
    setWrong(null);
    onPin(pin);
  };
  const digits = {
    type: 'password',
    inputMode: 'numeric',
    autoComplete: 'new-password',
    maxLength: PIN_DIGITS.most,
  } as const;
  return (
    <form
      noValidate
      className={style['form']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label={t('pin.label')}
        hint={t('pin.hint')}
        error={wrong?.at === 'pin' ? wrong.text : null}
        value={pin}
        onText={setPin}
        inputRef={first}
        large
        attributes={digits}
      />
      <Field
        label={t('pin.again')}
        error={wrong?.at === 'again' ? wrong.text : failure}
        value={again}
        onText={setAgain}
        inputRef={second}
        large
        attributes={digits}
      />
      <Button type="submit" look="main" wide busy={busy}>
        {t('do.continue')}
      </Button>
      <p role="status">{busy ? t('pin.making') : ''}</p>
    </form>
  );
}
