import { createDevicePush, createWebDoor } from '@baton/client-web';
import { startApp } from './start.tsx';

await startApp({ openDoor: createWebDoor, push: createDevicePush() });
