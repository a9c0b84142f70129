import { Button } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCalendarEvent } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { EmptyState } from '../../design/primitives/empty-state.tsx';
import { FailureNotice } from '../../design/primitives/notice.tsx';
import { usePageTitle } from '../../design/primitives/page-title.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import style from './appointments.module.css';
import { FeedsPage } from './feeds/feeds-page.tsx';
import { ImportPage } from './import/import-page.tsx';
import { RecallsPage } from './recalls/recalls-page.tsx';
import { RemindersPage } from './reminders/reminders-page.tsx';
import { ScorePage } from './score/score-page.tsx';
import { SlotsPage } from './slots/slots-page.tsx';
import { VisitsPage } from './visits/visits-page.tsx';
import { WaitlistPage } from './waitlist/waitlist-page.tsx';

const PARTS = ['slots', 'waitlist', 'recalls', 'reminders', 'score', 'feeds', 'import'] as const;
type Part = (typeof PARTS)[number] | 'visits';

/** Visits and everything that is said about them without a person saying it. */
export function AppointmentsScreen() {
  const { t } = useLingui();
  const { part: named = 'visits' } = useParams({ strict: false });
  const { appointments } = useSession();
  const { available, established, ready } = useLive(appointments.state);
  usePageTitle(t`Appointments`);
  const part: Part = PARTS.find((one) => one === named) ?? 'visits';
  if (!available)
    return (
      <EmptyState title={t`This is for the teams that care for patients`}>
        <Trans>Ask an administrator for a role in one of them.</Trans>
      </EmptyState>
    );
  if (!established) return <NotYet />;
  return (
    <div className={style['screen']}>
      <header className={style['top']}>
        <h1>
          <Trans>Appointments</Trans>
        </h1>
        <Tabs here={part} />
      </header>
      <div className={style['scroll']}>
        <div className={style['body']}>{ready && <PartOf part={part} />}</div>
      </div>
    </div>
  );
}

function PartOf({ part }: { readonly part: Part }) {
  switch (part) {
    case 'visits':
      return <VisitsPage />;
    case 'slots':
      return <SlotsPage />;
    case 'waitlist':
      return <WaitlistPage />;
    case 'recalls':
      return <RecallsPage />;
    case 'reminders':
      return <RemindersPage />;
    case 'score':
      return <ScorePage />;
    case 'feeds':
      return <FeedsPage />;
    case 'import':
      return <ImportPage />;
  }
}

function Tabs({ here }: { readonly here: Part }) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const held = useLive(appointments.held).length;
  const tabs = useRef<HTMLElement>(null);
  // On a narrow screen the line of tabs scrolls; the one that is open must not lie outside.
  useEffect(() => {
    const row = tabs.current;
    const open = row?.querySelector<HTMLElement>(`[data-part="${here}"]`);
    if (row && open) row.scrollLeft = open.offsetLeft - row.offsetLeft - row.clientWidth / 3;
  }, [here]);
  return (
    <nav ref={tabs} className={style['tabs']} aria-label={t`Appointments`}>
      <Link
        to="/appointments"
        data-part="visits"
        activeOptions={{ exact: true }}
        aria-current={here === 'visits' ? 'page' : undefined}
      >
        <Trans>Visits</Trans>
      </Link>
      <TabLink part="slots" here={here}>
        <Trans>Free times</Trans>
      </TabLink>
      <TabLink part="waitlist" here={here}>
        <Trans>Waitlist</Trans>
      </TabLink>
      <TabLink part="recalls" here={here}>
        <Trans>Recalls</Trans>
      </TabLink>
      <TabLink part="reminders" here={here}>
        <Trans>Reminders</Trans>
      </TabLink>
      <TabLink part="score" here={here}>
        <Trans>No-shows</Trans>
      </TabLink>
      <TabLink part="feeds" here={here === 'import' ? 'feeds' : here}>
        <Trans>Sources</Trans>
        {held > 0 && (
          <span className={style['count']}>
            {held} <span className="sr-only">{t`messages to look at`}</span>
          </span>
        )}
      </TabLink>
    </nav>
  );
}

function TabLink({
  part,
  here,
  children,
}: {
  readonly part: (typeof PARTS)[number];
  readonly here: Part;
  readonly children: ReactNode;
}) {
  return (
    <Link
      to="/appointments/$part"
      params={{ part }}
      data-part={part}
      aria-current={part === here ? 'page' : undefined}
    >
      {children}
    </Link>
  );
}

/** Nothing is there yet: one action makes it, where texting is set up already. */
function NotYet() {
  const { t } = useLingui();
  const session = useSession();
  const { appointments, care } = session;
  const texting = useLive(care.state);
  const action = useAction();
  const mayStart = session.can('conversation.create.collection');
  return (
    <div className={style['screen']}>
      <EmptyState
        icon={<IconCalendarEvent size={28} stroke={1.5} />}
        title={t`No appointments yet`}
        action={
          !texting.established ? (
            <Button renderRoot={(props) => <Link {...props} to="/texting" />}>
              <Trans>Set up texting first</Trans>
            </Button>
          ) : (
            mayStart && (
              <Button loading={action.busy} onClick={() => void action.run(() => appointments.establish())}>
                <Trans>Start</Trans>
              </Button>
            )
          )
        }
      >
        <Trans>
          Visits come from your record system, from a file, or by hand. Patients are reminded, and what they
          answer stands beside the visit. Only your team can read it.
        </Trans>
      </EmptyState>
      <FailureNotice sentence={action.failure} />
    </div>
  );
}
