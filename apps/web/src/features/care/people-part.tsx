import type { CareThread, Chart, ChartPerson } from '@baton/client';
import { Button, Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { tableTime } from '../../design/words/time-words.ts';
import { InvitePatientDialog } from './invite-patient-dialog.tsx';
import { LetInDialog } from './let-in-dialog.tsx';
import { PanelPart } from './panel-part.tsx';
import style from './patient-panel.module.css';
import { isAnybodyLeft, isElsewhere, listPeopleHere } from './people-here.ts';
import { RELATION_NAMES } from './relation-names.ts';

/** Who writes on the patient's side, who is invited, and what is wrong with an invitation. */
export function PeoplePart({ chart, thread }: { readonly chart: Chart; readonly thread: CareThread }) {
  const { t } = useLingui();
  const session = useSession();
  const [inviting, setInviting] = useState(false);
  const mayInvite = session.can('people.invite.patient');
  const people = listPeopleHere(chart.people, thread);
  const alarm = people.find(({ secondClaim }) => secondClaim);
  return (
    <PanelPart
      title={<Trans>On the patient's side</Trans>}
      action={
        mayInvite &&
        isAnybodyLeft(chart.people, thread) && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconUserPlus size={16} stroke={1.7} aria-hidden="true" />}
            onClick={() => setInviting(true)}
          >
            <Trans>Invite</Trans>
          </Button>
        )
      }
    >
      {alarm !== undefined && (
        <Notice tone="danger" role="alert">
          {t`Somebody tried to use ${alarm.name}'s invitation a second time. Call ${alarm.name} on the number that you know, and ask who has the phone.`}
        </Notice>
      )}
      {thread.confidential && (
        <p className={style['quiet']}>
          <Trans>Private: nobody who speaks for the patient is in here, or can be let in.</Trans>
        </p>
      )}
      {people.length === 0 && (
        <p className={style['quiet']}>
          <Trans>
            Nobody is invited yet. An invitation goes by text or e-mail; the code is told another way.
          </Trans>
        </p>
      )}
      <ul className={style['plain']}>
        {people.map((person) => (
          <PersonLine
            key={person.account}
            person={person}
            chart={chart}
            thread={thread}
            mayInvite={mayInvite}
          />
        ))}
      </ul>
      {inviting && (
        <InvitePatientDialog chart={chart} thread={thread} again={null} onClose={() => setInviting(false)} />
      )}
    </PanelPart>
  );
}

function PersonLine({
  person,
  chart,
  thread,
  mayInvite,
}: {
  readonly person: ChartPerson;
  readonly chart: Chart;
  readonly thread: CareThread;
  readonly mayInvite: boolean;
}) {
  const { t, i18n } = useLingui();
  const { care } = useSession();
  const [act, setAct] = useState<'again' | 'end' | 'let-in' | null>(null);
  const { name } = person;
  return (
    <li>
      <span className={style['line']}>
        <span>
          {name} <span className={style['quiet']}>{i18n._(RELATION_NAMES[person.relation])}</span>
        </span>
        {mayInvite && person.state !== 'ended' && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <IconAction size="small" label={t`Actions for ${name}`}>
                <IconDots size={17} stroke={1.8} />
              </IconAction>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAct('again')}>
                {person.state === 'joined' ? (
                  <Trans>Lost phone: invite again…</Trans>
                ) : (
                  <Trans>Invite again…</Trans>
                )}
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setAct('end')}>
                <Trans>End access…</Trans>
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </span>
      <PersonState person={person} />
      {isElsewhere(person, thread) && (
        <span className={style['amber']}>
          <Trans>not in this conversation yet</Trans>{' '}
          {mayInvite && (
            <Button size="compact-xs" variant="light" onClick={() => setAct('let-in')}>
              <Trans>Let in…</Trans>
            </Button>
          )}
        </span>
      )}
      {act === 'let-in' && (
        <LetInDialog person={person} chart={chart} thread={thread} onClose={() => setAct(null)} />
      )}
      {act === 'again' && (
        <InvitePatientDialog chart={chart} thread={thread} again={person} onClose={() => setAct(null)} />
      )}
      {act === 'end' && (
        <ConfirmDialog
          danger
          title={t`End ${name}'s access`}
          confirm={t`End access`}
          onConfirm={() => care.endPerson(chart.ref, person.account)}
          onClose={() => setAct(null)}
        >
          {t`${name} can read nothing that is written from now on. What they have on their phone stays there.`}
        </ConfirmDialog>
      )}
    </li>
  );
}

function PersonState({ person }: { readonly person: ChartPerson }) {
  const { t } = useLingui();
  const frame = useTimeFrame();
  const until = person.until === null ? null : tableTime(person.until, frame);
  const tries = person.triesLeft ?? 0;
  switch (person.state) {
    case 'joined':
      return (
        <span className={style['done']}>
          {until === null ? <Trans>joined</Trans> : t`joined, until ${until}`}
          {person.keysChangedAt !== null && (
            <span className={style['amber']}>
              {' '}
              {t`new phone since ${tableTime(person.keysChangedAt, frame)}`}
            </span>
          )}
        </span>
      );
    case 'invited':
      return (
        <span
          className={style['quiet']}
        >{t`invited, not joined yet (${tries} tries for the code left)`}</span>
      );
    case 'expired':
      return (
        <span className={style['amber']}>
          <Trans>the invitation has run out</Trans>
        </span>
      );
    case 'locked':
      return (
        <span className={style['danger']}>
          <Trans>five wrong codes: call the patient, then invite again</Trans>
        </span>
      );
    case 'ended':
      return (
        <span className={style['quiet']}>
          <Trans>access ended</Trans>
        </span>
      );
  }
}
