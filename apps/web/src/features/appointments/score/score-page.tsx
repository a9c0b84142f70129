import type { NoShowModel, ReminderSettings } from '@baton/wire';
import { Button, NumberInput, Switch } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg, plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { Section } from '../../../design/primitives/pane.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { shortDate, tableTime } from '../../../design/words/time-words.ts';
import style from '../appointments.module.css';
import { usePractice } from '../use-practice.ts';
import { CalibrationPart } from './calibration-part.tsx';
import { ComparisonPart } from './comparison-part.tsx';
import { WeightsTable } from './weights-table.tsx';

const WHY_OFF: Readonly<Record<NonNullable<NoShowModel['off']>, MessageDescriptor>> = {
  'too-few-visits': msg`There are too few visits yet to learn from.`,
  'too-few-no-shows': msg`There are too few no-shows yet to learn from.`,
  'not-calibrated': msg`What it says does not yet fit what happens: where it says one in five, it is not one in five.`,
  'no-better-than-chance': msg`It does not tell no-shows apart better than chance.`,
};

/** Who will likely not come, how that is worked out, and whether a reminder more changes anything. */
export function ScorePage() {
  const { t } = useLingui();
  const { appointments } = useSession();
  const model = useLive(appointments.model);
  const settings = useLive(appointments.settings);
  const comparison = useLive(appointments.comparison);
  return (
    <>
      <p className={style['summary']}>
        <Trans>
          An extra reminder for those who will likely not come. The score is learned from your own visits
          only, on your own station; nobody else’s data is in it, and it decides nothing but that one
          reminder.
        </Trans>
      </p>
      <div className={style['told']}>
        <ModelState model={model} />
      </div>
      {settings !== null && <Switches settings={settings} model={model} />}
      {comparison !== null && (
        <Section title={t`Did it help?`}>
          <ComparisonPart comparison={comparison} />
        </Section>
      )}
      {model !== null && model.weights.length > 0 && (
        <Section
          title={t`What counts, and how much`}
          text={
            <Trans>
              Anybody can work a score out by hand from these; the strongest stand first. “Odds times” is from
              no to yes, for a share from none to all, for the time from booking for each 2.7-fold. No age,
              sex, address, language or reason for the visit is looked at.
            </Trans>
          }
        >
          <WeightsTable model={model} />
        </Section>
      )}
      {model !== null && model.calibration.length > 0 && (
        <Section
          title={t`Does it say what happens?`}
          text={
            <Trans>
              Visits that it had not seen, in groups by what it said. On the line, what it said and what
              happened are the same.
            </Trans>
          }
        >
          <CalibrationPart model={model} />
        </Section>
      )}
    </>
  );
}

function ModelState({ model }: { readonly model: NoShowModel | null }) {
  const { t, i18n } = useLingui();
  const { frame } = usePractice();
  if (model === null)
    return (
      <Notice tone="info">
        <Trans>
          Off: nothing has been learned yet. The reminder assistant tries once there are visits of the past
          with their outcome.
        </Trans>
      </Notice>
    );
  const visits = plural(model.visits, { one: '# visit', other: '# visits' });
  const missed = plural(model.noShows, { one: '# no-show', other: '# no-shows' });
  const at = tableTime(model.trainedAt, frame);
  const learned = t`Learned from ${visits}, ${missed} among them, on ${at}.`;
  return model.off === null ? (
    <Notice tone="done">
      {t`In use.`} {learned}
    </Notice>
  ) : (
    <Notice tone="info">
      {t`Off.`} {i18n._(WHY_OFF[model.off])} {learned}
    </Notice>
  );
}

function Switches({
  settings,
  model,
}: {
  readonly settings: ReminderSettings;
  readonly model: NoShowModel | null;
}) {
  const { t } = useLingui();
  const session = useSession();
  const { frame } = usePractice();
  const action = useAction();
  const now = useNow();
  const { score } = settings;
  const save = (part: Partial<ReminderSettings['score']>): void =>
    void action.run(() => session.appointments.saveSettings({ ...settings, score: { ...score, ...part } }));
  const since = score.compare === null ? '' : shortDate(score.compare.since, now, frame);
  const compared = score.compare === null ? 0 : Math.round(score.compare.share * 100);
  return (
    <fieldset className={style['bare']} disabled={!session.can('patient.registry.write') || action.busy}>
      <div className={style['switches']}>
        <Switch
          label={t`Extra reminder for likely no-shows`}
          description={
            model?.off === null
              ? undefined
              : t`Takes effect once the score is good enough; it is looked at every day.`
          }
          checked={score.on}
          onChange={(event) => save({ on: event.currentTarget.checked })}
        />
        <NumberInput
          key={score.share}
          label={t`Of the visits, the likeliest (percent)`}
          min={1}
          max={100}
          maw="16rem"
          defaultValue={Math.round(score.share * 100)}
          onBlur={(event) => {
            const share = Number.parseInt(event.currentTarget.value, 10) / 100;
            if (share > 0 && share <= 1 && share !== score.share) save({ share });
          }}
        />
        {score.compare === null ? (
          <div>
            <Button
              variant="light"
              size="compact-md"
              disabled={!score.on}
              onClick={() => save({ compare: { share: 0.5, since: now } })}
            >
              <Trans>Compare with and without</Trans>
            </Button>
            <p className={style['quiet']}>
              <Trans>Half of the likely ones get it, drawn by lot; then you see what it changed.</Trans>
            </p>
          </div>
        ) : (
          <div>
            <p>{t`Compared since ${since}: ${compared} percent of the likely ones get it, drawn by lot.`}</p>
            <Button variant="subtle" size="compact-md" onClick={() => save({ compare: null })}>
              <Trans>End the comparison: all get it</Trans>
            </Button>
          </div>
        )}
      </div>
      <FailureNotice sentence={action.failure} />
    </fieldset>
  );
}
