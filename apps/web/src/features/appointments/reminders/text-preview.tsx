import { reminderText } from '@baton/clinical';
import { instantOf } from '@baton/kernel';
import { measureText, nameForText } from '@baton/policy';
import type { Appointment, Language, Preparation, ReminderSettings, ReminderStep } from '@baton/wire';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import style from '../appointments.module.css';
import { usePractice } from '../use-practice.ts';
import { dayAt } from '../visits/day-span.ts';

/** What a patient reads and gets by text, word for word, with a made-up name and a visit three days from now. */
export function TextPreview({
  step,
  survey,
  preparations,
}: {
  readonly step: ReminderStep;
  readonly survey: ReminderSettings['survey'];
  readonly preparations: readonly Preparation[];
}) {
  const { t } = useLingui();
  const { care } = useSession();
  const settings = useLive(care.settings);
  const { timeZone } = usePractice();
  const now = useNow(3_600_000);
  const visit = sampleVisit(timeZone, now, preparations);
  return (
    <div className={style['previews']}>
      {(['en', 'es'] as const).map((language: Language) => {
        const { text, short, choices } = reminderText({
          step,
          visits: [visit],
          language,
          names: {
            practice: nameForText(settings?.practice ?? '', language),
            phone: settings?.phone ?? '',
            given: 'Rosa',
          },
          settings: { survey },
          preparations,
        });
        return (
          <section key={language} className={style['preview']} lang={language}>
            <h4>
              {language === 'en' ? (
                <Trans>On the page, in English</Trans>
              ) : (
                <Trans>On the page, in Spanish</Trans>
              )}
            </h4>
            <p className={style['bubble']}>{text === '' ? '…' : text}</p>
            {choices.length > 0 && (
              <p className={style['answers']}>
                {choices.map(({ key, label }) => (
                  <span key={key}>{key === label ? key : `${key} · ${label}`}</span>
                ))}
              </p>
            )}
            <h4>
              <Trans>By text</Trans>
            </h4>
            {short === null ? (
              <p className={style['quiet']}>{t`Only that a message waits, with the link.`}</p>
            ) : (
              <>
                <p className={style['bubble']}>{short}</p>
                <Size text={short} />
              </>
            )}
          </section>
        );
      })}
    </div>
  );
}

function Size({ text }: { readonly text: string }) {
  const { t } = useLingui();
  const { units, segments } = measureText(text);
  const parts = plural(segments, { one: '# text', other: '# texts' });
  return <p className={style['quiet']}>{t`${parts} (${units} characters)`}</p>;
}

function sampleVisit(timeZone: string, now: number, preparations: readonly Preparation[]): Appointment {
  const start = instantOf(timeZone, dayAt(now, timeZone) + 3, 10 * 60 + 30) ?? now;
  const service = preparations.find(({ active }) => active)?.service ?? 'Follow-up';
  return {
    t: 'appointment',
    id: 'preview',
    ref: null,
    status: 'booked',
    start,
    end: start + 1_800_000,
    timeZone,
    service: { code: null, text: service },
    practitioner: null,
    location: null,
    reason: null,
    preparation: null,
    answer: { state: 'none', at: null, by: null },
    slot: null,
    replaces: null,
    source: { kind: 'hand', system: null, version: 0, message: null },
    createdAt: now,
    updatedAt: now,
  };
}
