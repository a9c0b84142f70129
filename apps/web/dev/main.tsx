import { startApp } from '../src/app/start.tsx';
import { GalleryDoor } from './gallery-door.ts';
import { now, scenario } from './scenario.ts';

await startApp({
  openDoor: () => Promise.resolve(new GalleryDoor()),
  ...(scenario.fixedClock ? { now } : {}),
});
