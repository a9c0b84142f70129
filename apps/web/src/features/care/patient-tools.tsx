import type { CareThread } from '@baton/client';
import { PATIENT_GRADE, readingLevel } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { DeskTemplate } from '@baton/wire';
import { Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconFlask, IconTemplate, IconX } from '@tabler/icons-react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { shortDate } from '../../design/words/time-words.ts';
import style from './patient-tools.module.css';

const DAY = 86_400_000;
/** Shorter than this, a reading level says nothing. */
const WORDS_TO_JUDGE = 12;

/** A result that the next message carries: somebody is asked when it is not opened by then. */
export interface PreparedResult {
  readonly title: string;
  readonly openBy: TimestampMs;
}

export interface PatientToolsProps {
  readonly thread: CareThread;
  readonly field: { readonly text: string; readonly setText: (text: string) => void };
  readonly result: PreparedResult | null;
  readonly onResult: (result: PreparedResult | null) => void;
}

/** What helps to write to a patient: texts of the practice, a result's follow-up, and how hard it is to read. */
export function PatientTools({ thread, field, result, onResult }: PatientToolsProps) {
  const { t } = useLingui();
  const { care } = useSession();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const templates = useLive(care.templates).filter(({ active }) => active);
  const days = useLive(care.settings)?.resultOpenDays ?? 0;
  const choose = (template: DeskTemplate): void => {
    const text = care.fill(template, thread.ref, thread.language);
    field.setText(field.text.trim() === '' ? text : `${field.text.trimEnd()}\n\n${text}`);
    if (template.kind === 'result' && days > 0) onResult({ title: template.name, openBy: now + days * DAY });
  };
  const due = result === null ? '' : shortDate(result.openBy, now, frame);
  return (
    <>
      <Menu position="top-start" withinPortal width={300}>
        <Menu.Target>
          <IconAction size="large" side="top" label={t`Use a text of the practice`}>
            <IconTemplate size={20} stroke={1.7} />
          </IconAction>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Trans>Texts of the practice</Trans>
          </Menu.Label>
          {templates.length === 0 && (
            <Menu.Item disabled>
              <Trans>None yet. They are made under Patients and texting.</Trans>
            </Menu.Item>
          )}
          {templates.map((template) => (
            <Menu.Item
              key={template.id}
              leftSection={
                template.kind === 'result' ? <IconFlask size={17} stroke={1.7} aria-hidden="true" /> : null
              }
              onClick={() => choose(template)}
            >
              {template.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {result !== null && (
        <span className={style['result']}>
          <IconFlask size={15} stroke={1.8} aria-hidden="true" />
          {t`Result: ${result.title}. If it is not opened by ${due}, the team is asked to look.`}
          <IconAction size="small" side="top" label={t`Not a result`} onClick={() => onResult(null)}>
            <IconX size={15} stroke={1.8} />
          </IconAction>
        </span>
      )}
      <ReadingHint text={field.text} language={thread.language} />
    </>
  );
}

/** Says when a text is hard to read: sixth grade is the goal (standards of health literacy). */
function ReadingHint({
  text,
  language,
}: {
  readonly text: string;
  readonly language: CareThread['language'];
}) {
  const { t } = useLingui();
  const { words, grade } = readingLevel(text, language);
  if (words < WORDS_TO_JUDGE || grade <= PATIENT_GRADE) return null;
  const level = Math.round(grade);
  return (
    <span className={style['hint']} role="status">
      {t`Reads at grade ${level}. Shorter sentences and plain words help; the goal is ${PATIENT_GRADE}.`}
    </span>
  );
}
