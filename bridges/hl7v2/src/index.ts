export { HL7V2_MANIFEST } from './manifest.ts';
export { program } from './program.ts';
export { type Hl7v2Settings, readHl7v2Settings, type SettingsFault } from './settings.ts';
