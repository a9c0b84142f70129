import type { LiveSession } from '@baton/client';
import { exploreExamples, type ExplorationFigures } from './programmes-exploration.ts';
import { benchPlanning, type PlanningFigures } from './programmes-planning.ts';
import { benchUnderstanding, type UnderstandingFigures } from './programmes-understanding.ts';
import { benchReminderTexts, type ReminderTextsFigures } from './reminder-texts.ts';
import type { Surroundings } from './surroundings.ts';

export interface ProgrammesFigures {
  readonly planning: PlanningFigures;
  readonly exploration: ExplorationFigures;
  readonly understanding: UnderstandingFigures;
  readonly reminders: ReminderTextsFigures;
}

/** Reminders and check-ins: what is pure in this process, then reminders through the real server, a station and its simulated phones. */
export async function benchProgrammes(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<ProgrammesFigures> {
  // First what waits for the server: the proof that an administrator is there does not last long.
  const reminders = await benchReminderTexts(at, admin, progress);
  progress('programmes: planning');
  const planning = benchPlanning();
  progress('programmes: exploring the examples');
  const exploration = exploreExamples();
  progress('programmes: understanding replies');
  const understanding = benchUnderstanding();
  return { planning, exploration, understanding, reminders };
}
