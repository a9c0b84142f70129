import type { OwnerId, RoleId } from '@baton/kernel';
import type { OrgPolicy, TextingSettings } from '@baton/wire';

/** Name of the queue record that owes answers to patients where nothing else was decided. */
export const PATIENT_QUEUE = 'Patient messages';

const HOUR_MS = 3_600_000;

export interface Suggestion {
  readonly orgName: string;
  readonly policy: OrgPolicy | null;
  readonly timeZone: string;
  readonly askTo: OwnerId;
  readonly team: readonly RoleId[];
}

/**
 * What texting starts with. Quiet hours and the contact cap are those of 47 CFR 64.1200 (c)(1) and (a)(9)(iv); reminders as in the field; answering
 * times are the organisation's own. What only the site can decide is left open: opening hours, age of a conversation of one's own, how long
 * a result may stay unopened (0: nobody looks).
 */
export function suggestSettings(input: Suggestion): TextingSettings {
  const { orgName, policy, timeZone, askTo, team } = input;
  const withinMs = policy?.replyWithinMs[0] ?? 0;
  return {
    t: 'settings',
    number: null,
    practice: orgName.slice(0, 120),
    phone: policy?.callback ?? '',
    timeZone,
    replyTime: replyTimeWords(withinMs),
    hours: [],
    afterHours: {
      en: 'We are closed now. We will read your message when we open. If this is an emergency, call 911.',
      es: 'Ahora está cerrado. Leeremos su mensaje cuando abramos. Si es una emergencia, llame al 911.',
    },
    quiet: { from: 8 * 60, until: 21 * 60 },
    cap: { perDay: 1, perWeek: 3 },
    remindAfterMin: [5, 60],
    askTo,
    withinMs,
    urgentTo: askTo,
    urgentWithinMs: policy?.statWithinMs ?? 0,
    topics: [
      { id: 'appointment', en: 'Appointment', es: 'Cita' },
      { id: 'medicine', en: 'Medicine or refill', es: 'Medicina o resurtido' },
      { id: 'result', en: 'Test result', es: 'Resultado de examen' },
      { id: 'bill', en: 'Bill or insurance', es: 'Factura o seguro' },
      { id: 'other', en: 'Something else', es: 'Otra cosa' },
    ],
    routes: [],
    team: [...team],
    confidentialFromAge: null,
    resultOpenDays: 0,
  };
}

function replyTimeWords(withinMs: number): TextingSettings['replyTime'] {
  const hours = Math.max(1, Math.ceil(withinMs / HOUR_MS));
  const plural = hours === 1 ? '' : 's';
  return {
    en: `We answer within ${hours} hour${plural} while we are open.`,
    es: `Respondemos en ${hours} hora${plural} cuando está abierto.`,
  };
}
