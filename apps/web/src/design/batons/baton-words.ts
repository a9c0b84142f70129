import type { Baton, Owner } from '@baton/client';
import type { BatonId } from '@baton/kernel';
import type { CloseReason, Contract } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What is asked, in a word: the same everywhere. */
export const CONTRACT_NAMES: Readonly<Record<Contract, MessageDescriptor>> = {
  fyi: msg`FYI`,
  reply: msg`Reply`,
  talk: msg`Call me`,
  stat: msg`STAT`,
};

export const CLOSE_REASON_NAMES: Readonly<Record<CloseReason, MessageDescriptor>> = {
  done: msg`Done`,
  'handled-elsewhere': msg`Handled elsewhere`,
  'not-needed': msg`Not needed any more`,
  duplicate: msg`Asked twice`,
  'wrong-person': msg`Wrong person`,
  withdrawn: msg`Withdrawn`,
  automation: msg`Dealt with by an assistant`,
};

/** Reasons that a person can give; a withdrawn message ends its batons by itself. */
export const CHOOSABLE_REASONS = [
  'done',
  'handled-elsewhere',
  'not-needed',
  'duplicate',
  'wrong-person',
] as const satisfies readonly CloseReason[];

/** Who opened it, by name; an outside system has a reference only. */
export function openerName(baton: Baton): string | null {
  return baton.opener.kind === 'integration' ? null : baton.opener.name;
}

/** Not acknowledged yet and past its first notice: the only thing that may move. */
export function escalatesNow(baton: Baton): boolean {
  return baton.status === 'open' && (baton.contract === 'stat' || baton.escalated || baton.overdue);
}

export function isEnded(baton: Baton): boolean {
  return baton.status === 'answered' || baton.status === 'closed';
}

/** A step that goes to whoever has it already. */
export function isReminder(baton: Baton, target: Owner): boolean {
  return target.id === baton.owner.id;
}

/** Persons behind an owner, by name. */
export function peopleOf(owner: Owner): readonly string[] {
  if (owner.kind === 'role') return owner.holders.map(({ name }) => name);
  if (owner.kind === 'queue') return owner.defaultOwner === null ? [] : [owner.defaultOwner.name];
  return [];
}

/** A baton's name in an address: a dot would make it look like a file, which the server does not answer with the page. */
export function batonParam(id: BatonId): string {
  return id.replace('.', '~');
}

export function batonOfParam(param: string): BatonId {
  return param.replace('~', '.') as BatonId;
}
