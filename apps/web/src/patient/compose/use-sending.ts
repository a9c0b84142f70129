import type { Conversation, MessageMarks, OutgoingFile } from '@baton/client';
import { MAX_TEXT_LENGTH, type RedFlag } from '@baton/wire';
import { useState } from 'preact/hooks';
import { type Act, useAct } from '../system/use-act.ts';
import { after } from '../system/clock.ts';
import { useTexts } from '../texts/use-texts.ts';
import type { Answers } from '../prompts/prompt-book.ts';
import { redFlagsIn } from './red-flags.ts';

interface Outgoing {
  readonly text: string;
  readonly topic: string;
  readonly files: readonly OutgoingFile[];
  /** The programme's question that it answers. */
  readonly answers?: Answers | null;
}

export interface Sending {
  readonly act: Act;
  /** A red flag was found: the emergency notice is due. */
  readonly emergency: boolean;
  closeEmergency(): void;
  /** Why it cannot go out as it is; null when it can. */
  problemOf(text: string): string | null;
  /** True once the message is safely on its way. */
  send(message: Outgoing): Promise<boolean>;
}

/** So long a message waits for rules that are still on their way here, and no longer. */
const RULES_MS = 3000;

/** Sends, and looks for red flags before: the notice comes at once, the message goes all the same (docs/protocol/patients.md §6). */
export function useSending(conversation: Conversation): Sending {
  const { t, language } = useTexts();
  const act = useAct();
  const [emergency, setEmergency] = useState(false);
  return {
    act,
    emergency,
    closeEmergency: () => setEmergency(false),
    problemOf: (text) => (text.length > MAX_TEXT_LENGTH ? t('write.tooLong') : null),
    send: ({ text, topic, files, answers = null }) =>
      act.run(async () => {
        const looking = redFlagsIn(text, language);
        // Rules that come too late for the message are still in time for the notice.
        void looking.then((found) => {
          if (found.length > 0) setEmergency(true);
        });
        const flags = await Promise.race([looking, nothingAfter(RULES_MS)]);
        const marks: MessageMarks = {
          ...(topic === '' ? {} : { topic }),
          ...(flags.length === 0 ? {} : { flags: [...flags] }),
          ...(answers === null ? {} : { answers }),
        };
        await conversation.send({ text, files, mentions: [], replyTo: null, as: null, marks });
      }),
  };
}

function nothingAfter(delayMs: number): Promise<readonly RedFlag[]> {
  return new Promise((resolve) => {
    after(delayMs, () => resolve([]));
  });
}
