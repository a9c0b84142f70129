import type { CareThread } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { CareView } from './filter-care.ts';

/** Not what a button does: languages other than English have two words for it. */
const OPEN = msg({ context: 'where a conversation stands', message: 'Open' });

export const VIEW_NAMES: Readonly<Record<CareView, MessageDescriptor>> = {
  open: OPEN,
  mine: msg`Mine`,
  waiting: msg`Waiting`,
  snoozed: msg`Snoozed`,
  closed: msg`Closed`,
};

export const STATUS_NAMES: Readonly<Record<CareThread['status'], MessageDescriptor>> = {
  open: OPEN,
  waiting: msg`Waiting for the patient`,
  snoozed: msg`Snoozed`,
  closed: msg`Closed`,
};

export const CHANNEL_NAMES: Readonly<Record<CareThread['channel'], MessageDescriptor>> = {
  link: msg`Secure link`,
  plain: msg`Plain text`,
  none: msg`No texts`,
};
