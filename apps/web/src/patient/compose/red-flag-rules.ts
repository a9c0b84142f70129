// What comes after the thread, in a file of its own: of the clinical package this and nothing else.
export { emergencyText, findRedFlags } from '@baton/clinical';
