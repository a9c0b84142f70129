import type { Member, TimelineEvent, TimelineProblem } from '@baton/client';
import { msg } from '@lingui/core/macro';
import { Plural, useLingui } from '@lingui/react/macro';
import {
  IconChevronDown,
  IconKey,
  IconLockX,
  IconPencil,
  IconUserMinus,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { useState } from 'react';
import { ExactTime } from '../../design/primitives/exact-time.tsx';
import { Notice } from '../../design/primitives/notice.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { failureSentence } from '../../design/words/error-sentences.ts';
import { clockTime, dayTitle } from '../../design/words/time-words.ts';
import style from './transcript.module.css';

export function DayRow({ at }: { readonly at: number }) {
  const now = useNow(60_000);
  const frame = useTimeFrame();
  return <div className={style['day']}>{dayTitle(at, now, frame)}</div>;
}

export function UnreadRow({ count }: { readonly count: number }) {
  return (
    <div className={style['unread']}>
      <Plural value={count} one="# new" other="# new" />
    </div>
  );
}

const EVENT_ICONS = {
  created: IconUsers,
  added: IconUserPlus,
  removed: IconUserMinus,
  left: IconUserMinus,
  rotated: IconKey,
  titled: IconPencil,
  closed: IconLockX,
  'agent-added': IconUserPlus,
  'agent-removed': IconUserMinus,
  policy: IconKey,
} as const;

/** Why new keys were made, by the entry's own word. */
const ROTATION_REASONS = {
  age: msg`New keys were made, as every week.`,
  count: msg`New keys were made, as after every thousand messages.`,
  revoked: msg`New keys were made, because somebody's device was signed out for good.`,
  'role-key': msg`New keys were made, because a role changed hands.`,
  left: msg`New keys were made, because somebody came in by a link or left.`,
  policy: msg`New keys were made, because a rule of the organisation changed.`,
} as const;

/** A change of members or keys, or an item that could not be opened: told in the thread, never hidden. */
export function EventRow({ item }: { readonly item: TimelineEvent | TimelineProblem }) {
  const { i18n } = useLingui();
  const frame = useTimeFrame();
  if (item.type === 'problem') {
    return (
      <div className={style['problem']}>
        <Notice tone="danger">{failureSentence(item, i18n)}</Notice>
      </div>
    );
  }
  const Icon = EVENT_ICONS[item.what];
  return (
    <div className={style['event']}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      <span>
        <EventWords event={item} /> <ExactTime at={item.at}>{clockTime(item.at, frame)}</ExactTime>
      </span>
    </div>
  );
}

/** Changes of members and keys that follow each other: one line that says how many, and opens. */
export function ChangesRow({ events }: { readonly events: readonly TimelineEvent[] }) {
  const frame = useTimeFrame();
  const [open, setOpen] = useState(false);
  const last = events.at(-1);
  if (last === undefined) return null;
  return (
    <div>
      <div className={style['event']}>
        <IconUsers size={15} stroke={1.8} aria-hidden="true" />
        <button
          type="button"
          className={style['changes']}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Plural
            value={events.length}
            one="# change of members and keys"
            other="# changes of members and keys"
          />
          <IconChevronDown size={14} stroke={2} aria-hidden="true" />
        </button>
        <ExactTime at={last.at}>{clockTime(last.at, frame)}</ExactTime>
      </div>
      {open && events.map((event) => <EventRow key={event.id} item={event} />)}
    </div>
  );
}

function EventWords({ event }: { readonly event: TimelineEvent }) {
  const { t, i18n } = useLingui();
  const by = event.by.name;
  const names = listNames(event.members, i18n.locale);
  const detail = event.detail ?? '';
  switch (event.what) {
    case 'created':
      return t`${by} started this conversation.`;
    case 'added':
    case 'agent-added':
      // Who claims an invitation lets themselves in.
      return event.members[0]?.id === event.by.id ? t`${by} joined.` : t`${by} added ${names}.`;
    case 'removed':
    case 'agent-removed':
      return t`${by} removed ${names}. They cannot read what comes after this.`;
    case 'left':
      return t`${by} left.`;
    case 'rotated':
      return detail in ROTATION_REASONS
        ? i18n._(ROTATION_REASONS[detail as keyof typeof ROTATION_REASONS])
        : t`New keys were made.`;
    case 'titled':
      return t`${by} named this conversation “${detail}”.`;
    case 'closed':
      return t`${by} closed this conversation.`;
    case 'policy':
      return t`${by} changed the rules of this conversation.`;
  }
}

function listNames(members: readonly Member[], locale: string): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(members.map((member) => member.name));
}
