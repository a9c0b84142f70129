import type { Schedule } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, NativeSelect } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { FailureNotice } from '../../../design/primitives/notice.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useAction } from '../../../design/session/use-action.ts';
import { useLive } from '../../../design/session/use-live.ts';
import { ScheduleFindings } from './findings-list.tsx';
import style from './schedule.module.css';
import { SchedulePreview } from './schedule-preview.tsx';
import { cannotWork } from './schedule-findings.ts';
import { SlotRow } from './slot-row.tsx';
import type { DraftSlot, Slot } from './weekly-spans.ts';

const MAX_SLOTS = 200;
const SEVEN = 7 * 60;
const NINETEEN = 19 * 60;

/** Shifts of a week as rows; what is wrong with them and what they come to stands beside, before anything is saved. */
export function ScheduleEditor({
  start,
  onSaved,
  onClose,
}: {
  readonly start: Schedule;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useLingui();
  const { duty, directory, me } = useSession();
  const self = useLive(me).account;
  const nextKey = useRef(start.weekly.length);
  const [timeZone, setTimeZone] = useState(start.timeZone);
  const [slots, setSlots] = useState<readonly DraftSlot[]>(() =>
    inOrder(start.weekly).map((slot, key) => ({ ...slot, key })),
  );
  const action = useAction();
  const add = (slot: Slot): void => {
    setSlots((old) => [...old, { ...slot, key: nextKey.current }]);
    nextKey.current += 1;
  };
  const draft: Schedule = {
    ...start,
    timeZone,
    weekly: inOrder(slots).map(({ day, from, to, account }) => ({ day, from, to, account })),
    active: slots.length > 0,
  };
  const people = useLive(directory.people);
  const isStuck = cannotWork(draft.weekly, (account) =>
    people.some(({ id, active }) => id === account && active),
  );
  const save = (): void => {
    void action.run(() => duty.saveSchedule(draft)).then((done) => done && onSaved());
  };
  return (
    <form
      className={style['editor']}
      aria-label={t`Weekly schedule`}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <NativeSelect
        className={style['zone'] ?? ''}
        label={t`Times are those of`}
        value={timeZone}
        onChange={(event) => setTimeZone(event.currentTarget.value)}
        data={timeZones(timeZone)}
      />
      <div className={style['columns']}>
        <div className={style['slots']}>
          <SlotList
            slots={slots}
            onChange={(key, part) =>
              setSlots((old) => old.map((one) => (one.key === key ? { ...one, ...part } : one)))
            }
            onCopy={(slot) => add({ ...slot, day: (slot.day % 7) + 1 })}
            onRemove={(key) => setSlots((old) => old.filter((one) => one.key !== key))}
          />
          <div>
            <Button
              size="sm"
              variant="light"
              disabled={slots.length >= MAX_SLOTS}
              leftSection={<IconPlus size={16} stroke={1.8} aria-hidden="true" />}
              onClick={() =>
                add(slotAfter(slots.at(-1)) ?? { day: 1, from: SEVEN, to: NINETEEN, account: self })
              }
            >
              <Trans>Add a shift</Trans>
            </Button>
          </div>
          <ScheduleFindings weekly={draft.weekly} />
        </div>
        <SchedulePreview schedule={draft} />
      </div>
      <FailureNotice sentence={action.failure} />
      <Group gap="sm">
        <Button type="submit" disabled={isStuck} loading={action.busy}>
          {slots.length === 0 ? <Trans>Save without a schedule</Trans> : <Trans>Save the schedule</Trans>}
        </Button>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
      </Group>
    </form>
  );
}

function SlotList({
  slots,
  onChange,
  onCopy,
  onRemove,
}: {
  readonly slots: readonly DraftSlot[];
  readonly onChange: (key: number, part: Partial<Slot>) => void;
  readonly onCopy: (slot: Slot) => void;
  readonly onRemove: (key: number) => void;
}) {
  return (
    <>
      {slots.length > 0 && (
        <div className={style['titles']} aria-hidden="true">
          <span>
            <Trans>Day</Trans>
          </span>
          <span>
            <Trans>From</Trans>
          </span>
          <span>
            <Trans>To</Trans>
          </span>
          <span>
            <Trans>Who</Trans>
          </span>
        </div>
      )}
      <ul className={style['rows']}>
        {slots.map((slot) => (
          <SlotRow
            key={slot.key}
            slot={slot}
            onChange={(part) => onChange(slot.key, part)}
            onCopy={() => onCopy(slot)}
            onRemove={() => onRemove(slot.key)}
          />
        ))}
      </ul>
    </>
  );
}

/** The shift that is most likely meant next: the same hours on the next day. */
function slotAfter(last: DraftSlot | undefined): Slot | null {
  return last === undefined ? null : { ...last, day: (last.day % 7) + 1 };
}

function inOrder<T extends Slot>(slots: readonly T[]): readonly T[] {
  return slots.toSorted((a, b) => a.day - b.day || a.from - b.from);
}

function timeZones(current: string): { value: string; label: string }[] {
  const all = new Set([current, ...Intl.supportedValuesOf('timeZone')]);
  return [...all].sort().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
