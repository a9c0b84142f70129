import { type EnrolledPatient, type Programmes, type ProtocolView, worstFirst } from '@baton/client';
import { parseProtocol, type Protocol } from '@baton/clinical';
import { can } from '@baton/policy';
import type { CheckInAlert, Enrolment, ProtocolSigner, ProtocolVersion } from '@baton/wire';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { ME, PERSONAS } from './people.ts';
import { EXAMPLES, makeCohort, versionOf } from './programme-data.ts';
import { JOBS_OF, now, scenario } from './scenario.ts';

const isFull = scenario.state !== 'empty' && scenario.state !== 'loading';
const DAY = 86_400_000;

const nobody = { author: null, clinician: null } as const;
const may = (as: ProtocolSigner): boolean =>
  can(
    { kind: 'user', active: true, jobs: JOBS_OF[scenario.as] },
    as === 'author' ? 'protocol.write' : 'protocol.sign.clinician',
  );

function draftView(version: ProtocolVersion): ProtocolView {
  return {
    version,
    ...nobody,
    mayRun: false,
    why: 'author-missing',
    refused: nobody,
    canSign: { author: may('author'), clinician: may('clinician') },
    patients: 0,
  };
}

function firstViews(): readonly ProtocolView[] {
  const [capecitabine, ...others] = EXAMPLES;
  if (!capecitabine) return [];
  const signed: ProtocolView = {
    version: versionOf(capecitabine, 1, 'signed'),
    author: { person: PERSONAS.manager, at: now() - 40 * DAY },
    clinician: { person: PERSONAS.physician, at: now() - 39 * DAY },
    mayRun: true,
    why: null,
    refused: nobody,
    canSign: { author: false, clinician: false },
    patients: 7,
  };
  const half: ProtocolView = {
    ...draftView(versionOf(capecitabine, 2, 'draft')),
    author: { person: PERSONAS.manager, at: now() - DAY },
    why: 'clinician-missing',
    canSign: { author: false, clinician: may('clinician') },
  };
  const [second, ...rest] = others;
  const other = second ? [{ ...signed, version: versionOf(second, 1, 'signed') }] : [];
  return [half, signed, ...other, ...rest.map((protocol) => draftView(versionOf(protocol, 1, 'draft')))];
}

const protocols = new LiveCell<readonly ProtocolView[]>(isFull ? firstViews() : []);

const documents = (id: string, version: number): Protocol | null => {
  const view = protocols.read().find((one) => one.version.id === id && one.version.version === version);
  const parsed = view && parseProtocol(view.version.body);
  return parsed?.ok ? parsed.protocol : null;
};

const cohort = new LiveCell<readonly EnrolledPatient[]>(
  isFull ? [...makeCohort(documents)].sort(worstFirst) : [],
);

async function changeAlert(id: string, edit: (alert: CheckInAlert) => CheckInAlert): Promise<void> {
  await pause(120);
  cohort.change((all) =>
    all.map((line) => ({
      ...line,
      alerts: line.alerts.map((alert) => (alert.id === id ? edit(alert) : alert)),
    })),
  );
}

async function changeEnrolment(id: string, edit: (enrolment: Enrolment) => Enrolment): Promise<void> {
  await pause(120);
  cohort.change((all) =>
    all.map((line) => (line.enrolment.id === id ? { ...line, enrolment: edit(line.enrolment) } : line)),
  );
}

const refuse = (): Promise<never> => Promise.reject(new GalleryFailure('server.not_ready'));

/** Check-in programmes of a practice: one protocol in use, others waiting for signatures. */
export const programmes: Programmes = {
  state: new LiveCell({ available: true, established: scenario.state !== 'empty', ready: true }),
  protocols,
  cohort,
  of: (ref) => new LiveCell(cohort.read().filter(({ enrolment }) => enrolment.ref === ref)),
  establish: refuse,
  async saveDraft(input) {
    await pause(200);
    const known = protocols
      .read()
      .find(({ version: { id, version } }) => id === input.id && version === input.version);
    const version: ProtocolVersion = {
      ...(known?.version ?? { t: 'protocol', state: 'draft', hash: new Uint8Array(32).fill(3), by: ME.id }),
      ...input,
      updatedAt: now(),
    };
    protocols.change((all) => [draftView(version), ...all.filter((view) => view !== known)]);
  },
  async sign(id, version, as) {
    await pause(200);
    protocols.change((all) =>
      all.map((view) => {
        if (view.version.id !== id || view.version.version !== version) return view;
        const signed = { ...view, [as]: { person: ME, at: now() } };
        const mayRun = signed.author !== null && signed.clinician !== null;
        return {
          ...signed,
          mayRun,
          why: mayRun ? null : view.why,
          canSign: { author: false, clinician: false },
        };
      }),
    );
  },
  retire: refuse,
  enrol: refuse,
  changeEnrolment: (id, change) => changeEnrolment(id, (enrolment) => ({ ...enrolment, ...change })),
  pause: (id, resumesOn, reason) =>
    changeEnrolment(id, (enrolment) => ({ ...enrolment, state: 'paused', resumesOn, reason })),
  resume: (id) => changeEnrolment(id, (enrolment) => ({ ...enrolment, state: 'active', reason: null })),
  end: (id, reason) => changeEnrolment(id, (enrolment) => ({ ...enrolment, state: 'ended', reason })),
  markStale: (id, why) =>
    changeEnrolment(id, (enrolment) => ({ ...enrolment, stale: { since: now(), why } })),
  confirmRegimen: (id, regimen) =>
    changeEnrolment(id, (enrolment) => ({
      ...enrolment,
      stale: null,
      regimen: { ...regimen, version: 3, confirmedBy: ME.id, confirmedAt: now() },
    })),
  hold: refuse,
  liftHolds: refuse,
  moveToVersion: refuse,
  actOnAlert: (id, way, note) =>
    changeAlert(id, (alert) => ({
      ...alert,
      act: { way, by: ME.id, chosenAt: now(), doneAt: null, appointment: null, note },
    })),
  finishAlert: (id, appointment) =>
    changeAlert(id, (alert) => ({
      ...alert,
      act: alert.act && { ...alert.act, doneAt: now(), appointment },
    })),
  rateAlert: (id, useful) =>
    changeAlert(id, (alert) => ({ ...alert, nurseSays: useful ? 'useful' : 'not-useful' })),
  exportFhir: () => '{}',
  exportCsv: () => '',
};
