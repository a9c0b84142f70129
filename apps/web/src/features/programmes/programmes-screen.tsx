import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconHeartRateMonitor, IconLock } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import type { EventId } from '@baton/kernel';
import type { ReactNode } from 'react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { CohortPage } from './cohort/cohort-page.tsx';
import { PatientPage } from './patient/patient-page.tsx';
import { ProtocolsPage } from './protocols/protocols-page.tsx';
import style from './programmes.module.css';

/**
 * Patients on check-in programmes, worst first. Which of them is open stands behind the # of the address: that part is never sent to the
 * server.
 */
export function ProgrammesScreen() {
  const { t } = useLingui();
  const selected = useRouterState({ select: (state) => state.location.hash });
  usePageTitle(t`Check-in programmes`);
  return (
    <Guarded>
      {selected === '' ? (
        <Tabbed>
          <CohortPage />
        </Tabbed>
      ) : (
        <PatientPage id={selected as EventId} />
      )}
    </Guarded>
  );
}

export function ProtocolsScreen() {
  const { t } = useLingui();
  usePageTitle(t`Check-in protocols`);
  return (
    <Guarded>
      <Tabbed>
        <ProtocolsPage />
      </Tabbed>
    </Guarded>
  );
}

function Tabbed({ children }: { readonly children: ReactNode }) {
  const { t } = useLingui();
  return (
    <div className={style['screen']}>
      <nav className={style['tabs']} aria-label={t`Check-in programmes`}>
        <Link to="/programmes" activeOptions={{ exact: true, includeSearch: false }}>
          <Trans>Patients</Trans>
        </Link>
        <Link to="/programmes/protocols">
          <Trans>Protocols</Trans>
        </Link>
      </nav>
      <div className={style['under']}>{children}</div>
    </div>
  );
}

/** Everybody who may see patients, once the collection is there. */
export function Guarded({ children }: { readonly children: ReactNode }) {
  const { t } = useLingui();
  const { programmes } = useSession();
  const { available, established, ready } = useLive(programmes.state);
  const action = useAction();
  if (!available)
    return (
      <EmptyState
        icon={<IconLock size={28} stroke={1.5} />}
        title={t`This is for the teams that care for patients`}
      >
        <Trans>Ask an administrator for a role in one of them.</Trans>
      </EmptyState>
    );
  if (!established)
    return (
      <EmptyState
        icon={<IconHeartRateMonitor size={28} stroke={1.5} />}
        title={t`No check-in programmes yet`}
        action={
          <>
            <FailureNotice sentence={action.failure} />
            <Button loading={action.busy} onClick={() => void action.run(() => programmes.establish())}>
              <Trans>Set it up</Trans>
            </Button>
          </>
        }
      >
        <Trans>
          A programme asks patients how they are, by a protocol that two of your people have signed, and tells
          somebody when it matters.
        </Trans>
      </EmptyState>
    );
  return ready ? children : null;
}
