import { startPatientPage } from '../../src/patient/start.tsx';
import { GalleryPatientDoor } from './gallery-door.ts';

await startPatientPage(() => Promise.resolve(new GalleryPatientDoor()));
