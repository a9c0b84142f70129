export { createWebProfiles } from './storage/web-profiles.ts';
