export { createDevicePush, type DevicePush, type DevicePushState } from './push/device-push.ts';
export { createWebDoor } from './web-door.ts';
export { createWebPatientDoor } from './web-patient-door.ts';
export { createWebPlatform, type WebPlatformOptions } from './web-platform.ts';
