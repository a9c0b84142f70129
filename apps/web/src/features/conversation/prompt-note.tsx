import type { TimelineMessage } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowBackUp, IconCheck, IconHelpCircle } from '@tabler/icons-react';
import style from './prompt-note.module.css';
import { asksAnything, isWorthSaying, type PromptNote, unlistedChoices } from './prompt-notes.ts';

/** What a patient's letter stands for; of a programme's question what could be answered, and what was. */
export function PromptNoteLine({
  message,
  chosen,
  reply,
}: { readonly message: TimelineMessage } & PromptNote) {
  const { t } = useLingui();
  const { prompt, text, withdrawn } = message;
  if (withdrawn !== null) return null;
  const choices = prompt === null ? [] : unlistedChoices(prompt, text);
  return (
    <>
      {isWorthSaying(chosen, text) && (
        <p className={style['meaning']}>
          <IconArrowBackUp size={14} stroke={1.9} aria-hidden="true" />
          {t`Answer: ${chosen}`}
        </p>
      )}
      {prompt !== null && asksAnything(prompt) && (
        <div className={style['asked']}>
          {choices.length > 0 && (
            <ul aria-label={t`Choices`}>
              {choices.map(({ key, label }) => (
                <li key={key}>
                  <b>{key}</b> {label}
                </li>
              ))}
            </ul>
          )}
          <p>
            {reply === null ? (
              <IconHelpCircle size={14} stroke={1.9} aria-hidden="true" />
            ) : (
              <IconCheck size={14} stroke={1.9} aria-hidden="true" />
            )}
            {reply === null ? (
              <Trans>Not answered yet</Trans>
            ) : reply === '' ? (
              <Trans>Answered</Trans>
            ) : (
              t`Answered: ${reply}`
            )}
          </p>
        </div>
      )}
    </>
  );
}
