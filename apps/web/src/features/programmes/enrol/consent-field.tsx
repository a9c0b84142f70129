import { type Consent, CONSENT_WAYS } from '@baton/wire';
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { tableTime } from '../../../design/words/time-words.ts';

const WAYS = {
  'in-person': msg`in person`,
  paper: msg`on paper`,
  phone: msg`on the telephone`,
  web: msg`on the web`,
  text: msg`by text`,
} as const;

/** The consent for daily check-ins that holds now; null where there is none. */
export function useCheckInConsent(patient: string): Consent | null {
  const { care } = useSession();
  return useLive(care.chart(patient)).consentFor('check-ins');
}

/** Daily texts need a consent: the one on record, or one that is written down here. */
export function ConsentField({ patient }: { readonly patient: string }) {
  const { t, i18n } = useLingui();
  const { care } = useSession();
  const consent = useCheckInConsent(patient);
  const phone = useLive(care.chart(patient)).reach?.phones[0]?.number ?? null;
  const frame = useTimeFrame();
  const action = useAction();
  const [how, setHow] = useState<Consent['given']['how']>('in-person');
  const [note, setNote] = useState('');
  if (consent !== null) {
    const when = tableTime(consent.given.at, frame);
    const way = i18n._(WAYS[consent.given.how]);
    return (
      <Notice tone="done">
        <Trans>
          Consent to daily check-ins given {when}, {way}.
        </Trans>
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="waiting">
        <Trans>
          No consent to daily check-ins is on record. Tell the patient: how often, that texts are not private,
          that it is no emergency line, and that STOP ends it.
        </Trans>
      </Notice>
      <Group align="end" gap="sm">
        <NativeSelect
          label={t`Agreed`}
          value={how}
          onChange={(event) => setHow(event.currentTarget.value as Consent['given']['how'])}
          data={CONSENT_WAYS.map((value) => ({ value, label: i18n._(WAYS[value]) }))}
        />
        <TextInput label={t`Note`} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button
          variant="default"
          loading={action.busy}
          onClick={() =>
            void action.run(() =>
              care.giveConsent({
                ref: patient,
                purpose: 'check-ins',
                phone,
                how,
                warning: null,
                note: note.trim(),
              }),
            )
          }
        >
          <Trans>Record the consent</Trans>
        </Button>
      </Group>
      <FailureNotice sentence={action.failure} />
    </>
  );
}
