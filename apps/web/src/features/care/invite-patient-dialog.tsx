import type { NewInvitation } from '@baton/client';
import { CONSENT_WAYS } from '@baton/wire';
import { Button, Checkbox, Group, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { type SyntheticEvent, useState } from 'react';
import { CopyField } from '../../design/primitives/copy-field.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { tableTime } from '../../design/words/time-words.ts';
import { WAY_NAMES } from './consent-words.ts';
import { LinkOrder } from './link-order.tsx';
import style from './patient-panel.module.css';
import { RELATION_NAMES } from './relation-names.ts';
import { WriterChoice } from './writer-choice.tsx';
import { type InvitationForm, type InvitationOf, useInvitation } from './use-invitation.ts';

export interface InvitePatientDialogProps extends InvitationOf {
  readonly onClose: () => void;
}

/** Invites the patient or somebody who speaks for them. The link goes one way, the code another. */
export function InvitePatientDialog(props: InvitePatientDialogProps) {
  const { chart, thread, again, onClose } = props;
  const { t } = useLingui();
  const [made, setMade] = useState<NewInvitation | null>(null);
  const name = again?.name ?? chart.reach?.name ?? '';
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={
        made !== null
          ? t`Tell ${name} the code`
          : thread.confidential
            ? t`Invite to the private conversation`
            : t`Invite to the conversation`
      }
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {made === null ? (
        <InviteForm {...props} onMade={setMade} />
      ) : (
        <CodeOnce patient={props.thread.ref} made={made} onDone={onClose} />
      )}
    </Modal>
  );
}

function InviteForm({
  onMade,
  onClose,
  ...of
}: InvitePatientDialogProps & { readonly onMade: (made: NewInvitation) => void }) {
  const { t, i18n } = useLingui();
  const action = useAction();
  const { thread, again } = of;
  const form = useInvitation(of);
  const isLost = again?.state === 'joined';
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void action.run(async () => {
      const made = await form.make();
      if (made === null) onClose();
      else onMade(made);
    });
  };
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
        {thread.confidential && (
          <Notice tone="waiting">
            <Trans>
              Only the patient comes in here. Give the link and the code to the patient in person: a parent
              may hold the phone that is on file.
            </Trans>
          </Notice>
        )}
        {again === null && form.relations.length > 1 && (
          <NativeSelect
            label={t`Who is it`}
            value={form.relation}
            onChange={(event) => form.setRelation(event.currentTarget.value)}
            data={form.relations.map((value) => ({ value, label: i18n._(RELATION_NAMES[value]) }))}
          />
        )}
        {form.writer.isPossible && (
          <Radio.Group
            label={t`How they come in`}
            value={form.writer.isKnown ? 'known' : 'link'}
            onChange={(value) => form.writer.setEntry(value === 'known' ? 'known' : 'link')}
          >
            <Group gap="lg" mt={4}>
              <Radio value="link" label={t`by a link and a code`} />
              <Radio value="known" label={t`writes for another patient already`} />
            </Group>
          </Radio.Group>
        )}
        {form.writer.isKnown ? (
          <WriterChoice writer={form.writer.chosen} onChoose={form.writer.choose} />
        ) : (
          <TextInput
            label={t`Name`}
            value={form.name}
            disabled={again !== null}
            onChange={(event) => form.setName(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        {form.relation !== 'self' && <ProxyFields form={form} />}
        {!form.writer.isKnown && <WayFields form={form} />}
        {isLost && (
          <TextInput
            label={t`How did you make sure who it is`}
            value={form.confirmed}
            onChange={(event) => form.setConfirmed(event.currentTarget.value)}
            placeholder={t`called back on the number on file`}
          />
        )}
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={!form.isComplete} loading={action.busy}>
            {form.writer.isKnown ? <Trans>Let in</Trans> : <Trans>Make the invitation</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** An end where there is one, and the consent that goes on record. */
function ProxyFields({ form }: { readonly form: InvitationForm }) {
  const { t, i18n } = useLingui();
  return (
    <>
      <TextInput
        type="date"
        label={t`Until (empty: no end)`}
        value={form.until}
        onChange={(event) => form.setUntil(event.currentTarget.value)}
      />
      {!form.proxy.hasConsent && (
        <>
          <Checkbox
            checked={form.proxy.agreed}
            onChange={(event) => form.proxy.setAgreed(event.currentTarget.checked)}
            label={t`The patient, or the law, allows this person to read and write here. It goes on record with my name.`}
          />
          <NativeSelect
            label={t`How it was given`}
            value={form.proxy.how}
            onChange={(event) => form.proxy.setHow(event.currentTarget.value as typeof form.proxy.how)}
            data={CONSENT_WAYS.map((value) => ({ value, label: i18n._(WAY_NAMES[value]) }))}
          />
        </>
      )}
    </>
  );
}

function WayFields({ form }: { readonly form: InvitationForm }) {
  const { t } = useLingui();
  const isText = form.way === 'text';
  return (
    <>
      <Radio.Group label={t`The link goes`} value={form.way} onChange={form.setWay}>
        <Group gap="lg" mt={4}>
          <Radio value="text" label={t`by text`} />
          <Radio value="email" label={t`by e-mail`} />
          <Radio value="hand" label={t`I hand it over`} />
        </Group>
      </Radio.Group>
      {form.way !== 'hand' && (
        <TextInput
          label={isText ? t`Mobile number` : t`E-mail address`}
          type={isText ? 'tel' : 'email'}
          value={form.to}
          onChange={(event) => form.setTo(event.currentTarget.value)}
          description={isText ? <NumberHint landlines={form.landlines} /> : null}
          autoComplete="off"
        />
      )}
    </>
  );
}

/** A number on file that nobody calls mobile is not filled in: a text to a landline is seen by no one, or by anybody. */
function NumberHint({ landlines }: { readonly landlines: readonly string[] }) {
  const { t } = useLingui();
  const known = landlines.join(', ');
  return landlines.length === 0
    ? t`With the country code, such as +1 617 555 0123`
    : t`With the country code, such as +1 617 555 0123. On file, and not as mobile: ${known}`;
}

/** Link and code, once. The link alone opens nothing, and the code is useless without it. */
function CodeOnce({
  patient,
  made,
  onDone,
}: {
  readonly patient: string;
  readonly made: NewInvitation;
  readonly onDone: () => void;
}) {
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
        <LinkOrder patient={patient} order={made.order} />
      )}
      <Group justify="flex-end">
        <Button onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
