import type { AgentProgram } from '@baton/agent';
import { Reminders } from './reminders.ts';

export type {
  Answer,
  ChoiceRow,
  ChoiceShelf,
  PatientDoor,
  ReminderPorts,
  Said,
  StaffAsk,
} from './core/ports.ts';
export { ReminderDesk } from './core/reminder-desk.ts';
export { REMINDERS_MANIFEST } from './manifest.ts';

/** The reminders assistant: speaks to patients about their visits, and takes their answers. */
export const program: AgentProgram = {
  name: 'reminders',
  async start(context) {
    const reminders = new Reminders(context);
    reminders.start();
    return reminders;
  },
};
