import type { Care, CareThread, Owner } from '@baton/client';
import { Button, Menu } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconArrowLeft,
  IconCheck,
  IconChevronDown,
  IconClockPause,
  IconHandGrab,
  IconHourglass,
  IconRotate,
  IconUserShare,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { OwnerFace } from '../../design/batons/owner-words.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useAnnouncer } from '../../design/session/live-region.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { type Action, useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { tableTime } from '../../design/words/time-words.ts';
import { AssignDialog } from './assign-dialog.tsx';
import style from './care-header.module.css';
import { CHANNEL_NAMES, STATUS_NAMES } from './care-words.ts';
import { snoozeChoices } from './snooze-choices.ts';

/** Whose conversation this is, where it stands, and what can be done about that. */
export function CareHeader({
  thread,
  titleId,
  withBack,
  tools,
}: {
  readonly thread: CareThread;
  readonly titleId: string;
  readonly withBack: boolean;
  /** Buttons of the columns beside it. */
  readonly tools: ReactNode;
}) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const { patients } = useSession();
  const frame = useTimeFrame();
  const rows = useLive(patients.rows);
  const action = useAction();
  const age = rows.find(({ ref }) => ref === thread.ref)?.age ?? null;
  const facts = [
    thread.confidential ? t`private conversation` : null,
    age === null ? null : t`${age} y`,
    i18n._(CHANNEL_NAMES[thread.channel]),
    i18n._(STATUS_NAMES[thread.status]),
  ].filter((fact) => fact !== null);
  const snoozed = thread.snoozedUntil === null ? '' : tableTime(thread.snoozedUntil, frame);
  return (
    <div className={style['head']}>
      <PaneHeader
        level={1}
        titleId={titleId}
        title={thread.name}
        before={
          withBack && (
            <IconAction label={t`Back to the inbox`} onClick={() => void navigate({ to: '/inbox' })}>
              <IconArrowLeft size={20} stroke={1.8} />
            </IconAction>
          )
        }
        below={<p className={style['facts']}>{facts.join(' · ')}</p>}
        after={
          <span className={style['tools']}>
            <Responsible thread={thread} action={action} />
            {tools}
          </span>
        }
      />
      <FailureNotice sentence={action.failure} />
      {thread.status === 'snoozed' && (
        <Notice tone="info" band>
          {t`Snoozed until ${snoozed}, or until the patient writes.`}
        </Notice>
      )}
      {(thread.deceased || thread.doNotContact) && (
        <Notice tone="waiting" band>
          {thread.deceased ? (
            <Trans>This patient has died. Nothing is sent by any programme.</Trans>
          ) : (
            <Trans>This patient does not want to be contacted. Nothing is sent by any programme.</Trans>
          )}
        </Notice>
      )}
    </div>
  );
}

/** Who looks after it, and the acts that move it. */
function Responsible({ thread, action }: { readonly thread: CareThread; readonly action: Action }) {
  const { t } = useLingui();
  const { care, me } = useSession();
  const account = useLive(me).account;
  const announcer = useAnnouncer();
  const [assigning, setAssigning] = useState(false);
  const responsible: Owner | null = thread.assignee ?? thread.owner;
  const change = (part: Change): void => void action.run(() => care.changeThread(thread.conversation, part));
  const claim = (): void =>
    void action.run(async () => {
      const { mine, by } = await care.claim(thread.conversation);
      const who = by?.name ?? '';
      announcer.say(mine ? t`It is yours now` : t`${who} was faster and has it`);
    });
  const isMine = thread.assignee?.id === account;
  return (
    <>
      {!isMine && (
        <Button
          size="xs"
          variant="light"
          leftSection={<IconHandGrab size={16} stroke={1.8} aria-hidden="true" />}
          loading={action.busy}
          onClick={claim}
        >
          <Trans>Take</Trans>
        </Button>
      )}
      <Menu position="bottom-end" withinPortal width={260}>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            className={style['whose'] ?? ''}
            rightSection={<IconChevronDown size={15} stroke={1.8} aria-hidden="true" />}
          >
            <span className={style['owner']}>
              {responsible !== null && <OwnerFace owner={responsible} />}
              <span>{isMine ? <Trans>Yours</Trans> : (responsible?.name ?? <Trans>Nobody yet</Trans>)}</span>
            </span>
          </Button>
        </Menu.Target>
        <ThreadMenu thread={thread} change={change} onAssign={() => setAssigning(true)} />
      </Menu>
      {assigning && <AssignDialog thread={thread} onClose={() => setAssigning(false)} />}
    </>
  );
}

type Change = Parameters<Care['changeThread']>[1];

/** Where the conversation can go from here. */
function ThreadMenu({
  thread,
  change,
  onAssign,
}: {
  readonly thread: CareThread;
  readonly change: (part: Change) => void;
  readonly onAssign: () => void;
}) {
  const now = useNow(60_000);
  const frame = useTimeFrame();
  return (
    <Menu.Dropdown>
      <Menu.Item leftSection={<IconUserShare size={17} stroke={1.7} aria-hidden="true" />} onClick={onAssign}>
        <Trans>Give to somebody…</Trans>
      </Menu.Item>
      {thread.assignee !== null && (
        <Menu.Item
          leftSection={<IconRotate size={17} stroke={1.7} aria-hidden="true" />}
          onClick={() => change({ assignee: null })}
        >
          <Trans>Back to the team</Trans>
        </Menu.Item>
      )}
      <Menu.Divider />
      {thread.status !== 'open' && (
        <Menu.Item
          leftSection={<IconRotate size={17} stroke={1.7} aria-hidden="true" />}
          onClick={() => change({ status: 'open', snoozedUntil: null })}
        >
          <Trans>Open again</Trans>
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconHourglass size={17} stroke={1.7} aria-hidden="true" />}
        onClick={() => change({ status: 'waiting', snoozedUntil: null })}
      >
        <Trans>Waiting for the patient</Trans>
      </Menu.Item>
      <Menu.Label>
        <Trans>Snooze until</Trans>
      </Menu.Label>
      {snoozeChoices(now, frame).map(({ until, what }) => (
        <Menu.Item
          key={until}
          leftSection={<IconClockPause size={17} stroke={1.7} aria-hidden="true" />}
          onClick={() => change({ snoozedUntil: until })}
        >
          {what === 'hours' ? <Trans>in 3 hours</Trans> : null}
          {what === 'tomorrow' ? <Trans>tomorrow morning</Trans> : null}
          {what === 'week' ? <Trans>in a week</Trans> : null}
          <span className={style['when']}>{tableTime(until, frame)}</span>
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconCheck size={17} stroke={1.7} aria-hidden="true" />}
        disabled={thread.owed.all > 0 || thread.status === 'closed'}
        onClick={() => change({ status: 'closed', snoozedUntil: null })}
      >
        {thread.owed.all > 0 ? <Trans>Close (answer or end what is owed first)</Trans> : <Trans>Close</Trans>}
      </Menu.Item>
    </Menu.Dropdown>
  );
}
