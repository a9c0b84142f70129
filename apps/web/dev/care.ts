import type { Care, Chart } from '@baton/client';
import { dice } from './dice.ts';
import { GalleryFailure } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { patients } from './patients.ts';

const refuse = (): Promise<never> => Promise.reject(new GalleryFailure('server.not_ready'));

function chartOf(ref: string): Chart {
  return {
    ref,
    record: patients.read(ref),
    reach: null,
    textNumber: null,
    thread: null,
    people: [],
    consents: [],
    consentFor: () => null,
    optedOut: null,
    orders: [],
    files: [],
  };
}

/** Patients' conversations before anything is set up. */
export const care: Care = {
  state: new LiveCell({ available: true, established: false, ready: true }),
  settings: new LiveCell<ReturnType<Care['settings']['read']>>(null),
  threads: new LiveCell<ReturnType<Care['threads']['read']>>([]),
  unknown: new LiveCell<ReturnType<Care['unknown']['read']>>({ conversation: null, open: 0 }),
  templates: new LiveCell<ReturnType<Care['templates']['read']>>([]),
  chart: (ref) => new LiveCell(chartOf(ref)),
  refOf: () => null,
  establish: refuse,
  saveSettings: refuse,
  suggestSettings() {
    throw new GalleryFailure('server.not_ready');
  },
  start: refuse,
  changeReach: refuse,
  giveConsent: refuse,
  revokeConsent: refuse,
  invite: refuse,
  reinvite: refuse,
  addPerson: refuse,
  findWriters: () => [],
  endPerson: refuse,
  order: refuse,
  changeThread: refuse,
  claim: refuse,
  answering: () => {},
  saveTemplate: refuse,
  newTemplateId: () => dice.id('event'),
  fill: (template, _ref, language) => template.text[language],
  match: refuse,
  readersOf: () => [],
};
