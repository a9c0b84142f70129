import { useLingui } from '@lingui/react/macro';
import {
  IconAddressBook,
  IconCalendarEvent,
  IconCalendarTime,
  IconClipboardList,
  IconHeartbeat,
  IconHeartRateMonitor,
  IconInbox,
  IconListCheck,
  IconMessageCog,
  IconPlugConnected,
  IconRobot,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useSession } from '../design/session/session-context.tsx';

export interface Place {
  readonly to:
    | '/'
    | '/inbox'
    | '/patients'
    | '/on-call'
    | '/directory'
    | '/appointments'
    | '/programmes'
    | '/people'
    | '/texting'
    | '/agents'
    | '/integrations'
    | '/audit';
  readonly label: string;
  readonly keys: string | null;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
}

/** Where one can go, by what the signed jobs allow. What would be refused is not shown. */
export function usePlaces(): {
  readonly main: readonly Place[];
  /** Beside the main five, where there is room: programmes of patients. */
  readonly care: readonly Place[];
  readonly admin: readonly Place[];
} {
  const { t } = useLingui();
  const session = useSession();
  const patients: readonly Place[] = session.can('patient.registry.read')
    ? [{ to: '/patients', label: t`Patients`, keys: 'G P', icon: IconHeartbeat }]
    : [];
  const care: readonly Place[] = session.can('patient.registry.read')
    ? [
        { to: '/appointments', label: t`Appointments`, keys: 'G A', icon: IconCalendarEvent },
        { to: '/programmes', label: t`Check-ins`, keys: 'G C', icon: IconHeartRateMonitor },
      ]
    : [];
  const people: readonly Place[] = session.can('people.invite')
    ? [{ to: '/people', label: t`People and roles`, keys: null, icon: IconUsersGroup }]
    : [];
  const texting: readonly Place[] =
    session.can('org.settings') && session.can('patient.registry.read')
      ? [{ to: '/texting', label: t`Patients and texting`, keys: null, icon: IconMessageCog }]
      : [];
  const agents: readonly Place[] =
    session.can('agent.manage') || session.can('agent.activity.read')
      ? [{ to: '/agents', label: t`Assistants`, keys: null, icon: IconRobot }]
      : [];
  const integrations: readonly Place[] = session.can('integration.manage')
    ? [{ to: '/integrations', label: t`Integrations`, keys: null, icon: IconPlugConnected }]
    : [];
  const audit: readonly Place[] = session.can('audit.read')
    ? [{ to: '/audit', label: t`Audit`, keys: null, icon: IconClipboardList }]
    : [];
  return {
    main: [
      { to: '/', label: t`My batons`, keys: 'G B', icon: IconListCheck },
      { to: '/inbox', label: t`Inbox`, keys: 'G I', icon: IconInbox },
      ...patients,
      { to: '/on-call', label: t`On call`, keys: 'G O', icon: IconCalendarTime },
      { to: '/directory', label: t`Directory`, keys: 'G D', icon: IconAddressBook },
    ],
    care,
    admin: [...people, ...texting, ...agents, ...integrations, ...audit],
  };
}

/** My batons and what belongs to it. */
export function isHome(path: string): boolean {
  return path === '/' || path.startsWith('/batons/') || path === '/hand-over';
}
