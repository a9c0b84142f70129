import type { Chart } from '@baton/client';
import { CONSENT_WAYS, type Consent, type ConsentPurpose } from '@baton/wire';
import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { tableTime } from '../../design/words/time-words.ts';
import { PLAIN_TEXT_WARNING, PURPOSE_NAMES, WAY_NAMES } from './consent-words.ts';
import { PanelPart } from './panel-part.tsx';
import style from './patient-panel.module.css';
import { RevokeConsent } from './revoke-consent.tsx';
import { namesBy } from './proxy-rights.ts';
import { numbersForConsent } from './text-numbers.ts';

/** What the patient agreed to, how, and who wrote it down. Nothing is ever deleted here. */
export function ConsentPart({ chart }: { readonly chart: Chart }) {
  const [adding, setAdding] = useState(false);
  return (
    <PanelPart
      title={<Trans>Consent</Trans>}
      action={
        <Button size="compact-sm" variant="subtle" onClick={() => setAdding(true)}>
          <Trans>Record</Trans>
        </Button>
      }
    >
      {chart.consents.length === 0 && (
        <p className={style['quiet']}>
          <Trans>None recorded.</Trans>
        </p>
      )}
      <ul className={style['plain']}>
        {chart.consents.map((consent) => (
          <ConsentLine key={consent.id} consent={consent} chart={chart} />
        ))}
      </ul>
      {adding && <ConsentDialog chart={chart} onClose={() => setAdding(false)} />}
    </PanelPart>
  );
}

function ConsentLine({ consent, chart }: { readonly consent: Consent; readonly chart: Chart }) {
  const { t, i18n } = useLingui();
  const { directory } = useSession();
  const frame = useTimeFrame();
  const action = useAction();
  const people = useLive(directory.people);
  const nameOf = (account: string): string =>
    people.find(({ id }) => id === account)?.name ?? t`an assistant`;
  const { given, revoked, phone } = consent;
  const how = i18n._(WAY_NAMES[given.how]);
  const when = tableTime(given.at, frame);
  const by = nameOf(given.by);
  const names = namesBy(chart, consent.id).join(', ');
  const ended = revoked === null ? null : tableTime(revoked.at, frame);
  return (
    <li>
      <span className={style['line']}>
        <span>{i18n._(PURPOSE_NAMES[consent.purpose])}</span>
        {revoked === null && <RevokeConsent patient={chart.ref} consent={consent} action={action} />}
      </span>
      {phone !== null && <span className={style['quiet']}>{t`for ${phone}`}</span>}
      <span className={style['quiet']}>{t`given ${when}, ${how}, written down by ${by}`}</span>
      {given.note !== '' && <span className={style['quiet']}>{given.note}</span>}
      {names !== '' && (
        <span className={style['quiet']}>{t`for ${names}: revoked, their access ends at once`}</span>
      )}
      {ended !== null && <span className={style['amber']}>{t`revoked ${ended}`}</span>}
      <FailureNotice sentence={action.failure} />
    </li>
  );
}

/** A consent for one who speaks for the patient names that person: it is recorded with their invitation. */
const RECORDED: readonly ConsentPurpose[] = ['texts', 'plain-text', 'reminders', 'check-ins', 'outreach'];

function ConsentDialog({ chart, onClose }: { readonly chart: Chart; readonly onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const [purpose, setPurpose] = useState<ConsentPurpose>('texts');
  const [how, setHow] = useState<Consent['given']['how']>('in-person');
  const [note, setNote] = useState('');
  const [warned, setWarned] = useState(false);
  const [phone, setPhone] = useState<string | null>(numbersForConsent(chart)[0] ?? null);
  const isPlain = purpose === 'plain-text';
  const language = chart.reach?.language ?? 'en';
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(() =>
        care.giveConsent({
          ref: chart.ref,
          purpose,
          phone,
          how,
          warning: isPlain ? PLAIN_TEXT_WARNING.version : null,
          note: note.trim(),
        }),
      )
      .then((done) => done && onClose());
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t`Record a consent`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <NativeSelect
            label={t`What for`}
            value={purpose}
            onChange={(event) => setPurpose(event.currentTarget.value as ConsentPurpose)}
            data={RECORDED.map((value) => ({ value, label: i18n._(PURPOSE_NAMES[value]) }))}
          />
          <NumberChoice chart={chart} phone={phone} onPhone={setPhone} />
          {isPlain && (
            <>
              <Notice tone="waiting">
                <Trans>Read this to the patient, or show it:</Trans>
              </Notice>
              <blockquote lang={language}>{PLAIN_TEXT_WARNING[language]}</blockquote>
              <Checkbox
                label={t`The patient heard or read this and still prefers plain text`}
                checked={warned}
                onChange={(event) => setWarned(event.currentTarget.checked)}
              />
            </>
          )}
          <NativeSelect
            label={t`How it was given`}
            value={how}
            onChange={(event) => setHow(event.currentTarget.value as Consent['given']['how'])}
            data={CONSENT_WAYS.map((value) => ({ value, label: i18n._(WAY_NAMES[value]) }))}
          />
          <Textarea
            label={t`Note (where the paper is, who was there)`}
            autosize
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <FailureNotice sentence={action.failure} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={action.busy} disabled={isPlain && !warned}>
              <Trans>Record</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** For which number it is; null where none is on file. Said at once where it would allow no text. */
function NumberChoice({
  chart,
  phone,
  onPhone,
}: {
  readonly chart: Chart;
  readonly phone: string | null;
  readonly onPhone: (phone: string) => void;
}) {
  const { t } = useLingui();
  const { textNumber } = chart;
  const numbers = numbersForConsent(chart);
  return (
    <>
      {phone !== null && (
        <NativeSelect
          label={t`For which number`}
          value={phone}
          onChange={(event) => onPhone(event.currentTarget.value)}
          data={numbers.map((number) => ({
            value: number,
            label: number === textNumber ? t`${number} (texts go there)` : number,
          }))}
        />
      )}
      {phone !== textNumber && (
        <Notice tone="waiting">
          {textNumber === null ? (
            <Trans>
              No number is marked as mobile, so nothing is texted. Set it under How they are reached.
            </Trans>
          ) : (
            t`Texts go to ${textNumber}. This consent allows none of them.`
          )}
        </Notice>
      )}
    </>
  );
}
