import type { Chart, ChartPerson, NewInvitation } from '@baton/client';
import type { EventId } from '@baton/kernel';
import { RELATIONS, type Relation } from '@baton/wire';
import { Button, Checkbox, Group, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { tableTime } from '../../design/words/time-words.ts';
import style from './patient-panel.module.css';
import { RELATION_NAMES } from './relation-names.ts';

type Way = 'text' | 'email' | 'hand';

export interface InvitePatientDialogProps {
  readonly chart: Chart;
  /** A lost phone or an invitation that came to nothing: the same person once more. */
  readonly again: ChartPerson | null;
  readonly onClose: () => void;
}

/** Invites the patient or somebody who speaks for them. The link goes one way, the code another. */
export function InvitePatientDialog({ chart, again, onClose }: InvitePatientDialogProps) {
  const { t } = useLingui();
  const [made, setMade] = useState<NewInvitation | null>(null);
  const name = again?.name ?? chart.reach?.name ?? '';
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={made === null ? t`Invite to the conversation` : t`Tell ${name} the code`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {made === null ? (
        <InviteForm chart={chart} again={again} onMade={setMade} onClose={onClose} />
      ) : (
        <CodeOnce made={made} onDone={onClose} />
      )}
    </Modal>
  );
}

function InviteForm({
  chart,
  again,
  onMade,
  onClose,
}: InvitePatientDialogProps & { readonly onMade: (made: NewInvitation) => void }) {
  const { t, i18n } = useLingui();
  const { care } = useSession();
  const action = useAction();
  const phones = chart.reach?.phones ?? [];
  const emails = chart.reach?.emails ?? [];
  const hasSelf = chart.people.some(({ relation, state }) => relation === 'self' && state !== 'ended');
  const [relation, setRelation] = useState<Relation>(again?.relation ?? (hasSelf ? 'family' : 'self'));
  const [name, setName] = useState(again?.name ?? (relation === 'self' ? (chart.reach?.name ?? '') : ''));
  const [way, setWay] = useState<Way>(phones.length > 0 ? 'text' : emails.length > 0 ? 'email' : 'hand');
  const [to, setTo] = useState<string>(phones[0]?.number ?? emails[0] ?? '');
  const [until, setUntil] = useState('');
  const [confirmed, setConfirmed] = useState('');
  const [agreed, setAgreed] = useState(false);
  const isProxy = relation !== 'self';
  const isLost = again?.state === 'joined';
  const consents = chart.consents.filter(({ purpose, revoked }) => purpose === 'proxy' && revoked === null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void action.run(async () => {
      let consent: EventId | null = consents.at(-1)?.id ?? null;
      if (isProxy && consent === null)
        consent = await care.giveConsent({
          ref: chart.ref,
          purpose: 'proxy',
          phone: null,
          how: 'in-person',
          warning: null,
          note: t`${name.trim()} may read and write for the patient`,
        });
      const wish = {
        ref: chart.ref,
        relation,
        name: name.trim(),
        send: way,
        to: way === 'hand' ? null : to.trim(),
        until: until === '' ? null : Date.parse(`${until}T23:59:59`),
        consent: isProxy ? consent : null,
        confidential: chart.thread?.confidential ?? false,
      };
      onMade(
        again === null
          ? await care.invite(wish)
          : await care.reinvite({ ...wish, account: again.account, confirmed: confirmed.trim() }),
      );
    });
  };
  const isComplete =
    name.trim() !== '' &&
    (way === 'hand' || to.trim() !== '') &&
    (!isProxy || consents.length > 0 || agreed) &&
    (!isLost || confirmed.trim() !== '');
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {isLost && (
          <Notice tone="waiting">
            <Trans>
              The old phone is shut out at once. Make sure who is calling first: call back on the number that
              you know, or see them.
            </Trans>
          </Notice>
        )}
        {again === null && (
          <NativeSelect
            label={t`Who is it`}
            value={relation}
            onChange={(event) => {
              const chosen = event.currentTarget.value as Relation;
              setRelation(chosen);
              setName(chosen === 'self' ? (chart.reach?.name ?? '') : '');
            }}
            data={RELATIONS.map((value) => ({ value, label: i18n._(RELATION_NAMES[value]) }))}
          />
        )}
        <TextInput
          label={t`Name`}
          value={name}
          disabled={again !== null}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
        />
        {isProxy && (
          <>
            <TextInput
              type="date"
              label={t`Until (empty: no end)`}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
            {consents.length === 0 && (
              <Checkbox
                checked={agreed}
                onChange={(event) => setAgreed(event.currentTarget.checked)}
                label={t`The patient, or the law, allows this person to read and write here. It goes on record with my name.`}
              />
            )}
          </>
        )}
        <Radio.Group
          label={t`The link goes`}
          value={way}
          onChange={(value) => {
            const chosen = value as Way;
            setWay(chosen);
            setTo(
              chosen === 'text' ? (phones[0]?.number ?? '') : chosen === 'email' ? (emails[0] ?? '') : '',
            );
          }}
        >
          <Group gap="lg" mt={4}>
            <Radio value="text" label={t`by text`} />
            <Radio value="email" label={t`by e-mail`} />
            <Radio value="hand" label={t`I hand it over`} />
          </Group>
        </Radio.Group>
        {way !== 'hand' && (
          <TextInput
            label={way === 'text' ? t`Mobile number` : t`E-mail address`}
            type={way === 'text' ? 'tel' : 'email'}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            description={way === 'text' ? t`With the country code, such as +1 617 555 0123` : null}
            autoComplete="off"
          />
        )}
        {isLost && (
          <TextInput
            label={t`How did you make sure who it is`}
            value={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.value)}
            placeholder={t`called back on the number on file`}
          />
        )}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={!isComplete} loading={action.busy}>
            <Trans>Make the invitation</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Link and code, once. The link alone opens nothing, and the code is useless without it. */
function CodeOnce({ made, onDone }: { readonly made: NewInvitation; readonly onDone: () => void }) {
  const { t } = useLingui();
  const frame = useTimeFrame();
  const until = tableTime(made.notAfter, frame);
  const spoken = `${made.code.slice(0, 3)} ${made.code.slice(3)}`;
  return (
    <Stack gap="md">
      <p>
        <Trans>
          Say this code in person or on the telephone, or write it on paper. Do not text or e-mail it.
        </Trans>
      </p>
      <p className={style['code']} aria-label={[...made.code].join(' ')}>
        {spoken}
      </p>
      <p className={style['quiet']}>
        {t`Five tries, until ${until}. The code is shown only now; a new invitation makes a new one.`}
      </p>
      {made.order === null ? (
        <CopyField label={t`The link to hand over`} value={made.link} lines />
      ) : (
        <Notice tone="done">
          <Trans>The link is on its way. Whether it arrived is shown under Texts in the panel.</Trans>
        </Notice>
      )}
      <Group justify="flex-end">
        <Button onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
