import type { AgentContext } from '@baton/agent';
import type { Scan } from '../media/malware-scanner.ts';
import type { ReplayBook } from './replay-book.ts';

/** What a driver works with. */
export interface CarrierPorts extends Pick<AgentContext, 'clock' | 'egress' | 'rng' | 'wait'> {
  readonly replays: ReplayBook;
  /** null: none is set up. */
  readonly scan: Scan | null;
}
