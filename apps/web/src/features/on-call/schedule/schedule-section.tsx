import type { DutyRow } from '@baton/client';
import type { Schedule } from '@baton/wire';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { FailureNotice, Notice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import role from '../role/role.module.css';
import { ScheduleEditor } from './schedule-editor.tsx';
import { deviceTimeZone } from './zoned-time.ts';

/** The weekly schedule of a role: in a sentence, and to edit. The plot above shows what it comes to. */
export function ScheduleSection({ row }: { readonly row: DutyRow }) {
  const { duty } = useSession();
  const [editing, setEditing] = useState(false);
  /** What was in force before the last save; to go back to. */
  const [former, setFormer] = useState<Schedule | null>(null);
  const undo = useAction();
  const start: Schedule = row.schedule ?? {
    kind: 'schedule',
    role: row.role.id,
    timeZone: deviceTimeZone(),
    weekly: [],
    active: true,
  };
  return (
    <section className={role['section']}>
      <div className={role['section-head']}>
        <h3>
          <Trans>Weekly schedule</Trans>
        </h3>
        {row.can.schedule && !editing && (
          <Button size="compact-sm" variant="light" onClick={() => setEditing(true)}>
            {row.schedule === null ? <Trans>Make a schedule</Trans> : <Trans>Edit</Trans>}
          </Button>
        )}
      </div>
      {former !== null && !editing && (
        <Notice
          tone="done"
          role="status"
          action={
            <Button
              size="compact-sm"
              variant="default"
              loading={undo.busy}
              onClick={() =>
                void undo.run(() => duty.saveSchedule(former)).then((done) => done && setFormer(null))
              }
            >
              <Trans>Undo</Trans>
            </Button>
          }
        >
          <Trans>Saved. It is in force now.</Trans>
        </Notice>
      )}
      <FailureNotice sentence={undo.failure} />
      {editing ? (
        <ScheduleEditor
          start={start}
          onSaved={() => {
            // The first one has no version before it: going back then means having none.
            setFormer(row.schedule ?? { ...start, active: false });
            setEditing(false);
          }}
          onClose={() => setEditing(false)}
        />
      ) : (
        <ScheduleWords schedule={row.schedule} />
      )}
    </section>
  );
}

function ScheduleWords({ schedule }: { readonly schedule: Schedule | null }) {
  const { t } = useLingui();
  if (schedule === null) {
    return (
      <p className={role['quiet']}>
        <Trans>None. Whoever holds this role is on duty, until somebody changes that.</Trans>
      </p>
    );
  }
  const people = new Set(schedule.weekly.map(({ account }) => account)).size;
  const shifts = plural(schedule.weekly.length, { one: '# shift', other: '# shifts' });
  const many = plural(people, { one: '# person', other: '# people' });
  const zone = schedule.timeZone.replaceAll('_', ' ');
  return (
    <p className={role['quiet']}>{t`${shifts} a week, shared by ${many}. Times are those of ${zone}.`}</p>
  );
}
