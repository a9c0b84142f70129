import type { Appointment, AppointmentStatus, WriteBack } from '@baton/wire';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Standing } from './standing.ts';

export const STANDING_WORDS: Readonly<Record<Standing, MessageDescriptor>> = {
  confirmed: msg`Confirmed`,
  unconfirmed: msg`Not confirmed`,
  'other-time': msg`Wants another time`,
  here: msg`Here`,
  done: msg`Done`,
  cancelled: msg`Cancelled`,
  'cancelled-by-patient': msg`Cannot come`,
  missed: msg`No-show`,
  proposed: msg`Not booked yet`,
  unclosed: msg`Came or not?`,
};

export const STATUS_WORDS: Readonly<Record<AppointmentStatus, MessageDescriptor>> = {
  proposed: msg`Proposed`,
  pending: msg`Pending`,
  booked: msg`Booked`,
  arrived: msg`Arrived`,
  'checked-in': msg`Checked in`,
  fulfilled: msg`Done`,
  cancelled: msg`Cancelled`,
  noshow: msg`No-show`,
  waitlist: msg`Waitlist`,
  'entered-in-error': msg`Entered in error`,
};

export const SOURCE_WORDS: Readonly<Record<Appointment['source']['kind'], MessageDescriptor>> = {
  hand: msg`booked by hand`,
  slot: msg`booked from a free time`,
  fhir: msg`from the record system (FHIR)`,
  hl7v2: msg`from the record system (HL7)`,
  csv: msg`from a file`,
};

export const WRITE_BACK_WORDS: Readonly<Record<WriteBack['state'], MessageDescriptor>> = {
  waiting: msg`waits for the record system`,
  taken: msg`the record system has it`,
  refused: msg`the record system refused it`,
  'no-adapter': msg`to be entered in the record system by hand`,
};
