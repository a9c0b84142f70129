import type { Chart } from '@baton/client';
import { LANGUAGES, phoneField, type Reach } from '@baton/wire';
import { Button, Checkbox, Group, NativeSelect, Radio, Stack, Textarea } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { CHANNEL_NAMES } from './care-words.ts';
import { PanelPart } from './panel-part.tsx';
import style from './patient-panel.module.css';
import { arrangePhones, guessTextNumber } from './text-numbers.ts';

const LANGUAGE_NAMES = { en: 'English', es: 'Español' } as const;

/** How the patient is reached: way, numbers, language. Only what the practice entered; an area code says nothing about a time zone. */
export function ReachPart({ chart }: { readonly chart: Chart }) {
  const { t, i18n } = useLingui();
  const [editing, setEditing] = useState(false);
  const { reach } = chart;
  if (reach === null) return null;
  if (editing)
    return (
      <PanelPart title={<Trans>How they are reached</Trans>}>
        <ReachForm reach={reach} chart={chart} onDone={() => setEditing(false)} />
      </PanelPart>
    );
  const optedOut = chart.optedOut?.out === true;
  // One number that is good for texts says it itself.
  const isPlainToSee =
    reach.channel === 'none' || (reach.phones.length === 1 && reach.phones[0]?.number === chart.textNumber);
  const facts: readonly (readonly [string, string])[] = [
    [t`Messages go`, i18n._(CHANNEL_NAMES[reach.channel])],
    [t`Phone`, reach.phones.map(({ number }) => number).join(', ')],
    [t`Texts go to`, isPlainToSee ? '' : (chart.textNumber ?? t`no number: none is mobile`)],
    [t`E-mail`, reach.emails.join(', ')],
    [t`Language`, LANGUAGE_NAMES[reach.language]],
    [t`Time zone`, reach.timeZone],
  ];
  return (
    <PanelPart
      title={<Trans>How they are reached</Trans>}
      action={
        <Button size="compact-sm" variant="subtle" onClick={() => setEditing(true)}>
          <Trans>Change</Trans>
        </Button>
      }
    >
      {optedOut && (
        <Notice tone="waiting">
          <Trans>Opted out of texts. Only the patient can start them again, by texting START.</Trans>
        </Notice>
      )}
      {(reach.doNotContact || reach.deceased) && (
        <Notice tone="waiting">
          {reach.deceased ? (
            <Trans>Deceased. Nothing is sent.</Trans>
          ) : (
            <Trans>Do not contact. Nothing is sent.</Trans>
          )}
        </Notice>
      )}
      <dl className={style['facts']}>
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </PanelPart>
  );
}

function ReachForm({
  reach,
  chart,
  onDone,
}: {
  readonly reach: Reach;
  readonly chart: Chart;
  readonly onDone: () => void;
}) {
  const { t, i18n } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const form = useReachDraft(reach);
  const { channel, phones, emails, language, timeZone, doNotContact, numbers } = form;
  const wrong = numbers.find((number) => !phoneField.safeParse(number).success);
  const needsConsent = channel === 'plain' && chart.consentFor('plain-text') === null;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action
      .run(() => care.changeReach(chart.ref, (before) => ({ ...before, ...readDraft(form, before) })))
      .then((done) => done && onDone());
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Radio.Group label={t`Messages go`} value={channel} onChange={(value) => form.setChannel(value)}>
          <Stack gap={6} mt={4}>
            {(['link', 'plain', 'none'] as const).map((value) => (
              <Radio key={value} value={value} label={i18n._(CHANNEL_NAMES[value])} />
            ))}
          </Stack>
        </Radio.Group>
        {needsConsent && (
          <Notice tone="waiting">
            <Trans>
              Plain text needs the patient's recorded consent after the warning. Until then nothing is texted.
            </Trans>
          </Notice>
        )}
        <Textarea
          label={t`Numbers, one a line`}
          autosize
          value={phones}
          onChange={(event) => form.setPhones(event.currentTarget.value)}
          error={wrong === undefined ? null : t`${wrong} is no complete number. Write it as +1 617 555 0123.`}
        />
        <NativeSelect
          label={t`Texts go to`}
          value={form.textNumber ?? ''}
          onChange={(event) => form.setTextNumber(event.currentTarget.value)}
          data={[
            ...numbers.map((number) => ({ value: number, label: number })),
            { value: '', label: t`none of them is a mobile number` },
          ]}
        />
        <Textarea
          label={t`E-mail addresses, one a line`}
          autosize
          value={emails}
          onChange={(event) => form.setEmails(event.currentTarget.value)}
        />
        <NativeSelect
          label={t`Language`}
          value={language}
          onChange={(event) => form.setLanguage(event.currentTarget.value === 'es' ? 'es' : 'en')}
          data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
        <NativeSelect
          label={t`Time zone, where the patient lives`}
          value={timeZone}
          onChange={(event) => form.setTimeZone(event.currentTarget.value)}
          data={[...new Set([timeZone, ...Intl.supportedValuesOf('timeZone')])]}
        />
        <Checkbox
          label={t`Do not contact: no programme sends anything`}
          checked={doNotContact}
          onChange={(event) => form.setDoNotContact(event.currentTarget.checked)}
        />
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={action.busy} disabled={wrong !== undefined}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** As people write numbers: spaces, dots, brackets and dashes left out. */
function toE164(text: string): string {
  return text.replaceAll(/[\s().-]/g, '');
}

type ReachDraft = ReturnType<typeof useReachDraft>;

/** What is being typed; numbers and addresses are lines until they are saved. */
function useReachDraft(reach: Reach) {
  const [channel, setChannel] = useState(reach.channel);
  const [phones, setPhones] = useState(reach.phones.map(({ number }) => number).join('\n'));
  const [emails, setEmails] = useState(reach.emails.join('\n'));
  const [language, setLanguage] = useState(reach.language);
  const [timeZone, setTimeZone] = useState(reach.timeZone);
  const [doNotContact, setDoNotContact] = useState(reach.doNotContact);
  const numbers = [...new Set(linesOf(phones).map(toE164))];
  const [chosen, setChosen] = useState<string | null>(null);
  const isChosen = chosen !== null && (chosen === '' || numbers.includes(chosen));
  const textNumber = isChosen ? chosen || null : guessTextNumber(numbers, reach.phones);
  return {
    channel,
    setChannel,
    phones,
    setPhones,
    emails,
    setEmails,
    language,
    setLanguage,
    timeZone,
    setTimeZone,
    doNotContact,
    setDoNotContact,
    numbers,
    textNumber,
    setTextNumber: setChosen,
  };
}

function readDraft(draft: ReachDraft, before: Reach): Partial<Reach> {
  const { channel, language, timeZone, doNotContact, emails, numbers, textNumber } = draft;
  return {
    channel,
    language,
    timeZone,
    doNotContact,
    phones: arrangePhones(numbers, textNumber, before.phones),
    emails: linesOf(emails),
  };
}
