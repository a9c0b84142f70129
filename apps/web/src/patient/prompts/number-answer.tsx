import { useId, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { useTexts } from '../texts/use-texts.ts';
import style from './prompt.module.css';

interface NumberProps {
  readonly busy: boolean;
  readonly onAnswer: (text: string) => void;
}

const NUMBER = /^\d{1,4}(?:[.,]\d{1,2})?$/;

/** A number with the phone's number keys; a second one for what comes in pairs, such as a blood pressure. */
export function NumberAnswer({ busy, onAnswer }: NumberProps) {
  const { t } = useTexts();
  const id = useId();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const send = (): void => {
    const numbers = [first.trim(), ...(second === null || second.trim() === '' ? [] : [second.trim()])];
    const isRight = numbers.every((number) => NUMBER.test(number));
    setWrong(!isRight);
    if (isRight) onAnswer(numbers.join('/'));
  };
  return (
    <form
      className={style['number']}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={style['fields']}>
        <Field id={`${id}-1`} label={t('prompt.number')} value={first} wrong={wrong} onValue={setFirst} />
        {second !== null && (
          <Field id={`${id}-2`} label={t('prompt.second')} value={second} wrong={wrong} onValue={setSecond} />
        )}
        <Button type="submit" busy={busy} disabled={first.trim() === ''}>
          {t('write.send')}
        </Button>
      </div>
      {wrong && <p role="alert">{t('prompt.noNumber')}</p>}
      {second === null && (
        <Button look="plain" onClick={() => setSecond('')}>
          {t('prompt.addSecond')}
        </Button>
      )}
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly onValue: (value: string) => void;
}

function Field({ id, label, value, wrong, onValue }: FieldProps) {
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        maxLength={7}
        value={value}
        aria-invalid={wrong || undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
