import type { ConversationId } from '@baton/kernel';
import type { Turn } from '../../use-cases/append-item.ts';

/**
 * Keeps one client's appends to a conversation in the order in which it sent them, so that a membership entry and the messages sealed by
 * it can be sent in one go: messages are judged side by side and committed in order; an entry waits until all before it are answered,
 * and all after it wait for the entry.
 */
export interface Lane {
  message<T>(conv: ConversationId, task: (turn: Turn) => Promise<T>): Promise<T>;
  entry<T>(conv: ConversationId, task: () => Promise<T>): Promise<T>;
}

interface Track {
  /** The last entry is answered. */
  barrier: Promise<void>;
  /** The newest append has passed its turn on. */
  passed: Promise<void>;
  /** Everything so far is answered. */
  answered: Promise<void>;
}

export function createLane(): Lane {
  const tracks = new Map<ConversationId, Track>();

  function trackOf(conv: ConversationId): Track {
    let track = tracks.get(conv);
    if (track === undefined) {
      const now = Promise.resolve();
      track = { barrier: now, passed: now, answered: now };
      tracks.set(conv, track);
    }
    return track;
  }

  function note(conv: ConversationId, track: Track, answered: Promise<void>): void {
    track.answered = answered;
    void answered.then(() => {
      if (track.answered === answered && tracks.get(conv) === track) tracks.delete(conv);
    });
  }

  return {
    message(conv, task) {
      const track = trackOf(conv);
      const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
      const turn: Turn = { ready: track.passed, pass };
      const result = track.barrier.then(() => task(turn));
      track.passed = track.passed.then(() => passed);
      const settled = settle(result).then(pass);
      note(
        conv,
        track,
        track.answered.then(() => settled),
      );
      return result;
    },
    entry(conv, task) {
      const track = trackOf(conv);
      const result = track.answered.then(task);
      const settled = settle(result);
      track.barrier = settled;
      track.passed = settled;
      note(conv, track, settled);
      return result;
    },
  };
}

function settle(result: Promise<unknown>): Promise<void> {
  return result.then(
    () => {},
    () => {},
  );
}
