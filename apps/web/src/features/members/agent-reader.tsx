import type { Conversation, Readers } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../design/primitives/confirm-dialog.tsx';
import { MemberLine } from '../../design/primitives/member-line.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { shortDate } from '../../design/words/time-words.ts';
import style from './members.module.css';

/** An assistant among the readers: what it is for, who answers for it, since when it reads, and the way to end that. */
export function AgentReader({
  agent,
  conversation,
  canRevoke,
}: {
  readonly agent: Readers['agents'][number];
  readonly conversation: Conversation;
  readonly canRevoke: boolean;
}) {
  const { t } = useLingui();
  const { agents } = useSession();
  const row = useLive(agents.rows).find((one) => one.agent.id === agent.id);
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const since = agent.since === null ? null : shortDate(agent.since, now, frame);
  const [revoking, setRevoking] = useState(false);
  const { name } = agent;
  const responsible = row?.responsible?.name ?? null;
  const served = row?.serves.find((one) => one.conversation === conversation.id);
  const reads = served === undefined || served.history ? null : t`sees only what came after joining`;
  const facts = [
    responsible === null ? null : t`${responsible} answers for it`,
    since === null ? null : t`since ${since}`,
    reads,
  ].filter((fact) => fact !== null);
  return (
    <li className={style['reader']}>
      <MemberLine
        member={agent}
        about={facts.join(' · ')}
        after={
          canRevoke && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t`Take out ${name}`}
              onClick={() => setRevoking(true)}
            >
              <Trans>Take out</Trans>
            </Button>
          )
        }
      />
      {row?.manifest !== undefined && row.manifest !== null && (
        <ul className={style['purposes']}>
          {row.manifest.purposes.map((purpose) => (
            <li key={purpose}>{purpose}</li>
          ))}
        </ul>
      )}
      {revoking && (
        <ConfirmDialog
          danger
          title={t`Take out ${name}?`}
          confirm={t`Take out`}
          onConfirm={() => agents.revoke(agent.id, conversation.id)}
          onClose={() => setRevoking(false)}
        >
          <Trans>New keys are made at once. It reads nothing that is written from then on.</Trans>
        </ConfirmDialog>
      )}
    </li>
  );
}
