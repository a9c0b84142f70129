import type { DutyRow } from '@baton/client';
import type { RoleId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl } from '@mantine/core';
import { IconArrowLeft, IconHandGrab, IconMessage, IconUserShare } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../../design/primitives/empty-state.tsx';
import { Face } from '../../../design/primitives/face.tsx';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { usePageTitle } from '../../../design/primitives/page-title.ts';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { DayPlot } from '../plot/day-plot.tsx';
import { SpanTable } from '../plot/span-table.tsx';
import { warningsOf } from '../row-words.ts';
import { ScheduleSection } from '../schedule/schedule-section.tsx';
import { deviceTimeZone, midnights } from '../schedule/zoned-time.ts';
import { Covers } from './covers.tsx';
import { OnDutyNow } from './on-duty-now.tsx';
import { GiveDialog, TakeDialog } from './role-acts.tsx';
import style from './role.module.css';
import { useMessageRole } from './use-message-role.ts';

const DAYS = 7;

/** One role: who holds it, the week, covers and the schedule. */
export function RolePage({ id }: { readonly id: RoleId }) {
  const { t } = useLingui();
  const { duty } = useSession();
  const row = useLive(duty.roles).find(({ role }) => role.id === id);
  usePageTitle(row?.role.name ?? t`On call`);
  if (row === undefined) {
    return (
      <EmptyState
        title={t`No such role`}
        action={
          <Button component={Link} to="/on-call" variant="light">
            <Trans>All roles</Trans>
          </Button>
        }
      >
        <Trans>There is nothing here that you can see.</Trans>
      </EmptyState>
    );
  }
  return (
    <article className={style['page']}>
      <Link to="/on-call" className={style['back']}>
        <IconArrowLeft size={16} stroke={1.8} aria-hidden="true" />
        <Trans>All roles</Trans>
      </Link>
      <Head row={row} />
      <Warnings row={row} />
      <div className={style['halves']}>
        <OnDutyNow row={row} />
        <Covers row={row} />
      </div>
      <Week row={row} />
      <ScheduleSection row={row} />
    </article>
  );
}

function Head({ row }: { readonly row: DutyRow }) {
  const { t } = useLingui();
  const message = useMessageRole(row.role.id);
  const [act, setAct] = useState<'take' | 'give' | null>(null);
  return (
    <>
      <header className={style['head']}>
        <Face member={row.role} size="large" />
        <div className={style['titles']}>
          <h2>{row.role.name}</h2>
          <p>{row.role.unit ?? t`Whole organisation`}</p>
        </div>
        <div className={style['acts']}>
          <Button
            loading={message.action.busy}
            leftSection={<IconMessage size={18} stroke={1.7} aria-hidden="true" />}
            onClick={message.open}
          >
            <Trans>Message role</Trans>
          </Button>
          {row.can.take && (
            <Button
              variant="default"
              leftSection={<IconHandGrab size={18} stroke={1.7} aria-hidden="true" />}
              onClick={() => setAct('take')}
            >
              <Trans>Take this role…</Trans>
            </Button>
          )}
          {row.can.give && (
            <Button
              variant="default"
              leftSection={<IconUserShare size={18} stroke={1.7} aria-hidden="true" />}
              onClick={() => setAct('give')}
            >
              <Trans>Give to…</Trans>
            </Button>
          )}
        </div>
      </header>
      <FailureNotice sentence={message.action.failure} />
      {act === 'take' && <TakeDialog row={row} onClose={() => setAct(null)} />}
      {act === 'give' && <GiveDialog row={row} onClose={() => setAct(null)} />}
    </>
  );
}

function Warnings({ row }: { readonly row: DutyRow }) {
  const { i18n } = useLingui();
  const warnings = warningsOf(row, i18n);
  if (warnings.length === 0) return null;
  return (
    <div className={style['warnings']}>
      {row.onDuty.length === 0 && (
        <Notice tone="waiting">
          <Trans>
            Nobody is on duty. What is asked of this role goes up its ladder at once, as far as the duty
            supervisor.
          </Trans>
        </Notice>
      )}
      {row.withoutKeys.length > 0 && (
        <Notice tone="waiting">
          {warnings.find((_, index) => index === Number(row.onDuty.length === 0))}{' '}
          <Trans>Notices reach them; they can read when a holder's device is next online.</Trans>
        </Notice>
      )}
      {row.leaving.length > 0 && (
        <Notice tone="waiting">
          {warnings.at(-1)} <Trans>That ends at the next shift change.</Trans>
        </Notice>
      )}
    </div>
  );
}

function Week({ row }: { readonly row: DutyRow }) {
  const { t } = useLingui();
  const { duty } = useSession();
  const now = useNow(60_000);
  const [weeks, setWeeks] = useState('0');
  const [today = 0] = midnights(now, 0, deviceTimeZone());
  const edges = useMemo(
    () =>
      midnights(today, DAYS * 2, deviceTimeZone()).slice(
        Number(weeks) * DAYS,
        Number(weeks) * DAYS + DAYS + 1,
      ),
    [today, weeks],
  );
  const spans = duty.spans(row.role.id, edges[0] ?? 0, edges.at(-1) ?? 0);
  const { name } = row.role;
  if (row.schedule === null && spans.length === 0) return null;
  return (
    <section className={style['section']}>
      <div className={style['section-head']}>
        <h3>
          <Trans>The week</Trans>
        </h3>
        <SegmentedControl
          size="xs"
          aria-label={t`Which days`}
          value={weeks}
          onChange={setWeeks}
          data={[
            { value: '0', label: t`From today` },
            { value: '1', label: t`The week after` },
          ]}
        />
      </div>
      <div className={style['week']}>
        <DayPlot spans={spans} midnights={edges} />
        <SpanTable spans={spans} label={t`Who is on duty for ${name}`} />
      </div>
    </section>
  );
}
