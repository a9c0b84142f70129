import type { HeldMessage } from '@baton/wire';
import { Button } from '@mantine/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconHourglass } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../design/primitives/confirm-dialog.tsx';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import style from '../appointments.module.css';
import { type ChosenPatient, PatientChoice } from '../patient-choice.tsx';
import { useNameOf } from '../use-name-of.ts';
import { usePractice } from '../use-practice.ts';
import { whenWords } from '../visits/when-words.ts';

const CODES: Readonly<Record<HeldMessage['code'], MessageDescriptor>> = {
  'unknown-patient': msg`The patient is not known here`,
  'missing-field': msg`Something that is needed is missing`,
  unreadable: msg`It cannot be read`,
  'unknown-event': msg`It says something that is not known here`,
};

/** Messages of a feed that could not be used, as they came. */
export function HeldList({ held }: { readonly held: readonly HeldMessage[] }) {
  return (
    <ul className={style['list']}>
      {held.map((message) => (
        <HeldRow key={message.id} held={message} />
      ))}
    </ul>
  );
}

function HeldRow({ held }: { readonly held: HeldMessage }) {
  const { t, i18n } = useLingui();
  const { appointments } = useSession();
  const { frame } = usePractice();
  const nameOf = useNameOf();
  const now = useNow();
  const action = useAction();
  const [giving, setGiving] = useState(false);
  const [patient, setPatient] = useState<ChosenPatient | null>(null);
  const [dropping, setDropping] = useState(false);
  const came = whenWords(held.at, now, frame);
  const until = whenWords(held.until, now, frame);
  const isTried = held.until > now && held.code === 'unknown-patient';
  return (
    <li className={style['held']}>
      <p>
        <b>{i18n._(CODES[held.code])}</b>{' '}
        <span className={style['quiet']}>
          {t`came ${came}`}
          {isTried && ` · ${t`tried again until ${until}`}`}
        </span>
      </p>
      <details className={style['details']}>
        <summary>
          <Trans>As it came</Trans>
        </summary>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long lines scroll and have to be reachable by keyboard */}
        <pre className={style['raw']} tabIndex={0} role="region" aria-label={t`Message as it came`}>
          {held.raw.replaceAll('\r', '\n')}
        </pre>
      </details>
      {held.ref !== null ? (
        <p className={style['state']} data-tone="waiting">
          <IconHourglass size={17} stroke={1.7} aria-hidden="true" />
          {t`Given to ${nameOf(held.ref)}: the assistant takes it up`}
        </p>
      ) : giving ? (
        <div className={style['give']}>
          <PatientChoice label={t`Whose it is`} patient={patient} focusFirst onChange={setPatient} />
          <div className={style['row-acts']}>
            <Button
              size="compact-md"
              loading={action.busy}
              disabled={patient === null}
              onClick={() =>
                void action
                  .run(() => appointments.resolveHeld(held.id, patient?.ref ?? null))
                  .then(() => setGiving(false))
              }
            >
              <Trans>Give it to this patient</Trans>
            </Button>
            <Button size="compact-md" variant="subtle" color="gray" onClick={() => setGiving(false)}>
              <Trans>Cancel</Trans>
            </Button>
          </div>
        </div>
      ) : (
        <div className={style['row-acts']}>
          {held.code === 'unknown-patient' && (
            <Button size="compact-md" variant="light" onClick={() => setGiving(true)}>
              <Trans>Say whose it is</Trans>
            </Button>
          )}
          <Button size="compact-md" variant="subtle" color="gray" onClick={() => setDropping(true)}>
            <Trans>Drop…</Trans>
          </Button>
        </div>
      )}
      <FailureNotice sentence={action.failure} />
      {dropping && (
        <ConfirmDialog
          title={t`Drop this message`}
          confirm={t`Drop`}
          danger
          onConfirm={() => appointments.resolveHeld(held.id, null)}
          onClose={() => setDropping(false)}
        >
          <Trans>The visit that it speaks of will not be here unless the record system sends it again.</Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
