import type { ProtocolView } from '@baton/client';
import { missingSettings, type Protocol } from '@baton/clinical';
import type { AccountId, OwnerId } from '@baton/kernel';
import type { Language, Regimen } from '@baton/wire';
import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { dayKey } from '../../../design/words/time-words.ts';
import style from '../programmes.module.css';
import { documentOf } from '../use-documents.ts';
import { ConsentField, useCheckInConsent } from './consent-field.tsx';
import { FindPatient } from './find-patient.tsx';
import { RegimenCalendar } from './regimen-calendar.tsx';
import { emptyRegimen, isWhole, type RegimenDraft, RegimenForm } from './regimen-form.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { WhoIsAsked } from './who-is-asked.tsx';
import { WhenFields, type WhenDraft } from './when-fields.tsx';

/** Puts a patient on a signed protocol: consent, times, language, who answers, thresholds, and the plan with a calendar to check it by. */
export function EnrolDialog({
  patient: given,
  onClose,
}: {
  readonly patient: string | null;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { programmes } = useSession();
  const signed = useLive(programmes.protocols).filter(
    ({ mayRun, version }) => mayRun && version.state !== 'retired',
  );
  const [patient, setPatient] = useState(given);
  const [chosen, setChosen] = useState('');
  const view = signed.find(({ version }) => keyOf(version) === chosen) ?? signed[0] ?? null;
  const document = view && documentOf(view.version.body);
  return (
    <Modal
      opened
      size="56rem"
      onClose={onClose}
      title={t`Enrol a patient`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <Stack gap="md">
        <FindPatient patient={patient} onChange={setPatient} />
        <NativeSelect
          label={t`Protocol`}
          description={t`Only protocols that an author and a clinician have signed`}
          value={view ? keyOf(view.version) : ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={signed.map(({ version }) => ({
            value: keyOf(version),
            label: `${version.name} · ${version.version}`,
          }))}
        />
        {view && document === null && (
          <Notice tone="danger">
            <Trans>This release does not understand the document of that protocol.</Trans>
          </Notice>
        )}
        {patient !== null && view && document && (
          <Details
            key={`${patient} ${keyOf(view.version)}`}
            patient={patient}
            view={view}
            document={document}
            onClose={onClose}
          />
        )}
      </Stack>
    </Modal>
  );
}

function Details({
  patient,
  view: { version },
  document,
  onClose,
}: {
  readonly patient: string;
  readonly view: ProtocolView;
  readonly document: Protocol;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const session = useSession();
  const { programmes, care, me } = session;
  const action = useAction();
  const now = useNow(60_000);
  const today = dayKey(now, useTimeFrame());
  const standing = { confirmedBy: useLive(me).account, confirmedAt: now };
  const chart = useLive(care.chart(patient));
  const consent = useCheckInConsent(patient);
  const [when, setWhen] = useState<WhenDraft>(() => ({
    language: (chart.reach?.language ?? 'en') satisfies Language,
    times: Object.fromEntries(document.slots.map(({ id, minute }) => [id, minute])),
    proxy: null as AccountId | null,
  }));
  const [startsOn, setStartsOn] = useState(today);
  const [settings, setSettings] = useState<Readonly<Record<string, number>>>({});
  const [regimen, setRegimen] = useState(() => emptyRegimen(today));
  const [compared, setCompared] = useState(false);
  const needsPlan = document.regimen === 'required';
  const missing = missingSettings(document, settings);
  const planIsWhole = isWhole(regimen);
  const mayConfirm = !needsPlan || session.can('regimen.confirm');
  const [askTo, setAskTo] = useState<OwnerId | null>(null);
  const ready =
    consent !== null && missing.length === 0 && mayConfirm && (!needsPlan || (planIsWhole && compared));
  const submit = async (): Promise<void> => {
    if (consent === null) return;
    await programmes.enrol({
      ref: patient,
      protocol: { id: version.id, version: version.version, hash: version.hash },
      consent: consent.id,
      timeZone: chart.reach?.timeZone ?? care.settings.read()?.timeZone ?? ownTimeZone(),
      ...when,
      startsOn,
      regimen: needsPlan ? { ...regimen, version: 1, ...standing } : null,
      settings: { ...settings },
      askTo,
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(submit).then((done) => done && onClose());
      }}
    >
      <Stack gap="md">
        <Part title={t`Consent`}>
          <ConsentField patient={patient} />
        </Part>
        <Part title={t`When and how`}>
          <WhenFields draft={when} document={document} chart={chart} onChange={setWhen} />
          <FirstDay value={startsOn} today={today} onChange={setStartsOn} />
        </Part>
        {document.settings.length > 0 && (
          <Part title={t`Thresholds of this site`}>
            <SettingsFields document={document} values={settings} onChange={setSettings} />
          </Part>
        )}
        {needsPlan && (
          <Part title={t`The order`}>
            {!mayConfirm && <ForClinician />}
            <Order
              draft={regimen}
              standing={standing}
              compared={compared}
              onCompared={setCompared}
              onChange={setRegimen}
            />
          </Part>
        )}
        <Part title={t`Who is asked`}>
          <WhoIsAsked document={document} askTo={askTo} onChange={setAskTo} />
        </Part>
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end">
          {!ready && (
            <Missing consent={consent === null} threshold={missing.length > 0} clinician={!mayConfirm} />
          )}
          <Button type="submit" disabled={!ready} loading={action.busy}>
            <Trans>Enrol and invite</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FirstDay({
  value,
  today,
  onChange,
}: {
  readonly value: string;
  readonly today: string;
  readonly onChange: (day: string) => void;
}) {
  const { t } = useLingui();
  return (
    <TextInput
      type="date"
      label={t`First day`}
      value={value}
      min={today}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Why this person cannot enrol on it. */
function ForClinician() {
  return (
    <Notice tone="waiting">
      <Trans>
        Whoever enrols stands for the doses that texts name. A clinician does that: ask a physician, advanced
        practice provider, nurse or pharmacist to enrol this patient.
      </Trans>
    </Notice>
  );
}

function Missing({
  consent,
  threshold,
  clinician,
}: {
  readonly consent: boolean;
  readonly threshold: boolean;
  readonly clinician: boolean;
}) {
  return (
    <span className={style['quiet']}>
      {consent ? (
        <Trans>A consent is missing.</Trans>
      ) : clinician ? (
        <Trans>A clinician enrols on this protocol.</Trans>
      ) : threshold ? (
        <Trans>Choose every threshold.</Trans>
      ) : (
        <Trans>Check the plan against the order.</Trans>
      )}
    </span>
  );
}

/** The plan, and its calendar to be laid beside the order. Whatever changes has to be compared again. */
function Order({
  draft,
  standing,
  compared,
  onCompared,
  onChange,
}: {
  readonly draft: RegimenDraft;
  readonly standing: Pick<Regimen, 'confirmedBy' | 'confirmedAt'>;
  readonly compared: boolean;
  readonly onCompared: (compared: boolean) => void;
  readonly onChange: (draft: RegimenDraft) => void;
}) {
  const { t } = useLingui();
  return (
    <>
      <RegimenForm
        draft={draft}
        onChange={(next) => {
          onCompared(false);
          onChange(next);
        }}
      />
      {isWhole(draft) && (
        <>
          <RegimenCalendar regimen={{ ...draft, version: 1, ...standing }} />
          <Checkbox
            label={t`I have laid this calendar beside the order, and it says the same.`}
            checked={compared}
            onChange={(event) => onCompared(event.currentTarget.checked)}
          />
        </>
      )}
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={style['part']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function keyOf({ id, version }: { readonly id: string; readonly version: number }): string {
  return `${id}:${version}`;
}
