import type { Duty, DutyRow, Person } from '@baton/client';
import { can } from '@baton/policy';
import type { Availability } from '@baton/wire';
import {
  DUTY_ROLES,
  dutyDice,
  LADDERS,
  makeCovers,
  makeLadderId,
  makeSchedules,
  POLICY,
  QUEUES,
  SUPERVISOR,
  UNITS,
} from './duty-data.ts';
import { type Book, dutyRow, ownerOf, previewOf, spansOf } from './duty-model.ts';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { ME, peopleCell, rolesCell } from './people.ts';
import { JOBS_OF, now, scenario } from './scenario.ts';

const HOUR = 3_600_000;
const isAdmin = can({ kind: 'user', active: true, jobs: JOBS_OF[scenario.as] }, 'people.invite');
const isCharge = isAdmin || scenario.as === 'nurse';
const bare = scenario.duty === 'none' || scenario.state === 'empty';

let book: Book = {
  schedules: bare ? [] : makeSchedules(),
  covers: bare ? [] : makeCovers(),
  ladders: bare ? [] : LADDERS,
  units: bare ? [] : UNITS,
  queues: bare ? [] : QUEUES,
  policy: bare ? null : POLICY,
};

function readRows(): readonly DutyRow[] {
  return rolesCell
    .read()
    .filter(({ use }) => use === 'duty' || use === 'team')
    .flatMap(({ id, heldByMe }) => {
      const row = dutyRow(book, id, now(), { take: true, give: heldByMe || isCharge, schedule: isCharge });
      return row === null || (bare && row.role.id === SUPERVISOR.id) ? [] : [row];
    });
}

const cells = {
  roles: new LiveCell<readonly DutyRow[]>([]),
  me: new LiveCell<Availability | null>(null),
  policy: new LiveCell(book.policy),
  ladders: new LiveCell(book.ladders),
  units: new LiveCell(book.units),
  queues: new LiveCell(book.queues),
};

function publish(change: Partial<Book>): void {
  book = { ...book, ...change };
  cells.roles.set(readRows());
  cells.policy.set(book.policy);
  cells.ladders.set(book.ladders);
  cells.units.set(book.units);
  cells.queues.set(book.queues);
}
publish({});
rolesCell.subscribe(() => publish({}));

/** Offline nothing of this can be saved: it says so. */
async function save(change: () => Partial<Book>): Promise<void> {
  await pause(250);
  if (scenario.state === 'offline') throw new GalleryFailure('limit.busy');
  publish(change());
}

function replaced<T>(list: readonly T[], fresh: T, isSame: (other: T) => boolean): readonly T[] {
  return list.some(isSame) ? list.map((other) => (isSame(other) ? fresh : other)) : [...list, fresh];
}

function activePerson(id: string): Person | undefined {
  return peopleCell.read().find((one) => one.id === id && one.active);
}

export const duty: Duty = {
  ...cells,
  owner: (id) => ownerOf(book, id),
  spans: (role, from, until) => spansOf(book, role, from, until),
  preview: (input) => previewOf(book, input),
  async setAvailability({ duty: state, cover, until }) {
    await pause(250);
    cells.me.set({ kind: 'availability', account: ME.id, duty: state, cover, until });
  },
  askToTake: () => pause(400),
  giveRole: ({ role, to, instead, until }) =>
    save(() => {
      if (activePerson(to) === undefined) throw new GalleryFailure('request.not_found');
      return {
        covers: [
          ...book.covers,
          {
            kind: 'cover',
            cover: dutyDice.id('event'),
            role,
            account: to,
            instead,
            from: now(),
            until: until ?? now() + 12 * HOUR,
            active: true,
          },
        ],
      };
    }),
  saveSchedule: (schedule) =>
    save(() => ({ schedules: replaced(book.schedules, schedule, (other) => other.role === schedule.role) })),
  endCover: (cover) => save(() => ({ covers: book.covers.filter((other) => other.cover !== cover) })),
  saveLadder: (ladder) =>
    save(() => ({ ladders: replaced(book.ladders, ladder, (other) => other.ladder === ladder.ladder) })),
  saveUnit: (unit) =>
    save(() => ({ units: replaced(book.units, unit, (other) => other.unit === unit.unit) })),
  saveQueue: (queue) =>
    save(() => ({ queues: replaced(book.queues, queue, (other) => other.queue === queue.queue) })),
  savePolicy: (policy) => save(() => ({ policy })),
  newLadderId: makeLadderId,
  newUnitId: () => dutyDice.id('unit'),
  newQueueId: () => dutyDice.id('queue'),
  establish: () =>
    save(() => ({
      policy: POLICY,
      ladders: LADDERS.slice(0, 3),
      schedules: [],
    })),
};

export { DUTY_ROLES };
