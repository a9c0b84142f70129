import type { AgentRow } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { ListDetail } from '../../design/primitives/list-detail.tsx';
import { MemberLine } from '../../design/primitives/member-line.tsx';
import { PaneHeader } from '../../design/primitives/pane.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { AgentDetail } from './agent-detail.tsx';
import style from './agents.module.css';
import { InviteAgent } from './invite-agent.tsx';

/** The automations of the organisation: what each may do, where it is, what it did. */
export function AgentsScreen() {
  const { t } = useLingui();
  const session = useSession();
  const { agent: selected = null } = useParams({ strict: false });
  const rows = useLive(session.agents.rows);
  const row = rows.find(({ agent }) => agent.id === selected);
  const mayManage = session.can('agent.manage');
  const [inviting, setInviting] = useState(false);
  usePageTitle(row?.agent.name ?? t`Assistants`);
  return (
    <>
      <ListDetail
        list={
          <section className={style['list']} aria-labelledby="agents-title">
            <PaneHeader
              level={selected === null ? 1 : 2}
              titleId="agents-title"
              title={<Trans>Assistants</Trans>}
              after={
                mayManage && (
                  <IconAction label={t`Invite an assistant`} onClick={() => setInviting(true)}>
                    <IconPlus size={20} stroke={1.7} />
                  </IconAction>
                )
              }
            />
            <p className={style['intro']}>
              <Trans>
                Each is a visible member wherever it reads, with keys of its own and somebody who answers for
                it.
              </Trans>
            </p>
            <ul className={style['rows']}>
              {rows.map((one) => (
                <AgentItem key={one.agent.id} row={one} isHere={one.agent.id === selected} />
              ))}
            </ul>
          </section>
        }
        detail={
          selected === null ? null : row === undefined ? (
            <EmptyState title={t`No such assistant`}>
              <Trans>There is nothing here that you can see.</Trans>
            </EmptyState>
          ) : (
            <AgentDetail key={row.agent.id} row={row} />
          )
        }
        nothing={<Nothing any={rows.length > 0} onInvite={mayManage ? () => setInviting(true) : null} />}
      />
      {inviting && <InviteAgent onClose={() => setInviting(false)} />}
    </>
  );
}

function AgentItem({ row, isHere }: { readonly row: AgentRow; readonly isHere: boolean }) {
  const { t } = useLingui();
  const { agent, manifest, responsible } = row;
  const name = responsible?.name ?? '';
  const about = !agent.active
    ? t`Ended`
    : manifest === null
      ? t`Gets no keys: its manifest is not known`
      : t`${name} answers for it`;
  return (
    <li>
      <Link
        to="/agents/$agent"
        params={{ agent: agent.id }}
        className={style['row']}
        aria-current={isHere ? 'page' : undefined}
      >
        <MemberLine member={agent} about={about} />
      </Link>
    </li>
  );
}

function Nothing({ any, onInvite }: { readonly any: boolean; readonly onInvite: (() => void) | null }) {
  const { t } = useLingui();
  return (
    <EmptyState
      icon={<IconRobot size={28} stroke={1.5} />}
      title={any ? t`Assistants` : t`No assistants yet`}
      action={
        onInvite !== null && (
          <Button variant="light" onClick={onInvite}>
            <Trans>Invite an assistant</Trans>
          </Button>
        )
      }
    >
      <Trans>
        An assistant runs on your own station. It reads only what its manifest allows, and only where somebody
        let it in.
      </Trans>
    </EmptyState>
  );
}
