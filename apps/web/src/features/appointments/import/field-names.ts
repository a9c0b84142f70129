import type { CsvField, CsvProblem } from '@baton/client';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const FIELD_NAMES: Readonly<Record<CsvField, MessageDescriptor>> = {
  id: msg`Number of the visit`,
  mrn: msg`Record number of the patient`,
  name: msg`Name of the patient`,
  birthDate: msg`Birth date`,
  start: msg`Start (date and time)`,
  date: msg`Date`,
  time: msg`Time`,
  end: msg`End (date and time)`,
  endTime: msg`End (time)`,
  minutes: msg`Length in minutes`,
  service: msg`Service`,
  serviceCode: msg`Code of the service`,
  practitioner: msg`With whom`,
  location: msg`Where`,
  status: msg`Status`,
  reason: msg`Reason (staff only)`,
};

export const PROBLEM_WORDS: Readonly<Record<CsvProblem['code'], MessageDescriptor>> = {
  'patient-unknown': msg`no such patient in the registry`,
  'patient-several': msg`more than one patient fits`,
  'patient-other-birth-date': msg`the registry has another birth date`,
  'patient-missing': msg`neither a record number nor a name with a birth date`,
  date: msg`no date of this form`,
  time: msg`no time`,
  moment: msg`no date and time of this form`,
  end: msg`does not end after it starts`,
  status: msg`a word that has no meaning yet: choose one above`,
  twice: msg`the same visit as on another line`,
};
