export { FHIR_MANIFEST } from './manifest.ts';
export { program } from './program.ts';
export { type BundleResource, bundleResource } from './resources.ts';
export {
  type FhirSettings,
  hostsFor,
  readFhirSettings,
  type SettingsFault,
} from './settings.ts';
export { Included, referenceKey } from './visits/included.ts';
export {
  mapAppointment,
  type MappedVisit,
  type MappingFault,
  type MappingSettings,
} from './visits/map-appointment.ts';
