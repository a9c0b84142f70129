export { createWebPlatform, type WebPlatformOptions } from './web-platform.ts';
