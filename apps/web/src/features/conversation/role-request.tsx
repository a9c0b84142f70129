import type { TimelineMessage } from '@baton/client';
import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useState } from 'react';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './role-request.module.css';

/** A colleague asks for a role: one press hands it over, with its conversations and what it owes. */
export function RoleRequest({
  message,
  onReply,
}: {
  readonly message: TimelineMessage;
  readonly onReply: (message: TimelineMessage) => void;
}) {
  const { t } = useLingui();
  const session = useSession();
  const me = useLive(session.me).account;
  const rows = useLive(session.duty.roles);
  const action = useAction();
  const [given, setGiven] = useState(false);
  const { request } = message;
  if (request === null) return null;
  const { role } = request;
  const { id: to, name } = message.author;
  const onDuty = rows.find((row) => row.role.id === role.id)?.onDuty ?? role.holders;
  const theirs = onDuty.some((person) => person.id === to);
  const mine = onDuty.some((person) => person.id === me);
  return (
    <div className={style['request']} role="group" aria-label={t`Request to take over ${role.name}`}>
      <p className={style['what']}>
        <IconArrowsExchange size={16} stroke={2} aria-hidden="true" />
        <span>
          {given || theirs ? (
            <Trans>
              {name} holds <b>{role.name}</b> now.
            </Trans>
          ) : (
            <Trans>
              {name} asks to take over <b>{role.name}</b>.
            </Trans>
          )}
        </span>
      </p>
      {request.canAnswer && !message.mine && !given && !theirs && (
        <div className={style['buttons']}>
          <Button
            size="compact-sm"
            loading={action.busy}
            onClick={() =>
              void action
                .run(() =>
                  session.duty.giveRole({ role: role.id, to, instead: mine ? me : null, until: null }),
                )
                .then(setGiven)
            }
          >
            <Trans>Hand the role over</Trans>
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => onReply(message)}>
            <Trans>Not now, answer</Trans>
          </Button>
        </div>
      )}
      <FailureNotice sentence={action.failure} />
    </div>
  );
}
