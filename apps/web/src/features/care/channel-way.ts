import type { AgentRow, CareThread, Chart, Readers } from '@baton/client';
import type { MemberId } from '@baton/kernel';

/**
 * By which way what is written here comes to the patient. `plain` and `link` bring or announce it by text; with all others no text goes, and it is
 * seen only by who opens the page.
 */
export type ChannelWay =
  | 'plain'
  | 'link'
  | 'deceased'
  | 'do-not-contact'
  | 'private'
  | 'no-assistant'
  | 'opted-out'
  | 'no-texts'
  | 'no-number'
  | 'no-consent';

export interface WayFacts {
  readonly thread: Pick<CareThread, 'channel' | 'confidential' | 'deceased' | 'doNotContact'>;
  readonly chart: Pick<Chart, 'reach' | 'optedOut' | 'consentFor'>;
  /** The texting assistant reads this conversation. */
  readonly isTexted: boolean;
}

/** In the order in which the texting assistant decides (docs/protocol/patients.md §4). Pure. */
export function wayOf({ thread, chart, isTexted }: WayFacts): ChannelWay {
  if (thread.deceased) return 'deceased';
  if (thread.confidential) return 'private';
  if (thread.doNotContact) return 'do-not-contact';
  if (thread.channel === 'none') return 'no-texts';
  if (!isTexted) return 'no-assistant';
  if (chart.optedOut?.out === true) return 'opted-out';
  if (chart.reach !== null && !chart.reach.phones.some(({ use }) => use === 'mobile')) return 'no-number';
  if (thread.channel === 'link') return 'link';
  return chart.consentFor('plain-text') === null ? 'no-consent' : 'plain';
}

/** Whether the texting assistant is among the readers. One whose manifest is not here yet may be it: nobody is warned of what is not known. */
export function isTexted(readers: Pick<Readers, 'agents'>, agents: readonly AgentRow[]): boolean {
  const texting = new Set<MemberId>(
    agents
      .filter(({ manifest }) => manifest === null || manifest.program === 'sms')
      .map(({ agent }) => agent.id),
  );
  return readers.agents.some(({ id }) => texting.has(id));
}
