export { createWebDoor } from './web-door.ts';
export { createWebPlatform, type WebPlatformOptions } from './web-platform.ts';
