import { startApp } from '../src/app/start.tsx';
import { GalleryDoor } from './gallery-door.ts';
import { devicePush } from './notices.ts';
import { now, scenario } from './scenario.ts';

await startApp({
  openDoor: () => Promise.resolve(new GalleryDoor()),
  push: devicePush,
  ...(scenario.fixedClock ? { now } : {}),
});
