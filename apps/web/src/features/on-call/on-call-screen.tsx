import { parseId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { Board } from './board/board.tsx';
import { LaddersPage } from './ladders/ladders-page.tsx';
import style from './on-call.module.css';
import { PolicyPage } from './organisation/policy-page.tsx';
import { QueuesPage } from './organisation/queues-page.tsx';
import { UnitsPage } from './organisation/units-page.tsx';
import { RolePage } from './role/role-page.tsx';

type Tab = 'roles' | 'ladders' | 'units' | 'queues' | 'policy';

/** Who is on duty, and what happens when nobody answers. */
export function OnCallScreen() {
  const { t } = useLingui();
  const { item = '' } = useParams({ strict: false });
  usePageTitle(t`On call`);
  const role = parseId('role', item);
  const ladder = parseId('ladder', item);
  const tab: Tab =
    item === 'units' || item === 'queues' || item === 'policy'
      ? item
      : item === 'ladders' || ladder !== null
        ? 'ladders'
        : 'roles';
  return (
    <div className={style['screen']}>
      <header className={style['top']}>
        <h1>
          <Trans>On call</Trans>
        </h1>
        <nav className={style['tabs']} aria-label={t`On call`}>
          <Link
            to="/on-call"
            activeOptions={{ exact: true }}
            aria-current={tab === 'roles' ? 'page' : undefined}
          >
            <Trans>Roles</Trans>
          </Link>
          <TabLink item="ladders" here={tab}>
            <Trans>Ladders</Trans>
          </TabLink>
          <TabLink item="units" here={tab}>
            <Trans>Units</Trans>
          </TabLink>
          <TabLink item="queues" here={tab}>
            <Trans>Queues</Trans>
          </TabLink>
          <TabLink item="policy" here={tab}>
            <Trans>Rules</Trans>
          </TabLink>
        </nav>
      </header>
      <div className={style['scroll']}>
        <div className={style['body']} data-narrow={tab !== 'roles' || undefined}>
          {tab === 'ladders' && <LaddersPage selected={ladder} />}
          {tab === 'units' && <UnitsPage />}
          {tab === 'queues' && <QueuesPage />}
          {tab === 'policy' && <PolicyPage />}
          {tab === 'roles' && (role === null ? <Board /> : <RolePage key={role} id={role} />)}
        </div>
      </div>
    </div>
  );
}

function TabLink({
  item,
  here,
  children,
}: {
  readonly item: Exclude<Tab, 'roles'>;
  readonly here: Tab;
  readonly children: ReactNode;
}) {
  return (
    <Link to="/on-call/$item" params={{ item }} aria-current={item === here ? 'page' : undefined}>
      {children}
    </Link>
  );
}
