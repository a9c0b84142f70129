import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { BatonsPage } from './batons-page.tsx';
import { DemoDoor } from './doors.tsx';
import { InboxScreen } from './inbox-screen.tsx';
import { Broken, NotFound, Root } from './root.tsx';
import { StaffLayout } from './staff-layout.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: Broken });
const demo = createRoute({ getParentRoute: () => root, path: '/demo', component: DemoDoor });
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./lazy-doors.tsx'), 'JoinDoor'),
});
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./lazy-doors.tsx'), 'SetUpDoor'),
});

const staff = createRoute({ getParentRoute: () => root, id: 'staff', component: StaffLayout });
/** My batons: the first screen, and one baton beside the list. */
const batons = createRoute({ getParentRoute: () => staff, id: 'batons', component: BatonsPage });
const home = createRoute({ getParentRoute: () => batons, path: '/' });
const baton = createRoute({ getParentRoute: () => batons, path: '/batons/$baton' });
const inbox = createRoute({ getParentRoute: () => staff, path: '/inbox', component: InboxScreen });
const inboxIndex = createRoute({ getParentRoute: () => inbox, path: '/' });
const conversation = createRoute({ getParentRoute: () => inbox, path: '$conversation' });

const newConversation = createRoute({
  getParentRoute: () => staff,
  path: '/new',
  component: lazyRouteComponent(() => import('./lazy-screens.tsx'), 'NewConversationScreen'),
});
const patients = createRoute({
  getParentRoute: () => staff,
  path: '/patients',
  component: lazyRouteComponent(() => import('./lazy-screens.tsx'), 'PatientsPage'),
});
const texting = createRoute({
  getParentRoute: () => staff,
  path: '/texting',
  component: lazyRouteComponent(() => import('../features/texting/texting-screen.tsx'), 'TextingScreen'),
});
const appointments = createRoute({
  getParentRoute: () => staff,
  path: '/appointments',
  component: lazyRouteComponent(
    () => import('../features/appointments/appointments-screen.tsx'),
    'AppointmentsScreen',
  ),
});
const appointmentsIndex = createRoute({ getParentRoute: () => appointments, path: '/' });
const appointmentsPart = createRoute({ getParentRoute: () => appointments, path: '$part' });
const programmes = createRoute({
  getParentRoute: () => staff,
  path: '/programmes',
  component: lazyRouteComponent(
    () => import('../features/programmes/programmes-screen.tsx'),
    'ProgrammesScreen',
  ),
});
const protocols = createRoute({
  getParentRoute: () => staff,
  path: '/programmes/protocols',
  component: lazyRouteComponent(
    () => import('../features/programmes/programmes-screen.tsx'),
    'ProtocolsScreen',
  ),
});
const protocol = createRoute({
  getParentRoute: () => staff,
  path: '/programmes/protocols/$protocol',
  component: lazyRouteComponent(
    () => import('../features/programmes/protocols/protocol-page.tsx'),
    'ProtocolScreen',
  ),
});
const directory = createRoute({
  getParentRoute: () => staff,
  path: '/directory',
  component: lazyRouteComponent(() => import('./lazy-screens.tsx'), 'DirectoryPage'),
});
const directoryIndex = createRoute({ getParentRoute: () => directory, path: '/' });
const member = createRoute({ getParentRoute: () => directory, path: '$member' });
const onCall = createRoute({
  getParentRoute: () => staff,
  path: '/on-call',
  component: lazyRouteComponent(() => import('../features/on-call/on-call-screen.tsx'), 'OnCallScreen'),
});
const onCallIndex = createRoute({ getParentRoute: () => onCall, path: '/' });
const onCallItem = createRoute({ getParentRoute: () => onCall, path: '$item' });
const agents = createRoute({
  getParentRoute: () => staff,
  path: '/agents',
  component: lazyRouteComponent(() => import('../features/agents/agents-screen.tsx'), 'AgentsScreen'),
});
const agentsIndex = createRoute({ getParentRoute: () => agents, path: '/' });
const agent = createRoute({ getParentRoute: () => agents, path: '$agent' });
const integrations = createRoute({
  getParentRoute: () => staff,
  path: '/integrations',
  component: lazyRouteComponent(
    () => import('../features/integrations/integrations-screen.tsx'),
    'IntegrationsScreen',
  ),
});
const handOver = createRoute({
  getParentRoute: () => staff,
  path: '/hand-over',
  component: lazyRouteComponent(() => import('../features/hand-over/hand-over-screen.tsx'), 'HandOverScreen'),
});
const settings = createRoute({
  getParentRoute: () => staff,
  path: '/settings',
  component: lazyRouteComponent(() => import('./lazy-screens.tsx'), 'SettingsPage'),
});
const security = createRoute({
  getParentRoute: () => staff,
  path: '/security',
  component: lazyRouteComponent(() => import('../features/security/security-screen.tsx'), 'SecurityScreen'),
});
const people = createRoute({
  getParentRoute: () => staff,
  path: '/people',
  component: lazyRouteComponent(() => import('../features/people/people-screen.tsx'), 'PeopleScreen'),
});
const audit = createRoute({
  getParentRoute: () => staff,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/audit-screen.tsx'), 'AuditScreen'),
});

const routeTree = root.addChildren([
  demo,
  join,
  setUp,
  staff.addChildren([
    batons.addChildren([home, baton]),
    handOver,
    onCall.addChildren([onCallIndex, onCallItem]),
    agents.addChildren([agentsIndex, agent]),
    integrations,
    newConversation,
    patients,
    texting,
    appointments.addChildren([appointmentsIndex, appointmentsPart]),
    programmes,
    protocols,
    protocol,
    directory.addChildren([directoryIndex, member]),
    settings,
    security,
    people,
    audit,
    inbox.addChildren([inboxIndex, conversation]),
  ]),
]);

export const router = createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: false });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
