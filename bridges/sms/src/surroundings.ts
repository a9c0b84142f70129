import type { Agenda, AgentContext } from '@baton/agent';
import type { Carrier, MailSender } from './carriers/carrier.ts';
import type { Line } from './line.ts';
import type { Memory } from './records/memory.ts';
import type { TextingBook } from './records/texting-book.ts';
import type { Threads } from './threads.ts';

/** What every part of the program works with. */
export interface Surroundings {
  readonly context: Pick<AgentContext, 'account' | 'clock' | 'wait' | 'lease' | 'activity' | 'publicUrl'>;
  readonly carrier: Carrier;
  /** null: this practice sends no e-mail. */
  readonly mail: MailSender | null;
  readonly memory: Memory;
  readonly texting: TextingBook;
  readonly threads: Threads;
  readonly agenda: Agenda;
  /** One thing at a time in each conversation, and for each number. */
  readonly line: Line;
}
