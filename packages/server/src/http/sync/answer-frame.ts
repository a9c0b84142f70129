import type { ClientFrame, ServerFrame } from '@baton/wire';
import type { Session } from '../../access/sessions.ts';
import type { Services } from '../../server-parts.ts';
import { appendBatonEvent } from '../../use-cases/append-baton-event.ts';
import { appendItem } from '../../use-cases/append-item.ts';
import { confirmReached } from '../../use-cases/confirm-reached.ts';
import { listChanges } from '../../use-cases/list-changes.ts';
import { putWatermark, readMarks } from '../../use-cases/marks.ts';
import { readItemRange } from '../../use-cases/read-conversations.ts';
import type { Lane } from './lane.ts';

export type Question = Extract<ClientFrame, { q: number }>;
export type Answer = Extract<ServerFrame, { t: 'ok' }>['a'];

/** The answer to one question of a client. Throws ApiError. */
export async function answerFrame(
  services: Services,
  session: Session,
  asked: { question: Question; lane: Lane },
): Promise<Answer> {
  const { question, lane } = asked;
  switch (question.t) {
    case 'append':
      return question.k === 'entry'
        ? lane.entry(question.conv, () => appendItem(services, session, question))
        : lane.message(question.conv, (turn) => appendItem(services, session, { ...question, turn }));
    case 'pull': {
      const { conv, after, limit } = question;
      return readItemRange(services, session, { conv, after, back: false, limit });
    }
    case 'pull-back': {
      const { conv, before, limit } = question;
      return readItemRange(services, session, { conv, before, back: true, limit });
    }
    case 'changes':
      return listChanges(services, session, question);
    case 'watermark':
      await putWatermark(services, session, question.b);
      return {};
    case 'marks':
      return { marks: await readMarks(services, session, question.conv) };
    case 'baton':
      return appendBatonEvent(services, session, { baton: question.baton, bytes: question.b });
    case 'reached':
      await confirmReached(services, session, question.batons);
      return {};
    case 'ping':
      return {};
  }
}
