import { Button, Stack, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { CopyField } from '../primitives/copy-field.tsx';
import { FailureNotice } from '../primitives/notice.tsx';
import style from './credentials.module.css';

export interface RecoveryCardProps {
  readonly words: readonly string[];
  readonly busy: boolean;
  readonly failure: string | null;
  /** Called with the words in one line once they were typed back right. */
  readonly onConfirm: (words: string) => void;
}

/** Twelve words that open the account when every device is lost. First they are shown, then typed back. */
export function RecoveryCard({ words, busy, failure, onConfirm }: RecoveryCardProps) {
  const { t } = useLingui();
  const [noted, setNoted] = useState(false);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  if (!noted) {
    return (
      <Stack gap="md">
        <p>
          <Trans>
            These words open your account when all your devices are lost. Write them on paper and keep it
            where you keep other documents. Nobody can show them to you again.
          </Trans>
        </p>
        <ol className={style['words']}>
          {words.map((word, index) => (
            // A word may come twice; its place is what counts.
            <li key={index}>
              <span className={style['number']}>{index + 1}</span> {word}
            </li>
          ))}
        </ol>
        <CopyField label={t`All twelve in one line`} value={words.join(' ')} />
        <Button size="md" onClick={() => setNoted(true)}>
          <Trans>I have written them down</Trans>
        </Button>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const line = typed.trim().toLowerCase().split(/\s+/).join(' ');
        const right = line === words.join(' ');
        setWrong(!right);
        if (right) onConfirm(line);
      }}
    >
      <Stack gap="md">
        <Textarea
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the step before has just been confirmed
          autoFocus
          label={t`Type the twelve words from your paper`}
          description={t`In their order, with spaces between them.`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autosize
          minRows={2}
          value={typed}
          error={wrong ? t`These are not the words. Compare them with your paper.` : null}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <FailureNotice sentence={failure} />
        <Button type="submit" size="md" loading={busy} disabled={typed.trim() === ''}>
          <Trans>Confirm</Trans>
        </Button>
        <Button variant="subtle" color="gray" onClick={() => setNoted(false)}>
          <Trans>Show the words again</Trans>
        </Button>
      </Stack>
    </form>
  );
}
