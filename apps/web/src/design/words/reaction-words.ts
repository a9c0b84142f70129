import type { Reaction } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const REACTION_NAMES: Readonly<Record<Reaction, MessageDescriptor>> = {
  'got-it': msg`Got it`,
  thanks: msg`Thanks`,
  yes: msg`Yes`,
  no: msg`No`,
  looking: msg`Looking into it`,
  done: msg`Done`,
};
