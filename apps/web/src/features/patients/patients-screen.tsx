import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconHeartbeat, IconLock } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { ListDetail } from '../../design/primitives/list-detail.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { PatientDetail } from './patient-detail.tsx';
import { PatientList } from './patient-list.tsx';

/**
 * The sealed registry. Which patient is open stands behind the # of the address: that part is never sent to the server, so a reload does
 * not tell it whose record is being read.
 */
export function PatientsScreen({
  tools,
  renderActs,
}: {
  /** At the top of the list. */
  readonly tools?: ReactNode;
  readonly renderActs?: (patient: string) => ReactNode;
}) {
  const { t } = useLingui();
  const { patients } = useSession();
  const { available, ready, count } = useLive(patients.state);
  const selected = useRouterState({ select: (state) => state.location.hash });
  const ref = selected === '' ? null : selected;
  const record = ref === null ? null : patients.read(ref);
  // A browser's title can be seen on a screen that is shared: it never names a patient.
  usePageTitle(t`Patients`);
  if (!available) {
    return (
      <EmptyState icon={<IconLock size={28} stroke={1.5} />} title={t`The registry is sealed`}>
        <Trans>
          Only the teams that care for patients hold its key. If you need it for your work, ask an
          administrator for a role in one of them.
        </Trans>
      </EmptyState>
    );
  }
  return (
    <ListDetail
      list={<PatientList selected={ref} ready={ready} tools={tools} />}
      detail={
        ref === null ? null : record === null ? (
          <EmptyState title={t`No such patient`}>
            <Trans>The record may have been removed from the registry.</Trans>
          </EmptyState>
        ) : (
          <PatientDetail key={ref} record={record} acts={renderActs?.(ref)} />
        )
      }
      nothing={
        <EmptyState
          icon={<IconHeartbeat size={28} stroke={1.5} />}
          title={t`${plural(count, { one: '# patient', other: '# patients' })}`}
        >
          <Trans>The registry is opened and searched on this device. The server cannot read it.</Trans>
        </EmptyState>
      }
    />
  );
}
